"""The long runs with fixed seeds: `make soak`."""
