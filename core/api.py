"""All else that a plugin may use: its Context, and the store's Writes and conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from core.answer_tables import Asked, Say
from core.case_views import CaseView, Engagement, Happening
from core.leafing import Leaf, day_of, leaf_of, months
from core.limits import TooOften
from core.listings import Listed
from core.numbers import is_number
from core.people import Person
from core.places import Place
from core.ports import Clock, Unreachable
from core.statistics.reading import Statistics
from core.store import (
    Absent,
    Below,
    Busy,
    Change,
    Check,
    Condition,
    Conflict,
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
from core.tables import Cell, Chart, Column, Table
from forms.calendar import Calendar
from forms.problems import Problem
from forms.surroundings import Choice
from forms.text import Text
from workflows.definition import State

__all__ = [
    "Absent",
    "Below",
    "Busy",
    "CaseView",
    "Cell",
    "Change",
    "Chart",
    "Check",
    "Column",
    "Condition",
    "Conflict",
    "Context",
    "Delete",
    "Engagement",
    "Happening",
    "Item",
    "Leaf",
    "Listed",
    "NotAllowed",
    "NotSignedIn",
    "Put",
    "Table",
    "TooOften",
    "Unreachable",
    "Version",
    "Without",
    "Write",
    "day_of",
    "is_number",
    "leaf_of",
    "months",
]


_AT_ONCE = 400
NO_NOTE = Text("")
_DAY = len("2026-12-02")


class ForeignKey(ValueError):  # noqa: N818 — names what was asked for
    """A plugin reached for a key that is not its own."""


class NotSignedIn(Exception):  # noqa: N818 — names what is asked for
    """Nobody has signed in; the page leads to where one does, and back."""


class NotAllowed(Exception):  # noqa: N818 — names what was found
    """Who has signed in holds none of the roles that the page is for."""


class Core(Protocol):
    """What a Context asks of the core for its plugin."""

    def cases(self, case_ids: Sequence[str], within: str) -> list[CaseView]:
        """Return the plugin's own cases within the nearest place of a kind."""

    def mine(self) -> list[CaseView]:
        """Return the person's own cases of this plugin."""

    def move(self, case_id: str, transition: str, comment: str) -> bool:
        """Make a move that is the system's."""

    def begin(
        self, parent: str, name: str, changes: Mapping[str, Any]
    ) -> tuple[str, Sequence[Problem]]:
        """Begin a case for another."""

    def state(self, case: CaseView) -> State:
        """Return the workflow's account of the state a case is in."""

    def listed(self, workflow: str) -> Iterator[Listed]:
        """Yield what is public of the plugin's cases in the county."""

    def record_look(self, what: str, cases: Sequence[CaseView]) -> None:
        """Write down that the person is shown these cases in full."""

    def number(self, text: str) -> str:
        """Return a number that stands for a text."""

    def count(self, kind: str, subject: str, limit: int) -> None:
        """Count one try in this hour."""

    def choice(self, field: str, value: str) -> Text:
        """Return what people read of a choice of one of the plugin's forms."""

    def asked(self, names: Sequence[str]) -> list[Asked]:
        """Return the questions of these names in the plugin's forms."""

    def parameter(self, name: str, day: date) -> Any:
        """Return what a policy parameter is on a day."""

    def statistics(
        self, workflow: str, first: date, last: date, places: Sequence[str]
    ) -> Mapping[str, Statistics]:
        """Return the statistics of one of the plugin's workflows at places of the county."""


class Asks(Protocol):
    """What a plugin may ask of the public internet."""

    def status(self, url: str) -> int:
        """Return the HTTP status behind an address, redirects followed; raise Unreachable.

        It may take 20 seconds: for jobs and `after_` hooks, not for pages.
        """


