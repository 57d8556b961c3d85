"""Encryption and keyed hashes of personal data."""
