"""Word and Excel templates are filled without anything else in them being touched."""

import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from core.open_xml import NotTaken
from core.stencils.documents import filled_document, texts_in_document
from core.stencils.placeholders import marks_in
from core.stencils.sheets import filled_workbook, texts_in_workbook
from tests.core.documents_made import W, body_of, document, paragraph, part, run, table
from tests.core.workbooks_made import content_of


def told(**known: Any) -> Callable[[str], Any]:
    return known.__getitem__


def lines(content: bytes, name: str = "document") -> list[str]:
    """Return the paragraphs of a part as text, by a reader of its own."""
    root = ET.fromstring(body_of(content, name))  # noqa: S314 — made by the test
    return [
        "".join("\n" if each.tag.endswith("br") else each.text or "" for each in one.iter())
        for one in root.iter(f"{{{W}}}p")
    ]


@pytest.mark.parametrize(
    "runs",
    [
        ("{{姓名}}同志",),
        ("{{", "姓名", "}}同志"),
        ("{", "{姓", "名}", "}同志"),
        ("｛｛ 姓名 ｝｝同志",),
    ],
)
def test_a_placeholder_may_be_cut_into_runs(runs: tuple[str, ...]) -> None:
    made = filled_document(document(paragraph("你好，", *runs)), told(姓名="梁韵声"), [])
    assert lines(made) == ["你好，梁韵声同志"]


def test_what_is_no_placeholder_stays_byte_for_byte() -> None:
    before = document(paragraph("甲 &amp; 乙"), paragraph("{{姓名}}"), paragraph("{{没有的}}"))
    after = body_of(filled_document(before, told(姓名="丙"), []))
    assert after == body_of(before).replace("{{姓名}}", "丙")


def test_signs_and_lines_are_kept_as_text() -> None:
    made = filled_document(document(paragraph("{{a}}")), told(a='<w:t>&"\n二\x07'), [])
    assert lines(made) == ['<w:t>&"\n二']


def test_a_tab_ends_a_placeholder() -> None:
    apart = f"<w:p>{run('{{姓')}<w:r><w:tab/></w:r>{run('名}}')}</w:p>"
    assert [one for text in texts_in_document(document(apart)) for one in marks_in(text)] == []


def test_several_in_one_run_and_one_over_two() -> None:
    before = document(paragraph("{{a}}、{{b}}、{{", "c}}{{a}}"))
    assert lines(filled_document(before, told(a="一", b="", c="三三三"), [])) == ["一、、三三三一"]


def test_a_row_is_repeated_for_each_case() -> None:
    before = document(
        paragraph("{{学校}}"), table(["姓名", "电话"], ["{{每一行:姓名}}", "{{每一行：电话}}"])
    )
    rows = [told(姓名=f"人{n}", 电话=f"{n}") for n in (1, 2, 3)]
    made = lines(filled_document(before, told(学校="一小"), rows))
    assert made == ["一小", "姓名", "电话", "人1", "1", "人2", "2", "人3", "3"]
    assert lines(filled_document(before, told(学校="一小"), [])) == ["一小", "姓名", "电话"]


def test_a_table_within_a_repeated_row_is_repeated_with_it() -> None:
    inner = table(["{{每一行:b}}", "{{a}}"])
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('{{a}}')}{table(['固定'])}</w:tc></w:tr></w:tbl>"
    nested = (
        f"<w:tbl><w:tr><w:tc>{paragraph('{{每一行:a}}')}{table(['{{a}}'])}</w:tc></w:tr></w:tbl>"
    )
    rows = [told(a="x", b="y"), told(a="u", b="v")]
    made = lines(filled_document(document(inner, outer, nested), told(a="外"), rows))
    assert made == ["y", "x", "v", "u", "外", "固定", "x", "x", "u", "u"]


def test_what_somebody_typed_is_not_looked_through_again() -> None:
    before = document(table(["{{每一行:a}}"]), paragraph("{{a}}"))
    made = filled_document(before, told(a="{{b}}", b="漏"), [told(a="{{每一行:b}}", b="漏")])
    assert lines(made) == ["{{每一行:b}}", "{{b}}"]
    book = Workbook()
    book.worksheets[0].append(["{{a}}"])
    book.worksheets[0].append(["{{每一行:a}}"])
    done = filled_workbook(content_of(book), told(a="{{b}}", b="漏"), [told(a="{{b}}", b="漏")])
    assert [each.value for each in load_workbook(BytesIO(done)).worksheets[0]["A"]] == ["{{b}}"] * 2


def test_heads_and_feet_are_filled_too() -> None:
    before = document(paragraph("甲"), header1=part("hdr", paragraph("{{学校}}")))
    assert lines(filled_document(before, told(学校="一小"), []), "header1") == ["一小"]


