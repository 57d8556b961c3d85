"""What the venues' service does beside its forms and workflows: one line for each hook."""

from collections.abc import Iterable, Sequence

from flask import Blueprint

from core.api import CaseView, Context, Write
from core.hooks import hookimpl
from forms.problems import Problem
from plugins.bookings.venues import against, kept
from plugins.bookings.views import bp


class Plugin:
    """The Python of `bookings`."""

    @hookimpl
    def register_blueprints(self) -> Sequence[Blueprint]:
        """Return the pages: the directory and each venue's calendar."""
        return [bp]

    @hookimpl
    def check_submission(self, context: Context, case: CaseView) -> Iterable[Problem]:
        """Refuse an entry elsewhere than at a venue, a second one, and openings that overlap."""
        return against(context, case)

    @hookimpl
    def claim_submission(self, context: Context, case: CaseView) -> Iterable[Write]:
        """Enter the venue, once."""
        return kept(context, case)

    @hookimpl
    def claim_transition(self, context: Context, case: CaseView) -> Iterable[Write]:
        """Keep the entry in step with its case."""
        return kept(context, case)
