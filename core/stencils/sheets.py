"""Fills an Excel workbook with openpyxl; its cells keep how they look.

A worksheet row with `{{每一行:…}}` is repeated for each case, and what stands below moves down.
What is filled in is text, never a formula, but for a number that has its cell to itself.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from core.open_xml import OPENING, NotTaken
from core.stencils.placeholders import Room, Told, marks_in, words_in
from core.workbooks import put_text

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LAST_ROW = 100_000
_MOST_CELLS = 300_000
"""What the rows of a workbook may come to."""
_MOST_REPEATED = 50
MOST_TEXT = 10_000_000
"""Characters of all cells together: many may hold one long text, which the file has only once."""


def texts_in_workbook(content: bytes) -> list[str]:
    """Return the text of each cell, where placeholders may stand; raise NotTaken."""
    with OPENING:
        book = _opened(content)
        return [cell.value for sheet in book.worksheets for cell in _texts(sheet)]


def filled_workbook(content: bytes, told: Told, rows: Sequence[Told]) -> bytes:
    """Return a workbook filled in: `told` outside its rows, each of `rows` in one of them.

    Raises NotTaken where it would come to too much.
    """
    made, room = BytesIO(), Room()
    with OPENING:
        book = _opened(content)
        repeated = {
            sheet: {each.row for each in _texts(sheet) if _repeats(each)}
            for sheet in book.worksheets
        }
        _check_cells(repeated, len(rows))
        for sheet, numbers in repeated.items():
            for cell in _texts(sheet):  # before the rows: what people typed is not looked through
                if cell.row not in numbers:
                    _fill(cell, told, room)
            for n in sorted(numbers, reverse=True):
                _repeat(sheet, n, rows, room)
        _save(book, made)
    return made.getvalue()


def _save(book: "Workbook", made: BytesIO) -> None:
    try:
        book.save(made)
    except Exception as why:  # what openpyxl reads it cannot always write
        raise NotTaken("broken") from why


def _check_cells(repeated: Mapping[Any, set[int]], rows: int) -> None:
    if any(len(numbers) > _MOST_REPEATED for numbers in repeated.values()):
        raise NotTaken("swells")
    cells = sum(len(_row(sheet, n)) for sheet, numbers in repeated.items() for n in numbers)
    if cells * rows > _MOST_CELLS:
        raise NotTaken("swells")


def _opened(content: bytes) -> "Workbook":
    from openpyxl import load_workbook  # noqa: PLC0415 — slow to load, and seldom asked for

    try:
        with catch_warnings():  # what it cannot keep is told at upload: `core.stencils.losses`
            simplefilter("ignore")
            book = load_workbook(BytesIO(content), keep_links=False)
    except Exception as why:  # a file can break openpyxl in any way
        raise NotTaken("broken") from why
    if sum(len(cell.value) for sheet in book.worksheets for cell in _texts(sheet)) > MOST_TEXT:
        raise NotTaken("swells")
    tables = (table for sheet in book.worksheets for table in sheet.tables.values())
    if any(not table.tableColumns for table in tables):
        raise NotTaken("broken")  # to name its columns, saving would make every cell of its area
    return book


def _texts(sheet: "Worksheet") -> list[Any]:
    """Return the cells that hold text. Not by rows: one cell far away would make millions."""
    cells = list(sheet._cells.values())  # noqa: SLF001 — see above
    return [each for each in cells if each.data_type == "s" and isinstance(each.value, str)]


def _repeats(cell: Any) -> bool:
    return any(mark.of_row for mark in marks_in(cell.value))


def _fill(cell: Any, told: Told, room: Room) -> None:
    text = cell.value
    marks = marks_in(text)
    if not marks:
        return
    if len(marks) == 1 and text.strip() == text[marks[0].start : marks[0].end]:
        try:
            value = told(marks[0].name)
        except KeyError:
            return
        if isinstance(value, int | float | Decimal):
            cell.value = value
            return
    said = words_in(text, told)
    room.take(len(said.encode()))
    put_text(cell, said)


def _repeat(sheet: "Worksheet", n: int, rows: Sequence[Told], room: Room) -> None:
    """Make of row `n` one for each case, the first in its place; with none it is emptied."""
    more = max(len(rows) - 1, 0)
    first = [each for each in _row(sheet, n) if not _is_merged(each)]
    room.take(sum(len(each.value) for each in first if isinstance(each.value, str)) * more)
    _make_room(sheet, n, more)
    for at in range(1, more + 1):
        for cell in first:
            _put_copy(sheet, cell, n + at)
    for at, told in enumerate(rows):
        for place in first:
            cell = place if at == 0 else sheet.cell(n + at, place.column)
            if cell.data_type == "s" and isinstance(cell.value, str):
                _fill(cell, told, room)
    if not rows:
        for cell in first:
            cell.value = (
                None if isinstance(cell.value, str) and marks_in(cell.value) else cell.value
            )


def _row(sheet: "Worksheet", n: int) -> list[Any]:
    """Return the cells of a row, from the left."""
    cells = sheet._cells  # noqa: SLF001 — as above
    return [cells[at] for at in sorted(at for at in cells if at[0] == n)]


def _is_merged(cell: Any) -> bool:
    return type(cell).__name__ == "MergedCell"


def _put_copy(sheet: "Worksheet", cell: Any, row: int) -> None:
    new: Any = sheet.cell(row, cell.column)
    new.value, new.data_type = cell.value, cell.data_type
    if cell.has_style:
        new._style = copy(cell._style)  # noqa: SLF001 — the way openpyxl's own guide copies styles


def _make_room(sheet: "Worksheet", n: int, more: int) -> None:
    """Move what stands below row `n` down, with heights and merged cells; repeat its own merges."""
    from openpyxl.worksheet.cell_range import CellRange  # noqa: PLC0415 — as above

    if not more:
        return
    cells = sheet._cells  # noqa: SLF001 — as above
    for row, column in sorted((at for at in cells if at[0] > n), reverse=True):
        cell = cells.pop((row, column))
        if row + more <= _LAST_ROW:
            cell.row = row + more
            cells[row + more, column] = cell
    heights = {row: each.height for row, each in sheet.row_dimensions.items() if each.height}
    for row in sorted(heights, reverse=True):
        if row > n:
            sheet.row_dimensions[row + more].height = heights[row]
    for row in range(n + 1, n + more + 1):
        sheet.row_dimensions[row].height = heights.get(n)
    merged = set()
    for each in sheet.merged_cells.ranges:
        down = more if each.min_row > n else 0
        stretched = more if each.min_row < n < each.max_row else 0
        merged.add(_range(CellRange, each, down, down + stretched))
        if each.min_row == each.max_row == n:
            merged |= {_range(CellRange, each, at, at) for at in range(1, more + 1)}
    sheet.merged_cells.ranges = merged


def _range(kind: Any, told: Any, down: int, last: int) -> Any:
    return kind(
        min_col=told.min_col,
        min_row=told.min_row + down,
        max_col=told.max_col,
        max_row=told.max_row + last,
    )
