"""Documents and clauses: what a basis resolves to."""
