"""What GraphQL shows: views over records, and resolvers of one line."""
