"""Tables as data: what a list or a figure says, whoever shows it, as a page or as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from forms.text import Text

Kind = Literal["text", "number", "share", "date", "duration"]
Number = int | float | Decimal
Cell = str | Text | Number | date | timedelta | None
Row = Sequence[Cell]
MOST_PARTS = 4
"""How many parts of a whole can be told apart without colour."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a `share` is between 0 and 1, a `duration` a timedelta, None is not known."""

    label: Text
    kind: Kind = "text"

    @property
    def is_figure(self) -> bool:
        """Whether it can be drawn, and stands to the right."""
        return self.kind in ("number", "share", "duration")


@dataclass(frozen=True, slots=True)
class Chart:
    """How a table reads at a glance; each row is named by its first column.

    `bars` draws one figure of every row, `series` the same upright, from the past to the future,
    `stacked` up to four figures that are parts of a whole. `columns` counts from 0.
    """

    shape: Literal["bars", "stacked", "series"]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; raises ValueError where they, or the chart, do not fit.

    `note` says how it was counted, `total` is a last row that is never sorted.
    """

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: Text = field(default_factory=lambda: Text(""))
    chart: Chart | None = None
    total: Row | None = None

    def __post_init__(self) -> None:
        rows = [*self.rows, *([self.total] if self.total is not None else [])]
        if any(len(row) != len(self.columns) for row in rows):
            raise ValueError(f"{self.title.zh}: a row has more or fewer cells than columns")
        if self.chart:
            self._check(self.chart)

    def sorted_by(self, column: int, *, falling: bool = False, language: str = "zh") -> "Table":
        """Return the same rows in the order of a column, what is not known last."""
        known = [row for row in self.rows if row[column] is not None]
        unknown = [row for row in self.rows if row[column] is None]
        ordered = sorted(known, key=lambda row: said(row[column], language), reverse=falling)
        return replace(self, rows=[*ordered, *unknown])

    def _check(self, chart: Chart) -> None:
        most = MOST_PARTS if chart.shape == "stacked" else 1
        drawn = [self.columns[each] for each in chart.columns if 0 <= each < len(self.columns)]
        if not 1 <= len(chart.columns) <= most or len(drawn) < len(chart.columns):
            raise ValueError(f"{self.title.zh}: {chart.shape} draws 1 to {most} of its columns")
        if not all(each.is_figure for each in drawn) or len({each.kind for each in drawn}) > 1:
            raise ValueError(f"{self.title.zh}: a chart draws figures of one kind")


def said(cell: Cell, language: str) -> Any:
    """Return a cell's value, of a text the words in this language."""
    return cell.get(language) if isinstance(cell, Text) else cell
