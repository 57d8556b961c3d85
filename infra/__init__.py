"""Adapters of the core's ports, and the programs that compose them."""
