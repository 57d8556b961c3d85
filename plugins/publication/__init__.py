"""Each school tells everybody when, what, how and how safely it serves (R10)."""
