"""Which schools have a page in force, for whoever asks; a new one replaces the old (R10)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.api import Absent, CaseView, Context, Delete, Put, Version, Write
from core.hooks import hookimpl
from forms.surroundings import Choice
from forms.text import Text

PUBLISHED = "published"
_KEPT = 5
"""Of how many earlier pages an entry knows: they make way a moment after it is published."""


class Plugin:
    """The Python of `publication`; a school's entry at `published#county` / its slug."""

    @hookimpl
    def provide_choices(
        self,
        context: Context,
        lookup: str,  # noqa: ARG002 — there is but one
        given: Mapping[str, Any],  # noqa: ARG002 — nothing narrows it
    ) -> Sequence[Choice]:
        """Return the county's schools whose page is published now."""
        pk, _ = context.key(PUBLISHED, context.place.county, "")
        return [Choice(each["sk"], Text(each["name"])) for each in context.all(pk)]

    @hookimpl
    def claim_transition(
        self, context: Context, case: CaseView, before: CaseView
    ) -> Iterable[Write]:
        """Enter a school's page as it is published, and take it out where none follows it."""
        if PUBLISHED not in (case.state, before.state):
            return []
        school = case.answers["school"]
        key = context.key(PUBLISHED, context.place.county, school["value"])
        [stood] = context.get(key)
        is_own = stood is not None and stood["case"] == case.id
        when = (Version(stood["v"]),) if stood else (Absent(),)
        if case.state == PUBLISHED:
            earlier = [*stood["earlier"], stood["case"]][-_KEPT:] if stood else []
            entry = {"case": case.id, "name": school["label"], "earlier": earlier}
            return [Put({"pk": key[0], "sk": key[1], **entry}, when)]
        return [Delete(key, when)] if is_own else []

    @hookimpl
    def after_event(self, context: Context, case: CaseView) -> None:
        """Have the pages before make way for the one that was published."""
        if case.state == PUBLISHED:
            key = context.key(PUBLISHED, context.place.county, case.answers["school"]["value"])
            [entry] = context.get(key)
            if entry is None:
                return
            for earlier in entry["earlier"]:
                if earlier != entry["case"]:
                    context.move(earlier, "supersede")
