"""All else that a plugin may use: its Context, and the store's Writes and conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.people import Person
from core.places import Place
from core.ports import Clock
from core.store import (
    Absent,
    Below,
    Change,
    Check,
    Condition,
    Delete,
    Item,
    Key,
    Page,
    Put,
    Store,
    Version,
    Without,
    Write,
)
from forms.calendar import Calendar

__all__ = [
    "Absent",
    "Below",
    "CaseView",
    "Change",
    "Check",
    "Condition",
    "Context",
    "Delete",
    "Item",
    "Put",
    "Version",
    "Without",
    "Write",
]


class ForeignKey(ValueError):  # noqa: N818 — names what was asked for
    """A plugin reached for a key that is not its own."""


class Answered(Protocol):
    """What holds a case's answers and steps, opened when they are first read."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers."""

    @property
    def steps(self) -> Mapping[str, Any]:
        """What officers filled in on the way."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its own plugin sees it."""

    id: str
    place: str
    state: str
    _case: Answered

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers, opened."""
        return self._case.answers

    @property
    def steps(self) -> Mapping[str, Any]:
        """What officers filled in on the way, the latest of each field."""
        return self._case.steps


@dataclass(frozen=True, slots=True)
class Context:
    """What a plugin works with: where it is, for whom, and its own part of the store."""

    plugin: str
    place: Place
    person: Person | None
    calendar: Calendar
    clock: Clock
    _store: Store
    _cases: Callable[[Sequence[str]], list[CaseView]]
    _words: Callable[[str, Any], str]

    def key(self, *parts: str) -> Key:
        """Return one of the plugin's own keys: `X#plugin#…`; the last part is the sort key."""
        return ("#".join(("X", self.plugin, *parts[:-1])), parts[-1])

    def own(self, key: Key) -> Key:
        """Return `key` if it is the plugin's own; raise ForeignKey."""
        if not key[0].startswith(f"X#{self.plugin}#"):
            raise ForeignKey("/".join(key))
        return key

    def get(self, *keys: Key) -> list[Item | None]:
        """Return the plugin's own items at `keys`."""
        return self._store.get(*map(self.own, keys))

    def query(
        self, pk: str, *, prefix: str = "", limit: int = 50, cursor: str | None = None
    ) -> Page:
        """Return one page of the plugin's own items."""
        self.own((pk, ""))
        return self._store.query(pk, prefix=prefix, limit=limit, cursor=cursor)

    def can(self, role: str) -> bool:
        """Tell whether the person holds this role at this place or above it."""
        return bool(self.person and role in self.person.roles_over(self.place.path))

    def cases(self, case_ids: Sequence[str]) -> list[CaseView]:
        """Return those of the plugin's own cases that lie at or below this place; ≤ 100."""
        return self._cases(case_ids)

    def words(self, field: str, value: Any) -> str:
        """Return an answer to a field of the service's form as people read it."""
        return self._words(field, value)
