"""Notices to everybody or to a group."""
