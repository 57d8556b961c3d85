"""Tables on a page: a chart where one is wanted, the table beneath, sorted by a link per column."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request

from core.tables import Cell, Chart, Column, Number, Row, Table, said
from core.web.downloads import named
from core.web.language import language, translate
from core.web.words import day_words, words
from core.workbooks import MEDIA_TYPE, workbook
from forms.text import Text

_MINUTES = 60
_HUNDRED = 100
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What some system does not take in the name of a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: where it begins and how long it is, in percent; how it reads."""

    number: int
    start: float
    length: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row as it is drawn."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as a page shows it: the `number`-th of the page, sorted as its address asks."""

    table: Table
    number: int
    bars: list[Bar]
    sorted_at: int | None = None
    falling: bool = False

    def sort_url(self, at: int) -> str:
        """Return where this page is sorted by a column: figures from the largest, then back."""
        first = self.table.columns[at].is_figure
        falling = not self.falling if at == self.sorted_at else first
        asked = {**request.args, "sort": f"{'-' if falling else ''}{self.number}.{at}"}
        return f"?{urlencode(asked)}#table-{self.number}"


def init_app(app: Flask) -> None:
    """Give templates the words of a cell."""
    app.jinja_env.filters["cell"] = cell_words


def shown(tables: Sequence[Table]) -> list[Shown]:
    """Return tables as this request's page shows them."""
    asked = request.args.get("sort", "")
    sort, falling = asked.removeprefix("-"), asked.startswith("-")
    found = []
    for number, table in enumerate(tables):
        at = next((n for n in range(len(table.columns)) if sort == f"{number}.{n}"), None)
        ordered = table
        if at is not None:
            ordered = table.sorted_by(at, falling=falling, language=language())
        upright = table.chart is not None and table.chart.shape == "series"
        found.append(Shown(ordered, number, drawn(table if upright else ordered), at, falling))
    return found


def drawn(table: Table) -> list[Bar]:
    """Return the bars of a table's chart; none without one, or where nothing can be drawn."""
    chart = table.chart
    if chart is None:
        return []
    longest = max((sum(_sizes(chart, row)) for row in table.rows), default=0.0)
    if table.columns[chart.columns[0]].kind == "share":
        longest = max(longest, 1.0)
    return [_bar(table.columns, chart, row, longest) for row in table.rows] if longest else []


def cell_words(cell: Cell, column: Column) -> str:
    """Return a cell as people read it; a dash for what is not known."""
    if cell is None:
        return "—"
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / _MINUTES)
        return translate("%d 小时 %d 分") % divmod(minutes, _MINUTES)
    if isinstance(cell, date):
        return day_words(cell)
    if column.kind == "share" and isinstance(cell, Number):
        return f"{cell * _HUNDRED:.1f}%"
    return f"{cell:,}" if isinstance(cell, Number) else words(cell)


def workbook_response(tables: Sequence[Table], name: Text | str) -> Response:
    """Send tables as an XLSX file of this name, which is said without its ending."""
    return sent_workbook(workbook(tables, language()), name)


def sent_workbook(content: bytes, name: Text | str) -> Response:
    """Send an XLSX file, to be saved under this name."""
    sent = Response(content, content_type=MEDIA_TYPE)
    plain = _NOT_IN_A_NAME.sub("-", words(name))
    sent.headers["Content-Disposition"] = f"attachment; {named(f'{plain}.xlsx')}"
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


def _bar(columns: Sequence[Column], chart: Chart, row: Row, longest: float) -> Bar:
    parts, start = [], 0.0
    for number, (at, size) in enumerate(zip(chart.columns, _sizes(chart, row), strict=True), 1):
        length = round(size / longest * _HUNDRED, 2)
        parts.append(Part(number, start, length, cell_words(row[at], columns[at])))
        start += length
    return Bar(cell_words(row[0], columns[0]), tuple(parts))


def _sizes(chart: Chart, row: Row) -> Iterable[float]:
    return [_size(row[at]) for at in chart.columns]


def _size(cell: Any) -> float:
    value = said(cell, "zh")
    if isinstance(value, timedelta):
        return value.total_seconds()
    return float(value) if isinstance(value, int | float | Decimal) else 0.0
