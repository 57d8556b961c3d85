"""Reads an uploaded workbook into rows of raw answers, each cell known by its address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from typing import Any

from core.answer_cells import Misread, asked_in, read_cell, shown
from core.imports.blanks import HINTS, MOST_ROWS, NAME, ROW, WHY
from core.open_xml import OPENING, NotTaken, checked
from forms.definition import Form
from forms.fields import Field
from forms.problems import nearest
from forms.surroundings import Surroundings
from forms.text_types import narrow

MOST_COLUMNS = 320
_HEAD = 12
"""How many rows are looked through for the labels."""
_SHEETS = 5
_DEEPEST = 20_000
"""How many rows all sheets are looked through for more, blank ones too."""
_LONGEST = 5000
"""Characters of a cell that are looked at; no answer is longer."""


class BadSheet(ValueError):  # noqa: N818 — an answer, not a fault
    """A workbook holds nothing that can be taken in.

    `code`: header (no label of the form), rows (none), many (more than 500), twice (two columns
    for one question, `told` which).
    """

    def __init__(self, code: str, told: str = "") -> None:
        self.code = code
        self.told = told
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row: at which cell (C7, "" for the row), for which field, why.

    `told` belongs to the words of the code; of `form` it is the engine's own message.
    """

    cell: str
    field: str
    code: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was read: its number in the sheet, the cells as seen, the raw answers."""

    n: int
    cells: Mapping[str, str]
    answers: Mapping[str, Any]
    misread: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: the column (letter) of each field, strange labels, and the rows."""

    columns: Mapping[str, str]
    strange: tuple[tuple[str, str], ...]
    """Labels that are no question's, each with the one that was probably meant, or ""."""
    rows: tuple[Row, ...]


def read_workbook(content: bytes, form: Form, around: Surroundings) -> Sheet:
    """Return the rows of the first sheet with labels of this form; raise NotTaken, BadSheet."""
    from openpyxl import load_workbook  # noqa: PLC0415 — slow to load, and seldom asked for

    checked(content, "xlsx")
    try:
        # Not `data_only`: a formula is to be known as one, and refused in words.
        with OPENING:
            book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
            looked_at = count(1)
            sheets = [_cells(sheet, looked_at) for sheet in book.worksheets[:_SHEETS]]
            book.close()
    except BadSheet:
        raise
    except Exception as why:  # a file can break openpyxl in any way
        raise NotTaken("broken") from why
    for cells in sheets:
        header = _header(cells, form)
        if header:
            return _sheet(cells, header, form, around)
    raise BadSheet("header")


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Any
    kind: str


_Cells = list[tuple[int, list[_Cell]]]


def _cells(sheet: Any, looked_at: Iterator[int]) -> _Cells:
    """Return the rows of a sheet in which anything stands, each with its number.

    `looked_at` counts the rows of all sheets; raises BadSheet where they are too many.
    """
    rows: _Cells = []
    if not hasattr(sheet, "iter_rows"):  # a sheet that is one chart
        return rows
    sheet.reset_dimensions()  # what a file says of its size need not be so
    for n, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if any(one.value not in (None, "") for one in row):
            rows.append((n, [_Cell(one.value, one.data_type or "n") for one in row]))
        if len(rows) > MOST_ROWS + _HEAD or next(looked_at) > _DEEPEST:
            raise BadSheet("many")
    return rows


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the header stands among the rows, the field of each column, and strange labels."""

    at: int
    columns: Mapping[int, str]
    rest: Sequence[str] = ()


def _header(cells: _Cells, form: Form) -> _Header | None:
    """Return the header, None where there is none.

    A row of the fields' own names is surer than any of labels.
    """
    best: _Header | None = None
    for at, (_, row) in enumerate(cells[:_HEAD]):
        said = [narrow(one.value[:_LONGEST]) if isinstance(one.value, str) else "" for one in row]
        columns = _by_name(said, form)
        if columns:
            return _Header(at, columns)
        columns, rest = _by_label(said, form)
        if columns and (best is None or len(columns) > len(best.columns)):
            best = _Header(at, columns, rest)
    return best


def _by_name(said: Sequence[str], form: Form) -> dict[int, str]:
    asked = {each.name for each in asked_in(form).columns}
    names = {at: one.removeprefix(NAME) for at, one in enumerate(said) if one.startswith(NAME)}
    _once(list(names.values()))
    return {at: name for at, name in names.items() if name in asked}


def _by_label(said: Sequence[str], form: Form) -> tuple[dict[int, str], list[str]]:
    """Return the field of each column by its label; of two with one label the first is first."""
    left = {each.name: _labels(each) for each in asked_in(form).columns}
    known = frozenset(label for labels in left.values() for label in labels)
    columns, rest = dict[int, str](), list[str]()
    for at, one in enumerate(said):
        label = one.rstrip("*＊ ")
        name = next((each for each, labels in left.items() if label in labels), "")
        if name:
            columns[at] = name
            del left[name]
        elif label in known:
            raise BadSheet("twice", label)
        elif label and label not in _own():
            rest.append(label)
    return columns, rest


def _labels(spec: Field) -> frozenset[str]:
    return frozenset({narrow(spec.label.get(way)) for way in ("zh", "en")} - {""})


def _own() -> frozenset[str]:
    return frozenset(each.get(way) for each in (ROW, WHY) for way in ("zh", "en"))


def _once(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise BadSheet("twice", name)


def _sheet(cells: _Cells, header: _Header, form: Form, around: Surroundings) -> Sheet:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 — as above

    columns = header.columns
    letters = {name: get_column_letter(place + 1) for place, name in columns.items()}
    below = (
        (n, {name: row[place] for place, name in columns.items()})
        for n, row in cells[header.at + 1 :]
    )
    rows = [_row(n, row, letters, form, around) for n, row in below if _is_answered(row, form)]
    if not rows:
        raise BadSheet("rows")
    if len(rows) > MOST_ROWS:
        raise BadSheet("many")
    known = sorted({label for spec in asked_in(form).columns for label in _labels(spec)})
    strange = tuple((one[:60], nearest(one[:60], known)) for one in header.rest[:20])
    return Sheet(letters, strange, tuple(rows))


def _is_answered(row: Mapping[str, _Cell], form: Form) -> bool:
    """Tell whether a row holds answers: not nothing, hints or labels alone."""
    return any(not _is_idle(cell.value, form.fields[name]) for name, cell in row.items())


def _is_idle(value: Any, spec: Field) -> bool:
    if not isinstance(value, str):
        return value is None
    said = narrow(value[:_LONGEST])
    return not said or value.startswith(HINTS) or said in _labels(spec)


def _row(
    n: int,
    cells: Mapping[str, _Cell],
    letters: Mapping[str, str],
    form: Form,
    around: Surroundings,
) -> Row:
    answers: dict[str, Any] = {}
    misread = []
    for name, cell in cells.items():
        try:
            value = _read(form, name, cell, around)
        except Misread as why:
            misread.append(Wrong(f"{letters[name]}{n}", name, why.code, why.told[:60]))
        else:
            if value is not None:
                answers[name] = value
    seen = {name: said for name, cell in cells.items() if (said := shown(cell.value)[:_LONGEST])}
    return Row(n, seen, answers, tuple(misread))


def _read(form: Form, name: str, cell: _Cell, around: Surroundings) -> Any:
    if cell.kind == "f":
        raise Misread("formula")
    if cell.kind == "e":
        raise Misread("error", shown(cell.value))
    value = cell.value[:_LONGEST] if isinstance(cell.value, str) else cell.value
    spec = form.fields[name]
    return read_cell(spec, value, spec.narrowed({}, around))
