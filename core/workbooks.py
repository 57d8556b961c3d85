"""Workbooks: tables as an XLSX file, a sheet for each, ready to be filtered and reckoned with.

Above the header stand the title and how it was counted. What people typed is always stored as
text, never as a formula, whatever it begins with; Excel keeps it so when the cell is edited.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.tables import Cell, Column, Kind, Table, said

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 5000
"""How many rows of a list are given at once."""
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "General",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    "duration": "[h]:mm",
}
_HEADER = 3
_NARROW, _WIDE, _LINE, _GAP = 12, 60, 16, 4
_FORMULA = ("=", "+", "-", "@", "\t")
"""What Excel takes for the beginning of a formula when somebody edits the cell."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31


def workbook(tables: Sequence[Table], language: str) -> bytes:
    """Return an XLSX file with a sheet for each table; there is at least one."""
    from openpyxl import Workbook  # noqa: PLC0415 — slow to load, and seldom asked for

    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for table in tables:
        name = _sheet_name(table.title.get(language), names)
        _fill(book.create_sheet(name), table, language)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    plain = _NOT_IN_A_NAME.sub(" ", title).strip() or "1"
    name, n = plain[:_LONGEST_NAME], 1
    while name.lower() in taken:
        n += 1
        name = f"{plain[: _LONGEST_NAME - 4]} {n}"
    taken.add(name.lower())
    return name


def _fill(sheet: "Worksheet", table: Table, language: str) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 — as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 — as above

    widths = [_width(table, at, language) for at in range(len(table.columns))]
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    write_cell(sheet, 1, 1, table.title.get(language)).font = Font(bold=True, size=14)
    note = table.note.get(language)
    lines = -(-_columns_of(note) // sum(widths))
    write_cell(sheet, 2, 1, note).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=len(widths))
    sheet.row_dimensions[2].height = _LINE * max(1, lines)
    for at, column in enumerate(table.columns, 1):
        write_cell(sheet, _HEADER, at, column.label.get(language)).font = Font(bold=True)
    for n, row in enumerate(_rows(table), _HEADER + 1):
        for at, (column, cell) in enumerate(zip(table.columns, row, strict=True), 1):
            write_cell(sheet, n, at, said(cell, language), column)
    last = f"{get_column_letter(len(widths))}{_HEADER + len(table.rows)}"
    sheet.auto_filter.ref = f"A{_HEADER}:{last}"
    sheet.freeze_panes = f"A{_HEADER + 1}"


def _rows(table: Table) -> Iterator[Sequence[Cell]]:
    yield from table.rows
    if table.total is not None:
        yield table.total


def write_cell(
    sheet: "Worksheet", row: int, at: int, value: Any, column: Column | None = None
) -> Any:
    """Write one cell, and return it; a text is text whatever it looks like."""
    cell = sheet.cell(row, at)
    if isinstance(value, str):
        put_text(cell, value)
        return cell
    cell.value = value
    if column and value is not None:
        cell.number_format = _FORMATS[column.kind]
    return cell


def put_text(cell: Any, text: str) -> None:
    """Let a cell hold a text, and never a formula, whatever it begins with."""
    cell.value = printable(text)
    cell.data_type, cell.quotePrefix = "s", text.startswith(_FORMULA)


def printable(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("", text)


def _width(table: Table, at: int, language: str) -> int:
    """Return how wide a column is to be, in characters of which a Chinese one is two."""
    cells = (said(each, language) for each in (table.columns[at].label, *_column(table, at)))
    widest = max(_columns_of(each) for each in cells if isinstance(each, str))
    return min(max(widest + _GAP, _NARROW), _WIDE)


def _column(table: Table, at: int) -> Iterator[Cell]:
    return (row[at] for row in _rows(table))


def _columns_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
