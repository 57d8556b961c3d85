"""The tree of places, and what is enabled and set where."""
