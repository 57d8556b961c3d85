"""How fast the house is beside a hand-written view of the same form: `make bench`."""
