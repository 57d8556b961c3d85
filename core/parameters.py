"""Policy parameters as dated settings, city → county → school (R02).

What a document leaves to be set, or says itself: a level may set its own value from a day on, with
the clause or document it rests on, and only on the side that binds more. The level nearest to a
place counts, then the documents it follows, then what we propose.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from core.places import Place, Places, Refusal
from core.policy import Policy
from forms.source import read_yaml
from forms.text import Text

DOCUMENTS = "documents"
SERVICE_TYPES = ("workday", "extended_care", "weekend", "evening_self_study", "open_campus")
LEVELS = ("province", "city", "county", "district", "school", "teaching_point")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SHARE = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?")
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing to be set. `stricter`: the side that binds more: `more`, `less`, `fewer` or ""."""

    name: str
    label: Text
    kind: str
    unit: Text
    stricter: str
    proposed: Any
    basis: str


@dataclass(frozen=True, slots=True)
class Effective:
    """What a parameter is on a day, and why.

    `level` is the slug of the place that set it; `document` the id of the document that says it;
    both are "" for a proposal of ours. `basis` is a clause, or what the level wrote.
    """

    value: Any
    since: str
    basis: str
    level: str = ""
    document: str = ""


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return every parameter, in the order of its file."""
    text = files("core").joinpath("parameters.yaml").read_bytes()
    data = read_yaml(text, "core/parameters.yaml").data
    return {
        name: Parameter(
            name=name,
            label=Text.of(each["name"]),
            kind=each["kind"],
            unit=Text.of(each.get("unit")),
            stricter=each.get("stricter") or "",
            proposed=each.get("proposed"),
            basis=each.get("basis") or "",
        )
        for name, each in data.items()
    }


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a level sets from a day on, and what it rests on; None: as above again."""

    name: str
    value: Any
    since: date
    basis: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Finds what is in force, and lets a level set its own."""

    places: Places
    policy: Policy

    def on(self, place: Place, name: str, day: date) -> Effective:
        """Return what a parameter is at a place on a day; KeyError for one that does not exist.

        A level's value that has become looser than what binds above it does not count.
        """
        return self._bound(place, name, day, place.parameters.get(name, ()))

    def adopted(self, place: Place, day: date) -> Sequence[str]:
        """Return the documents that a place follows on a day and that are in force, by id."""
        known = self.policy.documents
        wanted = self.on(place, DOCUMENTS, day).value
        return [each for each in wanted if each in known and known[each].in_force(day)]

    def set(self, slug: str, setting: Setting, by: str, at: str) -> None:
        """Let a level set a parameter; note who and when. Raises Refusal."""
        place, name = self.places.fresh(slug), setting.name
        if place.kind not in LEVELS:
            raise Refusal("level_not_here")
        if setting.value is not None:
            above = self.above(place, name, setting.since).value
            _check(parameters()[name], setting.value, above, self.policy)
        if not setting.basis.strip():
            raise Refusal("basis_missing")
        since = setting.since.isoformat()
        entry = {"from": since, "value": setting.value, "basis": setting.basis.strip()}
        own = [each for each in place.own_parameters.get(name, ()) if each["from"] != since]
        note = {"sk": f"PA#{name}#{at}", "by": by, "at": at, **entry}
        values = {**place.own_parameters, name: [*own, entry]}
        self.places.change(place, {"own_parameters": values}, note)

    def above(self, place: Place, name: str, day: date) -> Effective:
        """Return what would be in force on a day if the place itself said nothing."""
        layers = [each for each in place.parameters.get(name, ()) if each["place"] != place.slug]
        return self._bound(place, name, day, layers)

    def _bound(
        self, place: Place, name: str, day: date, layers: Sequence[Mapping[str, Any]]
    ) -> Effective:
        """Go down from what the documents say, level by level, to what binds at the last."""
        bound, stricter = self._given(place, name, day), parameters()[name].stricter
        for each in reversed(list(_begun(layers, day))):
            if not _looser(stricter, each["value"], bound.value):
                bound = Effective(each["value"], each["from"], each["basis"], level=each["place"])
        return bound

    def _given(self, place: Place, name: str, day: date) -> Effective:
        parameter = parameters()[name]
        found = None if name == DOCUMENTS else self._said(place, name, day)
        return found or Effective(parameter.proposed, "", parameter.basis)

    def _said(self, place: Place, name: str, day: date) -> Effective | None:
        said = self.policy.given(name, self.on(place, DOCUMENTS, day).value, day)
        if said is None:
            return None
        document, given = said
        since = document.since.isoformat() if document.since else ""
        return Effective(given.value, since, given.basis, document=document.id)


def _begun(layers: Sequence[Mapping[str, Any]], day: date) -> Iterator[Mapping[str, Any]]:
    """Yield each level's latest setting that has begun, the nearest first; none it has ended."""
    passed: set[str] = set()
    for each in layers:
        if each["place"] not in passed and each["from"] <= day.isoformat():
            passed.add(each["place"])
            if each["value"] is not None:
                yield each


def _check(parameter: Parameter, value: Any, above: Any, policy: Policy) -> None:
    """Refuse a value of the wrong kind, or on the side that binds less than the level above."""
    if not _fits(parameter.kind, value, policy):
        raise Refusal(f"value_{parameter.kind}")
    if _looser(parameter.stricter, value, above):
        raise Refusal("looser_than_above")


def _fits(kind: str, value: Any, policy: Policy) -> bool:
    if kind == "whole":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
    if kind in ("service_types", DOCUMENTS):
        known = SERVICE_TYPES if kind == "service_types" else tuple(policy.documents)
        return isinstance(value, list) and set(value) <= set(known) and bool(value)
    shape = _TIME if kind == "time" else _SHARE
    return isinstance(value, str) and bool(shape.fullmatch(value))


def _looser(stricter: str, value: Any, above: Any) -> bool:
    if above is None:
        return False
    if stricter == "fewer":
        return not set(value) <= set(above)
    mine, theirs = _size(value), _size(above)
    return (stricter == "more" and mine < theirs) or (stricter == "less" and mine > theirs)


def _size(value: Any) -> float:
    """Return a value's size: of a time, its minutes."""
    if isinstance(value, str) and ":" in value:
        hours, minutes = value.split(":")
        return int(hours) * 60 + int(minutes)
    return float(value) if isinstance(value, str | int) else 0.0