@dataclass(frozen=True, slots=True)
class Context:
    """What a plugin works with: where it is, for whom, and its own part of the store."""

    plugin: str
    place: Place
    person: Person | None
    calendar: Calendar
    clock: Clock
    fetch: Asks
    _store: Store
    _core: Core
    _words: Say
    _lookups: Mapping[str, Sequence[Choice]]

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

    def all(self, pk: str, *, prefix: str = "") -> Iterator[Item]:
        """Yield every one of the plugin's own items under `pk`, a query for each page of them."""
        cursor = None
        while True:
            page = self.query(pk, prefix=prefix, limit=_AT_ONCE, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return

    def dated(self, pk: str, first: date, last: date) -> Iterator[Item]:
        """Yield the plugin's own items under `pk` whose sort keys begin with a day of a span.

        Both days are included; a query for each month that they touch, one for a single day.
        """
        spans = [first.isoformat()] if first == last else months(first, last)
        for span in spans:
            for each in self.all(pk, prefix=span):
                if first.isoformat() <= each["sk"][:_DAY] <= last.isoformat():
                    yield each

    def commit(self, *writes: Write) -> None:
        """Write to the plugin's own keys, all or nothing; raise Conflict or Busy.

        What belongs to a move joins its commit instead: see the `claim_` hooks.
        """
        for write in writes:
            self.own(write.key)
        self._store.commit(*writes)

    def lookup(self, name: str) -> Sequence[Choice] | None:
        """Return what a lookup such as `volunteers.cleared` offers here to the person.

        None where its service is not open here, or the person may not ask.
        """
        return self._lookups.get(name)

    def can(self, role: str) -> bool:
        """Tell whether the person holds this role at this place or above it."""
        return bool(self.person and role in self.person.roles_over(self.place.path))

    def require(self, *roles: str) -> None:
        """Let nobody on but who holds one of these roles here; raise NotSignedIn, NotAllowed.

        For pages: the core answers both, with the way to the sign-in and with a refusal.
        """
        if self.person is None:
            raise NotSignedIn
        if not any(map(self.can, roles)):
            raise NotAllowed

    def cases(self, case_ids: Sequence[str], within: str = "place") -> list[CaseView]:
        """Return those of the plugin's own cases that lie at or below this place.

        By their ids, or by the public names that a lookup offers them under. `within` a kind such
        as `county`: at or below the nearest place of it. A read for each 100.
        Answers with `readers` are there for these only.
        """
        return self._core.cases(case_ids, within)

    def mine(self) -> list[CaseView]:
        """Return the person's own cases of this service, wherever filed, the latest first; ≤ 50."""
        return self._core.mine()

    def move(self, case_id: str, transition: str, comment: str = "") -> bool:
        """Make a move of an own case that its workflow leaves to `system`; False where it may not.

        The `comment` stands on the timeline, and in messages as `{comment}`. For `after_` hooks:
        asked again, it does nothing. Raises Conflict or Busy, to be retried.
        """
        return self._core.move(case_id, transition, comment)

    def begin(
        self, parent: str, name: str, changes: Mapping[str, Any]
    ) -> tuple[str, Sequence[Problem]]:
        """Begin a case of an own one's kind, with its answers but for `changes`: once for a name.

        Returns its id, or "" and what stands against it. For `after_` hooks; raises Busy.
        """
        return self._core.begin(parent, name, changes)

    def state(self, case: CaseView) -> State:
        """Return the workflow's account of the state an own case is in: `label`, `kind`, `tone`."""
        return self._core.state(case)

    def listed(self, workflow: str) -> Iterator[Listed]:
        """Yield what is public of the county's cases of an own workflow, the latest first."""
        return self._core.listed(workflow)

    def record_look(self, what: str, cases: Sequence[CaseView]) -> None:
        """Write down that a page shows the person these cases' personal answers in full.

        One record for a whole working list, such as `day 2026-12-02`; none for an empty one.
        """
        self._core.record_look(what, cases)

    def number(self, text: str) -> str:
        """Return 15 digits and a check digit that nobody can guess, in the county always the same.

        `is_number` tells a mistyped one.
        """
        return self._core.number(text)

    def count(self, kind: str, subject: str, limit: int) -> None:
        """Count one try of somebody in this hour; raise TooOften beyond `limit`."""
        self._core.count(f"{self.plugin}.{kind}", subject, limit)

    def parameter(self, name: str, day: date) -> Any:
        """Return what a policy parameter is here on a day; KeyError for one that does not exist.

        As `core/parameters.yaml` declares it: a whole number, a time or share as text, or a list.
        """
        return self._core.parameter(name, day)

    def statistics(
        self, workflow: str, first: date, last: date, *places: str
    ) -> Mapping[str, Statistics]:
        """Return what was counted of an own workflow at places of this county, by slug.

        Over whole months, those of both days included: `filed`, and `answers`, how often each
        choice was given, by field and value. A round trip for each hundred of places × months.
        """
        return self._core.statistics(workflow, first, last, places)

    def choice(self, field: str, value: str) -> Text:
        """Return what people read of a choice of one of the service's forms, in both languages."""
        return self._core.choice(field, value)

    def words(self, field: str, value: Any) -> str:
        """Return an answer to a field of one of the service's forms as people read it."""
        [asked] = self._core.asked([field])
        return self._words(asked.inner or asked.field, value)

    def table(  # noqa: PLR0913 — what a table is
        self,
        title: Text,
        fields: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        first: Mapping[Column, Sequence[Cell]] | None = None,
        last: Mapping[Column, Sequence[Cell]] | None = None,
        note: Text = NO_NOTE,
    ) -> Table:
        """Return answers as a table: a column for each field, under its label, in words.

        `classes.class_name` is what the rows of a group say there. `first` and `last` are further
        columns, with a cell for each row.
        """
        before, after, asked = dict(first or {}), dict(last or {}), self._core.asked(fields)
        told = [[each.cell(row, self._words) for each in asked] for row in rows]
        cells = [
            [
                *(column[n] for column in before.values()),
                *row,
                *(column[n] for column in after.values()),
            ]
            for n, row in enumerate(told)
        ]
        return Table(title, [*before, *(each.column for each in asked), *after], cells, note)
