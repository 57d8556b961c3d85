"""All else that a plugin may use."""
