"""A county's own Word and Excel forms, filled from a case or a list of cases (ADR 33)."""
