"""Provinces that serve a GraphQL subgraph (``schema/province.graphql``)."""
