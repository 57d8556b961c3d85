"""Volunteers: registration, vetting and the district's directory (R66, R67, R69, RULE-26)."""
