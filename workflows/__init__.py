"""The declarative workflow engine."""
