"""What is wrong: with an answer (Problem) or with a definition (Flaw)."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

Level = Literal["block", "explain"]
Path = tuple[str | int, ...]
"""The way to a node of a definition: keys and indexes from its root."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer or a move is refused, in words for the person who gave it.

    `block` refuses; `explain` lets it through with a reason that the county reads.
    `basis` names the clause it rests on, as `document/clause`. `told` fills the braces of a
    plugin's `message` once it has been translated. `accepted` are the values that may be chosen,
    where the answer is none of them. `reason` is what may serve as the reason, where an answer says
    already why: the page offers it.
    """

    code: str
    message: str
    field: str | None = None
    level: Level = "block"
    basis: str | None = None
    told: Mapping[str, Any] = dataclasses.field(default_factory=dict, compare=False)
    accepted: tuple[str, ...] | None = dataclasses.field(default=None, compare=False)
    reason: str = dataclasses.field(default="", compare=False)

    @property
    def said(self) -> str:
        """The message with what it tells filled in."""
        return self.message.format(**self.told) if self.told else self.message

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `kehou form try` and the API print."""
        return {
            "field": self.field,
            "level": self.level,
            "code": self.code,
            "message": self.message,
            "basis": self.basis,
        }


def asks_why(problems: Iterable[Problem]) -> bool:
    """Tell whether there are problems, and all of them go through with a reason."""
    levels = {each.level for each in problems}
    return levels == {"explain"}


def reason_offered(problems: Iterable[Problem]) -> str:
    """Return what may serve as the reason that problems ask for; "" for nothing."""
    return next((each.reason for each in problems if each.reason), "")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a definition's file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One error of a definition, where it stands, and what was probably meant."""

    position: Position
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        meant = f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        return f"{self.position}: {self.message}{meant}"

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `kehou check --json` prints."""
        return {
            "file": self.position.file,
            "line": self.position.line,
            "column": self.position.column,
            "message": self.message,
            "suggestion": self.suggestion,
        }


class DefinitionError(Exception):
    """A definition cannot be used; carries every flaw found, in file order."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(sorted(flaws, key=lambda flaw: (flaw.position.file, flaw.position.line)))
        super().__init__("\n".join(str(flaw) for flaw in self.flaws))


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the known word most like `word`, or "" where none is close."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), "")
