"""The JSON API under `/api/v1`: every form and case, for a county's other systems (ADR 38)."""

from core.web.json_api import cases, changing, described
from core.web.json_api.entry import bp

__all__ = ["bp", "cases", "changing", "described"]
