"""Parents who want their school's notices on their phone; only data."""
