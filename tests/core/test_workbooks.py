"""Workbooks: kinds stay kinds, what people typed is never a formula, and it is ready for use."""

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from core.tables import Cell, Column, Table
from core.workbooks import workbook
from forms.text import Text
from tests.core.reading import header_of, rows_of, sheets_of

COLUMNS = (
    Column(Text("学校", "School")),
    Column(Text("人数", "Pupils"), "number"),
    Column(Text("比例", "Share"), "share"),
    Column(Text("日期", "Date"), "date"),
    Column(Text("用时", "Took"), "duration"),
)
ROW: tuple[Cell, ...] = ("云汀学校", 32, 0.5, date(2026, 12, 2), timedelta(hours=30))


def table(*rows: tuple[Cell, ...], title: str = "使用", **other: object) -> Table:
    told = {"title": Text(title), "columns": COLUMNS, "rows": rows or (ROW,), **other}
    return Table(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        '=HYPERLINK("http://x.example","点这里")',
        "+86 355",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "#N/A",
        "{=1}",
        "00123",
    ],
)
def test_what_people_typed_is_text_and_stays_text_when_it_is_edited(typed: str) -> None:
    [sheet] = sheets_of(workbook([table((typed, *ROW[1:]), title=typed)], "zh"))
    for cell in (sheet["A1"], sheet["A4"]):
        assert (cell.data_type, cell.value) == ("s", typed)
        assert cell.quotePrefix == typed.startswith(("=", "+", "-", "@", "\t"))


def test_the_file_itself_holds_no_formula() -> None:
    content = workbook([table(("=1+1", 1, 0.1, None, None))], "zh")
    with ZipFile(BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_numbers_shares_dates_and_durations_are_what_they_are() -> None:
    [sheet] = sheets_of(workbook([table(ROW, ("甲", Decimal("1.5"), None, None, None))], "zh"))
    assert [cell.data_type for cell in sheet[4]] == ["s", "n", "n", "d", "d"]
    assert [cell.number_format for cell in sheet[4]][1:] == [
        "General",
        "0.0%",
        "yyyy-mm-dd",
        "[h]:mm",
    ]
    [first, second] = rows_of(sheet)
    assert (first[1], first[2], first[3].date()) == (32, 0.5, date(2026, 12, 2))
    assert first[4] == timedelta(hours=30)
    assert second == ("甲", 1.5, None, None, None)


def test_the_header_stays_in_sight_and_filters_all_rows_but_the_sum() -> None:
    [sheet] = sheets_of(workbook([table(ROW, ROW, total=("合计", 64, 0.5, None, None))], "zh"))
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:E5"
    assert header_of(sheet) == ["学校", "人数", "比例", "日期", "用时"]
    assert rows_of(sheet)[-1][:2] == ("合计", 64)


def test_a_column_is_as_wide_as_its_chinese() -> None:
    long = "青禾县松岚寄宿制初级中学"
    [sheet] = sheets_of(workbook([table((long, *ROW[1:]))], "zh"))
    assert sheet.column_dimensions["A"].width >= 2 * len(long)
    [sheet] = sheets_of(workbook([table(("长" * 500, *ROW[1:]))], "zh"))
    assert sheet.column_dimensions["A"].width <= 60


def test_it_speaks_the_language_it_is_asked_in() -> None:
    [sheet] = sheets_of(workbook([table((Text("甲", "One"), *ROW[1:]))], "en"))
    assert header_of(sheet) == ["School", "Pupils", "Share", "Date", "Took"]
    assert rows_of(sheet)[0][0] == "One"


def test_each_table_has_a_sheet_of_its_own_with_a_name_that_excel_takes() -> None:
    titles = ["各馆[使用]/全县：" + "长" * 40] * 3 + ["", "Use", "USE"]
    sheets = sheets_of(workbook([table(title=each) for each in titles], "zh"))
    names = [sheet.title.lower() for sheet in sheets]
    assert len(set(names)) == 6
    assert all(0 < len(each) <= 31 and not set(each) & set("[]:*?/\\") for each in names)


def test_characters_that_no_workbook_holds_are_left_out() -> None:
    [sheet] = sheets_of(workbook([table(("甲\x00\x0b乙\ud800\uffff䶮", *ROW[1:]))], "zh"))
    assert rows_of(sheet)[0][0] == "甲乙䶮"


def test_without_rows_there_is_the_header() -> None:
    [sheet] = sheets_of(workbook([Table(Text("空"), COLUMNS, ())], "zh"))
    assert header_of(sheet)[0] == "学校"
    assert rows_of(sheet) == []


def test_nothing_of_excel_is_loaded_before_it_is_asked_for() -> None:
    told = "import sys, core.web.app; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
