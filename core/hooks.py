"""What a plugin may be asked. The prefix fixes when, and what happens if it raises.

| prefix | when | if one raises |
|---|---|---|
| `register_*` | at start | that plugin is set aside (因故障停用), the rest start |
| `provide_*` | while a page is made | it is logged; that part is missing, the page is not |
| `check_*` | before the commit | refused |
| `claim_*` | in the commit | refused |
| `after_*` | after the commit, at least once | tried again, later and later; then parked in sight |

What is about a case goes to the plugin that owns it, and to those that run at its place and
`listens` to it. A listener sees no personal answers. See `core.plugins` for the dispatch.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import pluggy

from core.api import CaseView, Context, Engagement, Happening, Table, Write
from forms.problems import Problem
from forms.surroundings import Choice

PROJECT = "kehou"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


class Hooks(Protocol):
    """Every hook there is; none without a plugin that uses it."""

    @_hookspec
    def register_blueprints(self) -> Sequence[Any]:
        """Return Flask blueprints, mounted at `/<place>/<plugin>/` and gated by place."""

    @_hookspec
    def provide_choices(
        self, context: Context, lookup: str, given: Mapping[str, Any]
    ) -> Sequence[Choice]:
        """Return what a lookup that the manifest declares offers at `context.place`.

        `context.person` is who looks; the manifest's roles have been checked. `given` holds the
        clean answers that a form's `choices_where` names, by fact: a date as ISO text, of
        something looked up its value. What is still unanswered is absent. A case is offered by its
        id; where the lookup has no roles, everybody sees a public name instead, which
        `context.cases` takes as well.
        """

    @_hookspec
    def provide_agenda(self, context: Context, first: date, last: date) -> Sequence[Engagement]:
        """Return what stands in the calendar of `context.place` from one day to another, both in.

        One for each case, in any order; what was cancelled is left out. The manifest's `menu` says
        under `agenda` who is shown it. `context.person` is None where a calendar program asks.
        """

    @_hookspec
    def provide_figures(self, context: Context, first: date, last: date) -> Sequence[Table]:
        """Return the service's figures for `context.place` and all beneath it, both days included.

        The page `/<place>/<plugin>/figures/` and its workbook show them to the roles that the
        manifest's `menu` names for the path `figures`; the core has checked that. A span is at
        most 13 months.
        """

    @_hookspec
    def check_submission(self, context: Context, case: CaseView) -> Iterable[Problem]:
        """Return what stands against a submission that the form has accepted, new or mended.

        One of level `explain` lets through what comes with a reason.
        """

    @_hookspec
    def check_transition(
        self, context: Context, case: CaseView, transition: str
    ) -> Iterable[Problem]:
        """Return what stands against a move that the workflow allows; `case` is before it."""

    @_hookspec
    def check_facts(self, context: Context, case: CaseView, transition: str) -> Mapping[str, bool]:
        """Return the `facts` that the workflow names: they choose between its targets.

        `case` has the answers as they would be; for a submission `transition` is `submit` and its
        state "". Asked again where the commit finds that what a claim rests on has changed.
        """

    @_hookspec
    def claim_submission(self, context: Context, case: CaseView) -> Iterable[Write]:
        """Return writes to the plugin's own keys that join the commit of a new case."""

    @_hookspec
    def claim_transition(
        self, context: Context, case: CaseView, before: CaseView
    ) -> Iterable[Write]:
        """Return writes to the plugin's own keys that join the commit of a move.

        `before` is the case as it was, with the answers it had; `case` as it will be. Asked also
        where the state stays the same, and where a move is taken back.
        """

    @_hookspec
    def after_event(self, context: Context, event: Happening, case: CaseView) -> None:
        """Do what follows from a submission or a move; `event.id` may come more than once.

        `case` is as it stands now, which may be later than the event.
        """
