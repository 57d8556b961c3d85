"""The hook specifications, and the marker a plugin puts on its methods."""
