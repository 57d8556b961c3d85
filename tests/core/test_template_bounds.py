"""A template may cost what a template costs: its text is bounded, and looked through in one go."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table

from core.open_xml import NotTaken
from core.stencils.documents import texts_in_document
from core.stencils.keeping import LONGEST_TEXT
from core.stencils.placeholders import marks_in, unclosed_in
from core.stencils.sheets import filled_workbook, texts_in_workbook
from tests.core.documents_made import document, paragraph
from tests.core.house import OFFICERS, House
from tests.core.test_open_xml import MAIN, SHEET, TYPES, part_of, rewritten, sheet_of
from tests.core.test_stencils import AT, sent
from tests.core.workbooks_made import content_of, made


@pytest.mark.timeout(60)  # in steps that grow with the cube of it this would take years
@pytest.mark.parametrize("between", [" ", "每一行", "each ", "　", "{ ", "{{ ", "a"])
def test_braces_that_nothing_closes_are_looked_through_once(between: str) -> None:
    text = "{{" + between * 30_000
    assert marks_in(text) == []
    assert unclosed_in(text)


@pytest.mark.parametrize(
    ("written", "name", "of_row"),
    [
        ("{{姓名}}", "姓名", False),
        ("｛｛　姓名 ｝｝", "姓名", False),
        ("{{ 每一行 ： 姓名 }}", "姓名", True),
        ("{{each:name}}", "name", True),
        ("{{每一行姓名}}", "每一行姓名", False),
        ("{{eachname}}", "eachname", False),
    ],
)
def test_a_placeholder_is_what_stands_in_its_braces(
    written: str,
    name: str,
    of_row: bool,  # noqa: FBT001 — a case of the table above
) -> None:
    [mark] = marks_in(f"-{written}-")
    assert (mark.start, mark.end) == (1, 1 + len(written))
    assert (mark.name, mark.of_row) == (name, of_row)
    assert unclosed_in(written) == []


@pytest.mark.parametrize("written", ["{{ }}", "{{每一行:}}", "{{" + "a" * 241 + "}}"])
def test_braces_with_nothing_or_too_much_in_them_are_told_as_unfinished(written: str) -> None:
    assert marks_in(written) == []
    assert unclosed_in(written)


STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def sharing(cells: int, text: str) -> bytes:
    """Return a workbook with so many cells that hold one text, which it has only once."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells))
    sst = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'
    told = part_of(TYPES).decode().replace("</Types>", f"{STRINGS}</Types>")
    strings = {"xl/sharedStrings.xml": sst.encode()}
    return rewritten({SHEET: sheet_of(rows), TYPES: told.encode(), **strings})


def test_one_long_text_in_many_cells_is_as_much_as_it_is_to_look_at() -> None:
    assert len(texts_in_workbook(sharing(300, "a" * 30_000))) == 299
    for many in (sharing(400, "a" * 30_000), sharing(90_000, "a" * 480)):
        assert len(many) < 600_000
        with pytest.raises(NotTaken, match="swells"):
            texts_in_workbook(many)


def test_long_texts_in_a_repeated_row_are_so_once_for_each_case() -> None:
    content = made(["{{每一行:姓名}}", *["a" * 30_000] * 20])
    assert filled_workbook(content, {}.__getitem__, [lambda _: "x"] * 50)
    with pytest.raises(NotTaken, match="swells"):
        filled_workbook(content, {}.__getitem__, [lambda _: "x"] * 100)


def with_table(root: str, columns: str) -> bytes:
    """Return a workbook with one table over a million cells, its part written in this element."""
    book = Workbook()
    book.worksheets[0].append(["甲", "乙", "{{姓名}}"])
    book.worksheets[0].add_table(Table(displayName="T1", ref="A1:C2"))
    told = f'<{root} xmlns="{MAIN}" id="1" name="T1" displayName="T1" ref="A1:Z40000"'
    part, content = f'{told} headerRowCount="1">{columns}</{root}>', BytesIO()
    with ZipFile(BytesIO(content_of(book))) as old, ZipFile(content, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, part if name.startswith("xl/tables/") else old.read(name))
    return content.getvalue()


@pytest.mark.parametrize("root", ["table", "whatever"])
def test_a_table_that_names_no_columns_makes_no_cells(house: House, root: str) -> None:
    page = sent(house.client(OFFICERS["county"]), AT, with_table(root, ""), "a.xlsx")
    assert page.status_code == 422
    assert "打不开" in page.text


def test_a_table_that_names_its_columns_is_taken_however_long_it_is() -> None:
    names = "".join(f'<tableColumn id="{n}" name="c{n}"/>' for n in range(1, 27))
    content = with_table("table", f'<tableColumns count="26">{names}</tableColumns>')
    [sheet] = load_workbook(BytesIO(filled_workbook(content, lambda _: "x", ()))).worksheets
    assert sheet.dimensions == "A1:C1"
    assert sheet.tables["T1"].ref == "A1:Z40000"


def test_what_can_be_read_but_not_written_is_refused_in_words(house: House) -> None:
    book = Workbook()
    book.worksheets[0].append(["{{姓名}}"])
    content = BytesIO()
    with ZipFile(BytesIO(content_of(book))) as old, ZipFile(content, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'state="visible"', b'state="hidden"'))
    page = sent(house.client(OFFICERS["county"]), AT, content.getvalue(), "a.xlsx")
    assert page.status_code == 422
    assert "打不开" in page.text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (sharing(3, "长" * (LONGEST_TEXT + 1)), "a.xlsx"),
        (document(paragraph("长" * 20_000, "长" * 20_000)), "a.docx"),
    ],
)
def test_a_text_longer_than_a_cell_can_hold_is_refused_in_words(
    house: House, content: bytes, name: str
) -> None:
    page = sent(house.client(OFFICERS["county"]), AT, content, name)
    assert page.status_code == 422
    assert "文字太长" in page.text
    assert f"另存为 .{name.partition('.')[2]}" in page.text


def test_a_text_as_long_as_a_cell_can_hold_is_taken(house: House) -> None:
    content = document(paragraph("长" * LONGEST_TEXT))
    assert texts_in_document(content) == ["长" * LONGEST_TEXT]
    assert sent(house.client(OFFICERS["county"]), AT, content, "a.docx").status_code == 200
