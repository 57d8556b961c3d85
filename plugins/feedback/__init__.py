"""People say what they think of the service, and are answered in time (R11, R80)."""
