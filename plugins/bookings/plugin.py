"""What the venues' service does beside its forms and workflows: one line for each hook."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint

from core.api import CaseView, Context, Engagement, Table, Write
from core.claims.touched import follow_up
from core.hooks import hookimpl
from forms.problems import Problem
from forms.surroundings import Choice
from plugins.bookings import asking, booked, closings, figures, venues
from plugins.bookings.agenda import agenda
from plugins.bookings.closings import CLOSING, call_off, shut
from plugins.bookings.free import offered_at
from plugins.bookings.holding import capacity, claimed
from plugins.bookings.series import SERIES, spread
from plugins.bookings.views import bp
from plugins.bookings.visits import HOSTING, QUEUED, VISIT, visit_of


class Plugin:
    """The Python of `bookings`: a case is a school's visit, or a venue's record."""

    @hookimpl
    def register_blueprints(self) -> Sequence[Blueprint]:
        """Return the pages: the directory, each venue's calendar, and what is booked."""
        return [bp, booked.bp]

    @hookimpl
    def provide_choices(
        self, context: Context, lookup: str, given: Mapping[str, Any]
    ) -> Sequence[Choice]:
        """Return venues, schools, or the slots of a venue's day."""
        return asking.choices(context, lookup, given)

    @hookimpl
    def provide_agenda(self, context: Context, first: date, last: date) -> Sequence[Engagement]:
        """Return a school's visits, or who comes to a venue."""
        return agenda(context, first, last)

    @hookimpl
    def provide_figures(self, context: Context, first: date, last: date) -> Sequence[Table]:
        """Return how far the venues here are used."""
        return figures.figures(context, first, last)

    @hookimpl
    def check_submission(self, context: Context, case: CaseView) -> Iterable[Problem]:
        """Refuse a visit that cannot be, and a venue's record out of place."""
        return _CHECKS.get(case.workflow, _nothing)(context, case)

    @hookimpl
    def check_facts(self, context: Context, case: CaseView, transition: str) -> Mapping[str, bool]:
        """Tell whether there is room, and who has still to agree."""
        return asking.facts(context, case, transition)

    @hookimpl
    def claim_submission(self, context: Context, case: CaseView) -> Iterable[Write]:
        """Take a visit's places and people's time, enter a venue, close its slots."""
        return _CLAIMS[case.workflow](context, case, None)

    @hookimpl
    def claim_transition(
        self, context: Context, case: CaseView, before: CaseView
    ) -> Iterable[Write]:
        """Keep places, queue and days, or a venue's entry and slots, in step with the case."""
        return _CLAIMS[case.workflow](context, case, before)

    @hookimpl
    def after_event(self, context: Context, case: CaseView) -> None:
        """Offer what came free, settle who stands in the queue, note what a change touches."""
        if case.workflow == CLOSING:
            call_off(context, case)
        elif case.state == SERIES:
            spread(context, case)
        elif case.workflow == HOSTING:
            slots, offered = capacity(context), offered_at(context, case.place)
            follow_up(context, case.place, offered, slots, lambda each: context.move(each, "offer"))
        elif case.workflow == VISIT:
            slot = visit_of(case).slot
            capacity(context).settle(slot, lambda each: context.move(each, "offer"))
            if case.state == QUEUED:
                context.move(case.id, "settle")


def _nothing(_: Context, __: CaseView) -> Iterable[Problem]:
    return ()


_CHECKS = {VISIT: asking.against, HOSTING: venues.against, CLOSING: closings.against}
_CLAIMS: Mapping[str, Callable[[Context, CaseView, CaseView | None], Iterable[Write]]] = {
    VISIT: claimed,
    HOSTING: lambda context, case, _: venues.kept(context, case),
    CLOSING: lambda context, case, _: shut(context, case),
}
