"""Archives in, answers out: reading chat archives, exchanges, and matching questions to them."""
