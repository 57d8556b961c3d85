"""Persons, roles with a scope, and sign-in."""
