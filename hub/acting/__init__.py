"""Who acts, for which unions, and how acts that come at once share a transaction."""