def test_a_document_that_is_no_xml_or_too_much_is_refused() -> None:
    with pytest.raises(NotTaken):
        texts_in_document(document("<w:p>"))
    with pytest.raises(NotTaken):
        texts_in_document(document("<w:p>" * 300 + "</w:p>" * 300))
    big = document(table(["{{每一行:a}}" + "长" * 400_000]))
    with pytest.raises(NotTaken):
        filled_document(big, told(), [told(a="1")] * 100)


def test_another_prefix_for_words_namespace_does_as_well() -> None:
    inner = "<tt:p><tt:r><tt:t>{{a}}</tt:t></tt:r></tt:p>"
    made = _with(document(), f'<tt:document xmlns:tt="{W}">{inner}</tt:document>')
    assert "<tt:t xml:space=" in body_of(filled_document(made, told(a="一"), []))
    assert lines(filled_document(made, told(a="一"), [])) == ["一"]


def _with(content: bytes, body: str) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return made.getvalue()


def _book() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"] = "{{学校}} 名册", "{{今天}}"
    sheet["A1"].font = Font(bold=True, size=18)
    sheet.merge_cells("A2:B2")
    sheet["A3"], sheet["B3"], sheet["C3"] = "{{每一行:姓名}}", "{{每一行:人数}}", "固定"
    sheet["A3"].font = Font(italic=True)
    sheet.merge_cells("C3:D3")
    sheet.row_dimensions[3].height = 33
    sheet["A4"], sheet["B4"] = "合计", "=SUM(B1:B3)"
    sheet.merge_cells("A5:B5")
    sheet["A5"] = "制表：{{学校}}"
    return content_of(book)


def test_a_worksheet_row_is_repeated_and_what_stands_below_moves_down() -> None:
    rows = [told(姓名=f"人{n}", 人数=Decimal(n)) for n in (1, 2, 3)]
    done = filled_workbook(_book(), told(学校="一小", 今天="今天"), rows)
    sheet = load_workbook(BytesIO(done)).worksheets[0]
    assert [[one.value for one in row[:3]] for row in sheet.iter_rows(1, 7)] == [
        ["一小 名册", "今天", None],
        [None, None, None],
        ["人1", 1, "固定"],
        ["人2", 2, "固定"],
        ["人3", 3, "固定"],
        ["合计", "=SUM(B1:B3)", None],
        ["制表：一小", None, None],
    ]
    assert (sheet["A1"].font.size, sheet["A5"].font.italic) == (18, True)
    assert sheet.row_dimensions[5].height == 33
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert merged == {"A2:B2", "C3:D3", "C4:D4", "C5:D5", "A7:B7"}


def test_without_cases_the_row_is_empty() -> None:
    sheet = load_workbook(BytesIO(filled_workbook(_book(), told(学校="一小", 今天="x"), [])))
    assert [one.value for one in sheet.worksheets[0][3]][:3] == [None, None, "固定"]


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_answer_becomes_a_formula(typed: str) -> None:
    rows = [told(姓名=typed, 人数=typed)]
    done = filled_workbook(_book(), told(学校=typed, 今天=typed), rows)
    sheet = load_workbook(BytesIO(done)).worksheets[0]
    for at in ("A3", "B3", "B1"):
        assert (sheet[at].value, sheet[at].data_type, sheet[at].quotePrefix) == (typed, "s", True)
    assert sheet["A1"].data_type == "s"
    assert sheet["B4"].data_type == "f"  # the template's own


def test_a_cell_far_away_makes_no_million_rows() -> None:
    book = Workbook()
    book.worksheets[0]["XFD1048576"] = "{{每一行:a}}"
    book.worksheets[0]["A1"] = "{{a}}"
    assert sorted(texts_in_workbook(content_of(book))) == ["{{a}}", "{{每一行:a}}"]


def test_marks_are_told_from_other_braces() -> None:
    text = "{x} {{}} {{ 甲 }} {{每一行: 乙}} ${丙} {{丁"
    assert [(one.name, one.of_row) for one in marks_in(text)] == [("甲", False), ("乙", True)]
    assert not re.search("丁", "".join(one.name for one in marks_in(text)))


def test_what_comes_to_too_much_filled_is_refused() -> None:
    """A few bytes of a template, and what people typed, times its rows."""
    long = told(甲="长" * 30_000)
    marks = "{{每一行:甲}}" * 10
    for content, fill in (
        (document(table([marks])), filled_document),
        (content_of(made_of([marks])), filled_workbook),
    ):
        with pytest.raises(NotTaken, match="swells"):
            fill(content, long, [long] * 80)
        assert fill(content, long, [long] * 2)


def test_a_paragraph_of_many_runs_and_placeholders_takes_no_minutes() -> None:
    row = "".join(run("{{每一行:甲}}") for _ in range(900))
    known = told(甲="x")
    content = document(f"<w:tbl><w:tr><w:tc><w:p>{row}</w:p></w:tc></w:tr></w:tbl>")
    with pytest.raises(NotTaken, match="swells"):
        filled_document(content, known, [known] * 1000)
    assert filled_document(content, known, [known])


def made_of(*rows: list[str]) -> Workbook:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    return book
