"""Finding cases of any form by what they say, without what they say being readable (ADR 34)."""
