"""Schools book visits to museums, libraries and other venues (R65)."""
