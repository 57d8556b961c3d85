"""Adapters for Amazon's cloud."""
