"""The declarative form engine, and what both engines speak in."""
