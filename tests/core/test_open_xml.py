"""Uploaded workbooks and documents are bounded before anything opens them."""

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from core.imports.reading import BadSheet, read_workbook
from core.open_xml import LARGEST, MOST_PARTS, NotTaken, _check_parts, checked
from tests.core.house import OFFICERS, House
from tests.core.test_imports import AT, LABELS, row
from tests.core.workbooks_made import content_of, made, uploaded

GOOD = made(LABELS, row(1))
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&b;</worksheet>'
)
SHEET = "xl/worksheets/sheet1.xml"


def changed(**parts: bytes) -> bytes:
    """Return the good workbook with some parts replaced or added (`__` for /, `_` for a dot)."""
    return rewritten({name.replace("__", "/"): content for name, content in parts.items()})


def rewritten(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(BytesIO(GOOD)) as old, ZipFile(content, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, told in parts.items():
            new.writestr(name, told)
    return content.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(NotTaken) as why:
        checked(content, "xlsx")
    return why.value.code


def test_a_good_one_is_taken() -> None:
    assert checked(GOOD, "xlsx") == GOOD


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"\x00" * LARGEST, "large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old"),
        ("姓名,手机号\n甲,1\n".encode(), "text"),
        (b"%PDF-1.7\x00", "kind"),
        (b"PK\x03\x04 not a zip at all", "broken"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (rewritten({"xl/vbaProject.bin": b"x"}), "macros"),
        (rewritten({f"a{n}.txt": b"x" for n in range(MOST_PARTS)}), "swells"),
        (rewritten({"xl/media/image1.png": b"\x00" * 3_000_000}), "swells"),
        (rewritten({SHEET: BOMB.encode()}), "entities"),
        (rewritten({SHEET: BOMB.encode("utf-16")}), "broken"),
        (rewritten({SHEET: b'<?xml version="1.0" encoding="cp037"?><a/>'}), "broken"),
    ],
)
def test_what_is_none_is_refused_by_what_it_is(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_word_file_is_no_workbook() -> None:
    content = BytesIO()
    with ZipFile(content, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<a/>")
    assert code_of(content.getvalue()) == "kind"


def test_many_parts_that_swell_a_little_each_swell_together() -> None:
    parts = {f"xl/media/{n}.txt": bytes(range(256)) * 2000 for n in range(60)}
    assert code_of(rewritten(parts)) == "swells"


def test_a_size_that_is_a_lie_unpacks_no_further_than_it_says() -> None:
    honest = rewritten({"xl/media/a.txt": b"\x00" * 3_000_000})
    at = honest.rindex(b"xl/media/a.txt") - 46
    lying = honest[: at + 24] + struct.pack("<I", 1000) + honest[at + 28 :]
    with ZipFile(BytesIO(lying)) as package:
        assert package.getinfo("xl/media/a.txt").file_size == 1000
    lying = lying.replace(b"a.txt", b"a.xml")
    assert code_of(lying) == "broken"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("姓名,手机号\n甲,1\n".encode(), "名单.csv", "另存为 .xlsx 再上传"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "名单.xls", "旧格式"),
        (rewritten({"xl/vbaProject.bin": b"x"}), "名单.xlsm", "不带宏"),
        (rewritten({SHEET: BOMB.encode()}), "名单.xlsx", "不该有的内容"),
        (rewritten({SHEET: b"<worksheet><sheetData><row>"}), "名单.xlsx", "打不开"),
        (made(["甲", "乙"], ["1", "2"]), "名单.xlsx", "标题行"),
        (made(LABELS), "名单.xlsx", "没有填内容"),
        (made([*LABELS, "姓名"], [*row(1), "x"]), "名单.xlsx", "“姓名”这一项有两列"),
    ],
)
def test_the_page_says_what_would_be_accepted(
    house: House, content: bytes, name: str, said: str
) -> None:
    page = uploaded(house.client(OFFICERS["school"]), AT, content, name)
    assert page.status_code == 422
    assert said in page.text


def test_a_sheet_of_a_million_rows_is_not_walked_through(house: House) -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    page = uploaded(house.client(OFFICERS["school"]), AT, rewritten({SHEET: far}))
    assert page.status_code == 422
    assert "一次最多 500 行" in page.text


@pytest.mark.parametrize(("sheets", "code"), [(1, "header"), (2, "many"), (5, "many")])
def test_far_rows_of_several_sheets_are_counted_together(
    house: House, sheets: int, code: str
) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.worksheets[0], *(book.create_sheet() for _ in range(1, sheets))):
        sheet.cell(19_999, 1, "x")
    form = house.office.catalogue.plugins["volunteers"].form
    with pytest.raises(BadSheet) as why:
        read_workbook(content_of(book), form, house.office.around("zh"))
    assert why.value.code == code


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "[Content_Types].xml"
RELS = "xl/_rels/workbook.xml.rels"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def part_of(name: str) -> bytes:
    with ZipFile(BytesIO(GOOD)) as package:
        return package.read(name)


def sheet_of(inner: str, after: str = "") -> bytes:
    told = f'<worksheet xmlns="{MAIN}"><sheetData>{inner}</sheetData>{after}</worksheet>'
    return told.encode()


