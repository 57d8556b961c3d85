"""What the notices' service does beside its forms and workflow."""

from collections.abc import Mapping

from core.api import CaseView, Context
from core.hooks import hookimpl


class Plugin:
    """The Python of `notices`: who writes, and whether the county is to agree."""

    @hookimpl
    def check_facts(self, context: Context, case: CaseView, transition: str) -> Mapping[str, bool]:
        """Tell `by_county`; `needs_approval`: what a school sends beyond itself, or as is set."""
        by_county = context.can("county_officer")
        settings = context.place.settings.get(context.plugin, {})
        rule = settings.get("approval") or "beyond"
        by_school = transition == "send" and not by_county
        beyond = (case.answers.get("within") or {}).get("value", context.place.slug)
        here = {context.place.slug, *(each.slug for each in context.place.below)}
        asks = rule == "always" or (rule == "beyond" and beyond not in here)
        return {"by_county": by_county, "needs_approval": by_school and asks}
