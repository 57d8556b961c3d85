"""What the cloud classroom does beside its forms and workflows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint

from core.api import CaseView, Context, Happening
from core.hooks import hookimpl
from forms.problems import Problem
from forms.surroundings import Choice
from forms.text import Text
from plugins.cloud_classroom.links import against, flaw_of
from plugins.cloud_classroom.views import ANNOUNCED, SHARING, bp

_LOOKED_AT = ("submit", "approve", "mend", "look", "look_again")


class Plugin:
    """The Python of `cloud_classroom`: a case is a resource, or a question to a teacher."""

    @hookimpl
    def register_blueprints(self) -> Sequence[Blueprint]:
        """Return the pages: a link reported in one tap, and the way into an hour."""
        return [bp]

    @hookimpl
    def provide_choices(self, context: Context) -> Sequence[Choice]:
        """Return the coming hours that questions can be handed in for."""
        found = (each for each in context.listed(SHARING) if each.state == ANNOUNCED)
        hours = sorted(found, key=lambda each: (each.answers["date"], each.answers["starts"]))
        return [Choice(each.case, Text(_hour(each.answers))) for each in hours]

    @hookimpl
    def check_submission(self, context: Context, case: CaseView) -> Iterable[Problem]:
        """Refuse addresses of sites that the county does not accept."""
        return against(context, case) if case.workflow == SHARING else ()

    @hookimpl
    def check_facts(self, context: Context) -> Mapping[str, bool]:
        """Tell whether whoever recommends it may publish it as well."""
        return {"curates": any(map(context.can, ("county_officer", "city_officer")))}

    @hookimpl
    def after_event(self, context: Context, event: Happening, case: CaseView) -> None:
        """Look whether the link opens; what does not open twice is taken down."""
        url = case.answers.get("url") if case.workflow == SHARING else None
        if not url or event.transition not in _LOOKED_AT or case.state not in _NEXT:
            return
        flaw = flaw_of(context, str(url))
        move = _NEXT[case.state][bool(flaw)]
        if move:
            context.move(case.id, move, flaw)


_NEXT = {
    "published": ("", "doubt"),
    "doubted": ("restore", "give_up"),
}
"""What follows where a link opens, and where it does not, by the state it is in."""


def _hour(answers: Mapping[str, Any]) -> str:
    day = "月".join(str(int(each)) for each in answers["date"].split("-")[1:])
    return f"{answers['title']}（{day}日 {answers['starts']}，{answers['teacher']}）"