def many(each: str, times: int) -> str:
    """Return elements that differ enough for a ZIP not to be refused for its ratio."""
    return "".join(each.replace("~", f"{n * 2654435761 % 2**32:x}") for n in range(times))


def strings(times: int) -> bytes:
    return f'<sst xmlns="{MAIN}">{many("<si><t>~</t></si>", times)}</sst>'.encode()


def styles(times: int) -> bytes:
    made = part_of("xl/styles.xml").decode()
    xf = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" a="~"/>'
    return made.replace("</cellXfs>", f"{many(xf, times)}</cellXfs>").encode()


@pytest.mark.parametrize(
    "parts",
    [
        {SHEET: sheet_of(many("<c s='~'/>", 250_000))},
        {"xl/styles.xml": styles(6000)},
        {"xl/sharedStrings.xml": strings(110_000)},
        {SHEET: sheet_of(many("<x:c xmlns:x='~'/>", 210_000))},
        {"docProps/custom.xml": sheet_of(many("<b c='~'/>", 110_000))},
        {SHEET: sheet_of(many("<a b='~'>", 300))},
        {SHEET: sheet_of("", '<mergeCells><mergeCell ref="A1:XFD9000"/></mergeCells>')},
        {SHEET: sheet_of("", "<mergeCell x='>' ref='&#65;1:&#88;FD1048576'/>")},
        {SHEET: sheet_of("", '<hyperlinks><hyperlink ref="A1:Z90000"/></hyperlinks>')},
        {"xl/comments/comment1.xml": sheet_of('<comment ref="A1:Z90000" authorId="0"/>')},
        {
            SHEET: sheet_of(
                f'<row><c><f t="shared" si="0" ref="A1:A9">{"A1+" * 2000}1</f></c>'
                + many('<c r="A~"><f t="shared" si="0"/></c>', 400)
                + "</row>"
            )
        },
    ],
    ids=[
        "cells",
        "styles",
        "strings",
        "prefixed",
        "anything",
        "deep",
        "merged",
        "merged by references",
        "linked",
        "remarked on",
        "shared formulas",
    ],
)
def test_what_a_few_bytes_make_millions_of_is_refused(parts: dict[str, bytes]) -> None:
    content = rewritten(dict(parts))
    assert len(content) < LARGEST
    with ZipFile(BytesIO(content)) as package:
        _check_parts(package.infolist(), "xlsx")  # bytes alone do not tell
    assert code_of(content) == "swells"


def test_a_sheet_under_another_name_is_looked_at_as_well(house: House) -> None:
    for name in ("xl/worksheets/sheet1.dat", "xl/media/sheet1.png"):
        assert code_of(renamed(BOMB.encode(), name)) == "entities"
        assert code_of(renamed(b"\n" + BOMB.encode(), name)) == "entities"
        assert code_of(renamed(BOMB.encode("utf-16"), name)) == "broken"
        cells = sheet_of(many("<c s='~'/>", 250_000))
        assert code_of(renamed(cells, name)) == "swells"
    good = renamed(part_of(SHEET), "xl/worksheets/sheet1.dat")
    page = uploaded(house.client(OFFICERS["school"]), AT, good)
    assert page.status_code == 200


def renamed(sheet: bytes, name: str) -> bytes:
    """Return the good workbook with its first sheet under another name."""
    content = BytesIO()
    with ZipFile(BytesIO(GOOD)) as old, ZipFile(content, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            told = old.read(each)
            if each in (TYPES, RELS):
                told = told.replace(SHEET.encode(), name.encode())
            if each != SHEET:
                new.writestr(each, told)
        new.writestr(name, sheet)
    return content.getvalue()


def test_what_is_read_afterwards_expands_no_entities_either() -> None:
    assert openpyxl.DEFUSEDXML
    runs = (Path(__file__).parents[2] / "requirements" / "run.txt").read_text()
    assert "\ndefusedxml==" in runs


@pytest.mark.parametrize("written", ["macroEnabled", "macro&#69;nabled", "MACROenabled"])
def test_macros_are_known_however_far_down_they_are_written(written: str) -> None:
    told = part_of(TYPES).decode()
    pad = many('<Default Extension="x~" ContentType="text/plain"/>', 1000)
    kind = f'application/vnd.ms-excel.sheet.{written}.main+xml"/></Types>'
    more = f'{pad}<Override PartName="/xl/x.xml" ContentType="{kind}'
    assert code_of(rewritten({TYPES: told.replace("</Types>", more).encode()})) == "macros"


def test_a_workbook_that_looks_things_up_in_another_is_taken_as_a_list() -> None:
    assert checked(linked("externalLinkPath"), "xlsx")
    with pytest.raises(NotTaken, match="linked"):
        checked(linked("externalLinkPath"), "xlsx", links=False)
    assert checked(linked("hyperlink"), "xlsx", links=False)


def linked(kind: str) -> bytes:
    where = 'Target="http://x.test/" TargetMode="External"'
    more = f'<Relationship Id="x" Type="{RELATED}/{kind}" {where}/>'
    told = part_of(RELS).decode().replace("</Relationships>", f"{more}</Relationships>")
    return rewritten({RELS: told.encode()})
