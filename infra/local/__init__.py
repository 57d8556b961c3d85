"""Adapters for one machine: SQLite, files, threads."""
