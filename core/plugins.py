"""Discover, load and quarantine plugins; dispatch hooks to those a place has enabled."""
