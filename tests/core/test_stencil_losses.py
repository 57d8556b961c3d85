"""What a county's workbook would lose when it is filled is told before it is kept."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from werkzeug.test import TestResponse

from core.commands.seed import _PICTURE as PNG
from core.stencils.losses import lost_in
from tests.core.house import OFFICERS, House
from tests.core.test_stencils import AT, LIST, filled, placed, sent
from tests.core.workbooks_made import content_of, made
from tests.pages import hidden

SEAL = made(["{{学校}}（公章）"], ["{{姓名}}"])
_NS = "http://schemas.openxmlformats.org"
_RELS = f'<Relationships xmlns="{_NS}/package/2006/relationships">'
_KIND = f"{_NS}/officeDocument/2006/relationships"
_ANCHOR = "<xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row>"
_ANCHOR += "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx='900000' cy='900000'/>"
_BLIP = "<xdr:blipFill><a:blip r:embed='rId1'/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>"
_PICTURE = "<xdr:pic><xdr:nvPicPr><xdr:cNvPr id='2' name='seal'/><xdr:cNvPicPr/></xdr:nvPicPr>"
_PICTURE += f"{_BLIP}<xdr:spPr/></xdr:pic>"
_SHAPE = "<xdr:sp><xdr:nvSpPr><xdr:cNvPr id='3' name='box'/><xdr:cNvSpPr/></xdr:nvSpPr>"
_SHAPE += "<xdr:spPr/></xdr:sp>"


def _anchored(inner: str) -> str:
    told = f"{_ANCHOR}{inner}<xdr:clientData/>"
    return f"<xdr:oneCellAnchor>{told}</xdr:oneCellAnchor>"


def drawn(content: bytes, *inner: str) -> bytes:
    """Return a workbook with a drawing on its sheet, as Excel writes one."""
    drawing = f"<xdr:wsDr xmlns:xdr='{_NS}/drawingml/2006/spreadsheetDrawing'"
    drawing += f" xmlns:a='{_NS}/drawingml/2006/main' xmlns:r='{_KIND}'>"
    drawing += "".join(map(_anchored, inner)) + "</xdr:wsDr>"
    out, types = BytesIO(), "<Default Extension='png' ContentType='image/png'/>"
    types += "<Override PartName='/xl/drawings/drawing1.xml'"
    types += " ContentType='application/vnd.openxmlformats-officedocument.drawing+xml'/>"
    sheet, here = "xl/worksheets/sheet1.xml", f"xmlns:r='{_KIND}'"
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == "[Content_Types].xml":
                part = part.replace("</Types>", f"{types}</Types>")
            if name == sheet:
                part = part.replace("</worksheet>", f"<drawing {here} r:id='rId1'/></worksheet>")
            new.writestr(name, part)
        lead = f"{_RELS}<Relationship Id='rId1' Type='{_KIND}"
        to = "/drawing' Target='/xl/drawings/drawing1.xml'/></Relationships>"
        new.writestr("xl/worksheets/_rels/sheet1.xml.rels", lead + to)
        new.writestr("xl/drawings/drawing1.xml", drawing)
        to = "/image' Target='/xl/media/image1.png'/></Relationships>"
        new.writestr("xl/drawings/_rels/drawing1.xml.rels", lead + to)
        new.writestr("xl/media/image1.png", PNG)
    return out.getvalue()


def charted() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["学校", "件数"], ["{{学校}}", 3]):
        sheet.append(row)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    sheet.add_chart(chart, "D2")
    return content_of(book)


def tried(house: House, content: bytes, **more: str) -> TestResponse:
    client = house.client(OFFICERS["county"])
    told = {**hidden(client.get(AT).text), **more}
    return client.post(AT, data={**told, "template": (BytesIO(content), "公章.xlsx")})


@pytest.mark.parametrize(
    ("content", "lost"),
    [
        (SEAL, ()),
        (LIST, ()),
        (charted(), ()),
        (drawn(SEAL, _PICTURE), ("pictures",)),
        (drawn(SEAL, _PICTURE, _SHAPE), ("pictures", "shapes")),
    ],
    ids=["cells", "list", "chart", "picture", "shape"],
)
def test_what_is_lost_is_what_the_filled_workbook_has_fewer_of(
    content: bytes, lost: tuple[str, ...]
) -> None:
    assert lost_in(content) == lost


def test_a_workbook_with_a_picture_is_kept_only_by_who_knows(house: House) -> None:
    content = drawn(SEAL, _PICTURE, _SHAPE)
    page = tried(house, content)
    assert page.status_code == 422
    assert "填出来的表里不会有：图片、文本框和形状。" in page.text
    assert "我知道会少这些，照样用" in page.text
    assert "公章.xlsx" not in page.text
    assert "我知道会少这些" not in house.client(OFFICERS["county"]).get(AT).text
    kept = tried(house, content, lossy="yes")
    assert kept.status_code == 303
    shown = house.client(OFFICERS["county"]).get(kept.location)
    assert "填出来的表里不会有：图片、文本框和形状。" in shown.text
    original = house.client(OFFICERS["county"]).get(f"{kept.location}file")
    with ZipFile(BytesIO(original.data)) as package:
        assert package.read("xl/media/image1.png") == PNG
    number = kept.location.rstrip("/").rpartition("/")[2]
    answer = filled(house.client(OFFICERS["school"]), house.submit(1), number)
    assert load_workbook(BytesIO(answer.data)).worksheets[0]["A2"].value == "测试1"


def test_what_loses_nothing_is_kept_at_once(house: House) -> None:
    number = placed(house, charted(), "图.xlsx")
    page = house.client(OFFICERS["county"]).get(f"{AT}{number}/").text
    assert "填出来的表里不会有" not in page
    assert sent(house.client(OFFICERS["county"]), AT, SEAL, "表.xlsx").status_code == 200
