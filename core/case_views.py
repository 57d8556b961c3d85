"""Cases, and what happens to them, as plugins see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from forms.text import Text


class Answered(Protocol):
    """What holds a case's answers and steps, opened when they are first read."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers."""

    @property
    def steps(self) -> Mapping[str, Any]:
        """What officers filled in on the way."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a case: `transition` took it from `left` to `state`.

    `left` is "" for a submission. `id` is the same however often it is told. `changed` names the
    questions that an edit answered otherwise than before.
    """

    id: str
    case: str
    at: datetime
    transition: str
    left: str
    state: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a plugin sees it: its own whole, another's without personal answers."""

    id: str
    place: str
    state: str
    _case: Answered
    about: str = ""
    """The case that this one is about, where its workflow says so."""
    workflow: str = ""
    """The id of its workflow."""
    at: str = ""
    """When it was accepted, ISO in UTC, which sorts as time goes; "" for what is no case yet."""
    parent: str = ""
    """The case that began it by itself, "" for none."""
    definition: str = ""
    """The hash of the workflow it was accepted under; "" for what is no case yet."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers, opened."""
        return self._case.answers

    @property
    def steps(self) -> Mapping[str, Any]:
        """What officers filled in on the way, the latest of each field."""
        return self._case.steps


@dataclass(frozen=True, slots=True)
class Engagement:
    """What one case puts into a place's calendar, told so that anybody outside may read it.

    Calendars hand it on to machines that nobody signs in at: no names of people, no telephone.
    `starts` and `ends` are times in China (`09:00`), `heads` how many come. `stands` is `asked`
    while somebody has still to agree, `fixed`, or `missed` where nobody went.
    """

    case: CaseView
    day: date
    starts: str
    ends: str
    title: Text
    where: Text
    note: Text
    heads: int = 0
    stands: Literal["asked", "fixed", "missed"] = "fixed"
