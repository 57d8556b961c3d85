"""Keeps the district's directory in step with who is cleared, in the very commit that clears."""

from collections.abc import Iterable, Sequence

from flask import Blueprint

from core.api import CaseView, Change, Context, Delete, Put, Write
from core.hooks import hookimpl
from plugins.volunteers.directory import CLEARED, COUNTS, shelf
from plugins.volunteers.views import bp


class Plugin:
    """The Python of `volunteers`."""

    @hookimpl
    def register_blueprints(self) -> Sequence[Blueprint]:
        """Return the directory's pages."""
        return [bp]

    @hookimpl
    def claim_transition(self, context: Context, case: CaseView, left: str) -> Iterable[Write]:
        """Enter who is cleared, and take out who no longer is; the counts move with it."""
        if (left == CLEARED) == (case.state == CLEARED):
            return []
        enters = case.state == CLEARED
        place = shelf(context)
        entry = context.key(place, f"C#{case.id}")
        by = 1 if enters else -1
        counts = {f"s_{each}": by for each in case.answers.get("specialties") or ()}
        change = Change(context.key(place, COUNTS), add={"all": by, **counts})
        item = {"pk": entry[0], "sk": entry[1], "case": case.id}
        return [change, Put(item) if enters else Delete(entry)]
