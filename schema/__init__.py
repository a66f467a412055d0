"""The language of the federation: records, and the GraphQL types that show them."""
