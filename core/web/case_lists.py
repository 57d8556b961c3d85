"""Lists of cases as tables: what an officer's list shows, all its pages, masked as it is there."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from core.case_items import Case
from core.moments import local_date, moment_of
from core.numbers import spoken
from core.tables import Cell, Column, Kind, Table
from core.web.language import translate
from core.web.sheet import CaseSheet
from core.web.trays import Tray, sheet_of
from core.web.visit import office
from core.web.words import words
from core.workbooks import MOST_ROWS
from forms.text import Text

_AT_ONCE = 400
_TALLIED = ("integer", "decimal", "money")
_Told = tuple[Column, Callable[[CaseSheet], Cell]]
"""A column, and what it says of a case."""


def every_sheet(partition: str, **how: Any) -> Iterator[CaseSheet]:
    """Yield the cases of a whole partition of an index, a query for each 400."""
    cursor: str | None = None
    while True:
        page = office().ports.store.query(partition, limit=_AT_ONCE, cursor=cursor, **how)
        yield from (sheet_of(Case(item, office().vault)) for item in page.items)
        cursor = page.cursor
        if cursor is None:
            return


def case_table(title: str, sheets: Iterable[CaseSheet], tray: Tray, *, gist: bool) -> Table:
    """Return at most 5,000 cases as a table; where there are more, its note says so.

    With `gist` as on the desk: also what the case is about, and the telephone.
    """
    found = list(islice(sheets, MOST_ROWS + 1))
    note = translate("共 %d 件") % len(found)
    if len(found) > MOST_ROWS:
        note = translate("只列出了前 %d 件，还有更多。请先筛选，再导出其余的") % MOST_ROWS
    told = [*_who(tray), *(_gist(found, tray) if gist else ()), *_where_it_stands()]
    rows = [[says(sheet) for _, says in told] for sheet in found[:MOST_ROWS]]
    return Table(Text(title), [column for column, _ in told], rows, Text(note))


def _who(tray: Tray) -> Iterator[_Told]:
    yield _column(translate("查询码")), lambda sheet: spoken(sheet.case.id)
    yield _column(translate("谁")), lambda sheet: sheet.first_answer(tray.plugin.manifest.who)


def _gist(sheets: Iterable[CaseSheet], tray: Tray) -> Iterator[_Told]:
    """Yield the answers that the desk tells, each under its label, numbers as numbers."""
    forms = {sheet.form.id: sheet.form for sheet in sheets}.values()
    for name in tray.plugin.manifest.gist:
        field = next((form.fields[name] for form in forms if name in form.fields), None)
        if field:
            kind: Kind = "number" if field.type.name in _TALLIED else "text"
            yield Column(Text(words(field.label)), kind), _answer(name)
    yield _column(translate("电话")), lambda sheet: sheet.phone()


def _where_it_stands() -> Iterator[_Told]:
    yield _column(translate("现在")), lambda sheet: words(sheet.state.label)
    yield (
        _column(translate("提交日期"), "date"),
        lambda sheet: local_date(moment_of(sheet.case.item["at"])),
    )
    yield (
        _column(translate("期限"), "date"),
        lambda sheet: local_date(due) if (due := sheet.case.due) else None,
    )


def _answer(name: str) -> Callable[[CaseSheet], Cell]:
    def says(sheet: CaseSheet) -> Cell:
        field, value = sheet.form.fields.get(name), sheet.case.item["answers"].get(name)
        if field and value is not None and field.type.name in _TALLIED and not field.is_personal:
            return Decimal(str(value))
        return sheet.masked_answer(name)

    return says


def _column(label: str, kind: Kind = "text") -> Column:
    return Column(Text(label), kind)
