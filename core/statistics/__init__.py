"""Statistics of any form and workflow, counted from the events, exactly once each (ADR 27)."""
