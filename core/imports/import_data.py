"""What an import is made of: the workbook that was brought, its rows, what became of each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.imports.judging import Verdict
from core.imports.reading import Row, Sheet, Wrong
from core.people import Person
from core.places import Place

Stage = Literal["read", "confirmed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Letter:
    """What the people entered are told: which service, where, by whom, and where they look."""

    service: str
    place: str
    by: str
    address: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A workbook on its way in: by whom, for which service, workflow and form, at which place."""

    person: Person
    place: Place
    plugin: str
    flow: str
    form: str
    name: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Import:
    """A workbook that an officer brought. `total`, `sound` and `known` count its rows."""

    id: str
    plugin: str
    place: str
    county: str
    flow: str
    form: str
    by: str
    at: str
    name: str
    letter: Letter
    stage: Stage
    total: int
    sound: int
    known: int
    v: int = 1
    """The version of what says so."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that was read, and what would have become of it when it was."""

    row: Row
    state: str
    wrong: tuple[Wrong, ...]
    number: str
    case: str = ""
    """The case of whoever is registered already."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was read of a workbook: the letter of each field's column, strange labels, rows."""

    columns: Mapping[str, str]
    strange: tuple[tuple[str, str], ...]
    rows: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row.

    `state`: draft, case, already, registered, refused, withdrawn, kept (its person had touched it,
    or handed it in). `v` is the version of its draft; `told` how its message stands: "" (none),
    waiting, sent, parked (tried for days), often (too many that day), dropped; where it was sent
    and the draft then withdrawn: back (to be told so), back_sent, back_parked.
    """

    n: int
    state: str
    case: str
    v: int
    told: str
    why: str
    row_v: int = 0
    """The version of what says so."""


def blob_of(sheet: Sheet, verdicts: Sequence[Verdict]) -> str:
    """Return what was read and judged, as the sealed file holds it."""
    rows = [
        {
            "n": row.n,
            "cells": row.cells,
            "answers": row.answers,
            "misread": list(_plain(row.misread)),
            "state": verdict.state,
            "wrong": list(_plain(verdict.wrong)),
            "number": verdict.number,
            "case": verdict.case,
        }
        for row, verdict in zip(sheet.rows, verdicts, strict=True)
    ]
    told = {"columns": sheet.columns, "strange": sheet.strange, "rows": rows}
    return json.dumps(told, ensure_ascii=False)


def _plain(several: Sequence[Wrong]) -> Iterator[list[str]]:
    return ([one.cell, one.field, one.code, one.told] for one in several)


def held_in(blob: bytes) -> Held:
    """Undo `blob_of`."""
    told: Mapping[str, Any] = json.loads(blob)
    rows = tuple(
        Judged(
            Row(
                each["n"],
                each["cells"],
                each["answers"],
                tuple(Wrong(*one) for one in each["misread"]),
            ),
            each["state"],
            tuple(Wrong(*one) for one in each["wrong"]),
            each["number"],
            each.get("case", ""),
        )
        for each in told["rows"]
    )
    return Held(told["columns"], tuple((a, b) for a, b in told["strange"]), rows)
