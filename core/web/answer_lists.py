"""Cases with every question of their form, in full: to reckon with, or to be taken in elsewhere."""

from collections.abc import Iterable, Sequence

from core.answer_cells import TYPES, written
from core.looks import look_at
from core.moments import local_date, moment_of
from core.numbers import spoken
from core.people import Person
from core.tables import Cell, Column, Kind, Table
from core.web.language import language, translate
from core.web.sheet import CaseSheet
from core.web.visit import office, visit
from core.web.words import answer_words, words
from forms.fields import Field
from forms.surroundings import Surroundings
from forms.text import Text

_LOOKS_AT_ONCE = 1000
_KINDS: dict[str, Kind] = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "date": "date",
}


def answer_table(title: str, sheets: Sequence[CaseSheet]) -> Table:
    """Return cases with a column for each question under its label, as a workbook takes it in.

    What the visitor may not read of a case is blank.
    """
    asked, around = _asked(sheets), near(sheets)
    columns = [
        Column(Text(translate("查询码"))),
        Column(Text(translate("现在"))),
        Column(Text(translate("提交日期")), "date"),
        *(Column(each.label, _KINDS.get(each.type.name, "text")) for each in asked),
    ]
    rows = [
        [
            spoken(sheet.case.id),
            words(sheet.state.label),
            local_date(moment_of(sheet.case.item["at"])),
            *(_cell(sheet, each.name, around[sheet.case.item["place"]]) for each in asked),
        ]
        for sheet in sheets
    ]
    return Table(Text(title), columns, rows, Text(translate("共 %d 件") % len(sheets)))


def record_looks(sheets: Sequence[CaseSheet], person: Person, what: str) -> None:
    """Write down that somebody is given these cases in full, by county, ≤ 1000 in a record."""
    counties: dict[str, list[str]] = {}
    for sheet in sheets:
        counties.setdefault(sheet.case.item["county"], []).append(sheet.case.id)
    now = office().ports.clock.now()
    for county, cases in counties.items():
        for start in range(0, len(cases), _LOOKS_AT_ONCE):
            told = {"cases": cases[start : start + _LOOKS_AT_ONCE]}
            office().ports.store.commit(look_at(county, person, what, told, now))


def _asked(sheets: Iterable[CaseSheet]) -> list[Field]:
    """Return the questions of all these forms that the visitor may read in any of the cases."""
    found: dict[str, Field] = {}
    for sheet in sheets:
        for name, spec in sheet.form.fields.items():
            if name not in found and spec.type.answerable and sheet.reads(spec):
                found[name] = spec
    return list(found.values())


def near(sheets: Iterable[CaseSheet]) -> dict[str, Surroundings]:
    """Return by place what its lookups offer, so that choices are said by their labels."""
    places = {sheet.case.item["place"] for sheet in sheets}
    person = visit().person
    return {each: office().around(language(), office().places.get(each), person) for each in places}


def _cell(sheet: CaseSheet, name: str, around: Surroundings) -> Cell:
    spec = sheet.form.fields.get(name)
    value = sheet.case.answers.get(name) if spec and sheet.reads(spec) else None
    if spec is None or value in (None, "", [], {}):
        return None
    say = written if spec.type.name in TYPES else answer_words
    return say(spec, value, around)
