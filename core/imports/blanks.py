"""The empty workbook of a form, and the one that gives rows back with what is wrong with them.

From the top: a title, how it is filled in, a hidden row with the fields' own names, the labels, and
a row of hints, which is never taken in. The second sheet lists what certain columns accept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.answer_cells import asked_in, offered
from core.workbooks import write_cell
from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Language, Surroundings
from forms.text import Text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 500
NAME = "kehou:"
"""What stands before a field's name in the hidden row."""
HINTS = ("填法：", "How to: ")
"""How every cell of the row of hints begins; a row of nothing else is not taken in."""
ROW, WHY = Text("原来第几行", "Row it came from"), Text("哪里不对", "What is wrong")
"""The columns that a workbook of problems has before the others."""
_TITLE, _NOTE, _NAMES, _LABELS, _HINTS = 1, 2, 3, 4, 5
_WIDE, _OPTIONS = 22, Text("可以填什么", "What is accepted")
_NOTES = Text(
    "一行填一个人，最多 %d 行。填好后存成 .xlsx 再上传，上传后先检查，不会马上提交。",
    "One row for each person, %d at most. Save it as .xlsx and upload it: it is checked first.",
)
_LEFT_OUT = Text(
    "这些要由本人自己填，表里没有：%s。", "Left out, for only the person can give them: %s."
)
_REQUIRED = Text("必填", "required")
_HOW = {
    "date": Text("日期，如 2026-09-01", "a date such as 2026-09-01"),
    "time": Text("时间，如 16:30", "a time such as 16:30"),
    "datetime": Text("日期和时间，如 2026-09-01 16:30", "such as 2026-09-01 16:30"),
    "date_range": Text("如 2026-09-01 至 2026-09-30", "such as 2026-09-01 to 2026-09-30"),
    "choice": Text("从下拉列表里选一个", "choose one from the list"),
    "lookup": Text("从下拉列表里选一个", "choose one from the list"),
    "choices": Text(
        "可以填几个，用顿号隔开，能填的见第二张表",
        "several, with commas between them; see the second sheet",
    ),
    "yes_no": Text("填“是”或“否”", "yes or no"),
    "address": Text(
        "先写地区（见第二张表），再写详细地址",
        "the region first (see the second sheet), then the rest",
    ),
    "phone": Text("11 位手机号", "a mobile number of 11 digits"),
    "cn_id": Text("18 位身份证号，单元格要是文本格式", "18 characters, in a cell of kind text"),
    "integer": Text("整数", "a whole number"),
    "decimal": Text("数字", "a number"),
    "money": Text("金额，单位元", "an amount in yuan"),
}
_LISTED = ("choice", "lookup", "yes_no")
_TEXT = ("text", "long_text", "phone", "cn_id", "uscc", "email", "url")


@dataclass(frozen=True, slots=True)
class Returned:
    """A row that is given back: where it stood, what is wrong in words, its cells by field."""

    n: int
    why: str
    cells: Mapping[str, str]


def blank(form: Form, around: Surroundings) -> bytes:
    """Return the empty workbook of a form as an XLSX file."""
    return _workbook(form, asked_in(form).columns, (), around, returned=False)


def returned(
    form: Form, names: Iterable[str], rows: Sequence[Returned], around: Surroundings
) -> bytes:
    """Return a workbook of rows to be mended: it can be uploaded again as it is."""
    columns = [form.fields[name] for name in names]
    return _workbook(form, columns, rows, around, returned=True)


def _workbook(
    form: Form,
    columns: Sequence[Field],
    rows: Sequence[Returned],
    around: Surroundings,
    *,
    returned: bool,
) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 — slow to load, and seldom asked for

    book, language = Workbook(), around.language
    sheet = book.worksheets[0]
    sheet.title = "1"
    _head(sheet, form, language)
    lead = [ROW, WHY] if returned else []
    for at, label in enumerate(lead, 1):
        _bold(write_cell(sheet, _LABELS, at, label.get(language)))
        sheet.column_dimensions[_letter(at)].width = _WIDE
    accepted = book.create_sheet(_OPTIONS.get(language))
    for at, spec in enumerate(columns, len(lead) + 1):
        _column(sheet, at, spec, language)
        _accepts(sheet, accepted, at, spec, around)
    for n, row in enumerate(rows, _HINTS + 1):
        write_cell(sheet, n, 1, row.n)
        write_cell(sheet, n, 2, row.why)
        for at, spec in enumerate(columns, len(lead) + 1):
            write_cell(sheet, n, at, row.cells.get(spec.name) or None)
    sheet.row_dimensions[_NAMES].hidden = True
    sheet.freeze_panes = f"A{_HINTS + 1}"
    if accepted.max_column == 1 and accepted["A1"].value is None:
        book.remove(accepted)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _head(sheet: "Worksheet", form: Form, language: Language) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 — as above

    write_cell(sheet, _TITLE, 1, form.title.get(language)).font = Font(bold=True, size=14)
    note, without = _NOTES.get(language) % MOST_ROWS, asked_in(form).left_out
    if without:
        named = "、" if language == "zh" else ", "
        labels = named.join(each.label.get(language) for each in without)
        note = f"{note} {_LEFT_OUT.get(language) % labels}"
    write_cell(sheet, _NOTE, 1, note)


def _column(sheet: "Worksheet", at: int, spec: Field, language: Language) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 — as above

    write_cell(sheet, _NAMES, at, NAME + spec.name)
    _bold(write_cell(sheet, _LABELS, at, spec.label.get(language)))
    hint = write_cell(sheet, _HINTS, at, _hint(spec, language))
    hint.font = Font(italic=True, color="FF666666")
    column = sheet.column_dimensions[_letter(at)]
    column.width = _WIDE
    if spec.type.name in _TEXT:
        column.number_format = "@"  # else Excel rounds an identity number off


def _hint(spec: Field, language: Language) -> str:
    how = _HOW.get(spec.type.name)
    told = [
        _REQUIRED.get(language) if spec.required else "",
        how.get(language) if how else "",
        spec.hint.get(language),
        spec.example.get(language),
    ]
    lead = HINTS[0] if language == "zh" else HINTS[1]
    return lead + ("；" if language == "zh" else "; ").join(filter(None, told))


def _accepts(
    sheet: "Worksheet", accepted: "Worksheet", at: int, spec: Field, around: Surroundings
) -> None:
    """Write down what a column accepts; where it is one of them, let Excel offer the list."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 — as above

    words = offered(spec, around)
    if not words:
        return
    first = accepted["A1"].value is None
    column = 1 if first else accepted.max_column + 1
    _bold(write_cell(accepted, 1, column, spec.label.get(around.language)))
    for n, each in enumerate(words, 2):
        write_cell(accepted, n, column, each)
    accepted.column_dimensions[_letter(column)].width = _WIDE
    if spec.type.name in _LISTED:
        letter = _letter(column)
        where = f"'{accepted.title}'!${letter}$2:${letter}${len(words) + 1}"
        rule = DataValidation(type="list", formula1=where, allow_blank=True)
        rule.add(f"{_letter(at)}{_HINTS + 1}:{_letter(at)}{_HINTS + MOST_ROWS}")
        sheet.add_data_validation(rule)


def _bold(cell: Any) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 — as above

    cell.font = Font(bold=True)


def _letter(at: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 — as above

    return str(get_column_letter(at))
