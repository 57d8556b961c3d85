"""What is handed in and what is done to cases, and how it may be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.case_items import Case
from core.people import Person
from core.places import Place
from core.store import Write
from core.subjects import about_of
from forms.definition import Form
from workflows.definition import Workflow

TRIES = 8
"""How often a commit is tried anew when what a plugin's claim rests on has changed."""


class Stale(Exception):  # noqa: N818 — an answer, not a fault
    """The case has moved on since the page was made; `case` is how it stands now."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(case.id)


class Different(Exception):  # noqa: N818 — an answer, not a fault
    """Another submission was already accepted under this case id; `case` is that one."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(case.id)


class Taken(Exception):  # noqa: N818 — an answer, not a fault
    """A value that must be unique belongs to another case."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A submission whose answers the form engine has accepted.

    `reason` answers the problems of level `explain`; the county reads it.
    """

    id: str
    plugin: str
    place: Place
    form: Form
    workflow: Workflow
    data: Mapping[str, Any]
    reason: str = ""
    beside: tuple[Write, ...] = ()
    """What else the commit writes: the end of the draft it was."""
    person: Person | None = None
    """Who hands it in, where they have signed in."""
    state: str = ""
    """Where a case stands that is handed in again, "" for a new one."""
    parent: str = ""
    """The case that begins it by itself, see `core.children`."""

    @property
    def about(self) -> str:
        """The case it is about, "" for none."""
        return about_of(self.workflow, self.data)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does to a case, at the version `seen` on their page."""

    transition: str
    seen: int
    person: Person
    step: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    marks: tuple[str, ...] = ()
    amend: Mapping[str, Any] = field(default_factory=dict)
    """New raw answers to fields of the case's own form, where the transition amends them."""


class Checks(Protocol):
    """Asks plugins what stands against a change; raises Refused with their problems."""

    def submission(self, filing: Filing) -> None:
        """Check what the form has accepted."""

    def transition(self, case: Case, deed: Deed) -> None:
        """Check a move that the workflow allows."""

    def facts(
        self, workflow: Workflow, asked: Case | Filing, transition: str, person: Person | None
    ) -> Mapping[str, bool]:
        """Return what the choice between a transition's targets rests on."""
