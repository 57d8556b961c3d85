"""What goes into the engine and what comes out: plain values, JSON inside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from forms.problems import Problem
from workflows.definition import Effect, Notify, Transition

Vote = frozenset[str]
"""Who gave one vote: one person, or a deputy and the officer stood in for."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the engine sees it.

    `entry` names the entering of `state`: the engine counts it up by one at each move; a caller
    that numbers its events may put the event's number there instead, as long as it differs at
    every entry. `since` is that instant (aware, UTC). `answers` and `steps` (the officers' forms,
    merged, the latest with a field wins) are JSON values. `due` is when the state is due or
    expires; None where it does not, or where the calendar leaves it open. `votes` are those given
    in this state for moves that need several people, by transition. `facts` are what the service's
    Python has just told of it, for the choice between targets.
    """

    state: str
    entry: int
    since: datetime
    answers: Mapping[str, Any]
    steps: Mapping[str, Any] = field(default_factory=dict)
    due: datetime | None = None
    votes: Mapping[str, tuple[Vote, ...]] = field(default_factory=dict)
    facts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves: the `roles` held over this case, and whether the case is their own.

    `roles` may hold `applicant` and, for the clock, `system`. `people` names who acts, and whom
    they stand in for: votes of a quorum come from different people.
    """

    roles: frozenset[str]
    is_self: bool = False
    people: Vote = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """One wish to move a case: `step` are the clean answers of the transition's form.

    `amended` names the fields of the case's own form whose answers come with it.
    """

    transition: str
    actor: Actor
    at: datetime
    step: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    marks: tuple[str, ...] = ()
    amended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose desk: `at` is ("place", slug) from an answer, or ("kind", "county") above the case."""

    role: str
    at: tuple[Literal["place", "kind"], str]


@dataclass(frozen=True, slots=True)
class Timer:
    """Call `fire` with this name at this instant (UTC), unless the case has moved on."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move leads to; to be committed at once. `release`: a final state was entered."""

    case: Case
    transition: Transition
    assign: Assignment | None
    timers: tuple[Timer, ...]
    effects: tuple[Effect, ...]
    release: bool


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote that does not yet meet its quorum: the case stays, with the vote in `case.votes`."""

    case: Case
    transition: Transition


@dataclass(frozen=True, slots=True)
class Notices:
    """What a timer that only reminds leads to; the case stays as it is."""

    effects: tuple[Notify, ...]


class Refused(Exception):  # noqa: N818 — a refusal is an answer for a person, not a fault
    """A move is refused; `problems` say why in words for the person who asked."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in problems))
