"""What the volunteers' service does beside its forms and workflows: one line for each hook."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask import Blueprint

from core.api import CaseView, Context, Happening, Write
from core.hooks import hookimpl
from forms.problems import Problem
from forms.surroundings import Choice
from plugins.volunteers.clearance import against, choice_of
from plugins.volunteers.directory import CLEARED, cleared_in_county, entered
from plugins.volunteers.sessions import OPEN, begun, clash, moved, of_volunteer, too_late
from plugins.volunteers.views import bp
from workflows.spans import local_day


class Plugin:
    """The Python of `volunteers`. A case that is about another is an invitation."""

    @hookimpl
    def register_blueprints(self) -> Sequence[Blueprint]:
        """Return the pages: directory, sessions, hours, certificates."""
        return [bp]

    @hookimpl
    def provide_choices(self, context: Context, lookup: str) -> Sequence[Choice]:  # noqa: ARG002 — there is one
        """Return the county's cleared volunteers, with what they teach and when they can."""
        return [choice_of(context, each) for each in cleared_in_county(context)]

    @hookimpl
    def check_submission(self, context: Context, case: CaseView) -> Iterable[Problem]:
        """Refuse one of who is not cleared that day, or has something else then, or too late."""
        if not case.about:
            return []
        return [*_cleared_then(context, case), *clash(context, case), *too_late(context, case)]

    @hookimpl
    def check_transition(
        self, context: Context, case: CaseView, transition: str
    ) -> Iterable[Problem]:
        """Refuse that somebody accepts who is no longer cleared for the day."""
        return _cleared_then(context, case) if case.about and transition == "accept" else []

    @hookimpl
    def claim_submission(self, context: Context, case: CaseView) -> Iterable[Write]:
        """Take the volunteer's time, while they are on the roster."""
        return begun(context, case) if case.about else []

    @hookimpl
    def claim_transition(
        self, context: Context, case: CaseView, before: CaseView
    ) -> Iterable[Write]:
        """Keep the roster, or the volunteer's time and hours, in step with the case."""
        return (moved if case.about else entered)(context, case, before.state)

    @hookimpl
    def after_event(self, context: Context, event: Happening, case: CaseView) -> None:
        """Call off the sessions to come of somebody whose clearance has ended."""
        if case.about or event.left != CLEARED or case.state == CLEARED:
            return
        today = local_day(event.at).isoformat()
        for each in of_volunteer(context, case.id):
            if each["state"] in OPEN and each["date"] >= today:
                context.move(each["case"], "lose_clearance")


def _cleared_then(context: Context, case: CaseView) -> list[Problem]:
    volunteer = next(iter(context.cases([case.about], "county")), None)
    return list(against(context, volunteer, date.fromisoformat(case.answers["date"])))
