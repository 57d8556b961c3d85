"""本县表格: uploaded by the county, filled by who works on the case, blank where not to read."""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from core.case_items import Case
from core.numbers import spoken
from core.web import stencil_use
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.documents_made import document, paragraph, table
from tests.core.house import OFFICERS, House, case_id_of, everything
from tests.core.plugin_folder import GUIDE, blocks, suggest, write
from tests.core.test_documents import lines
from tests.core.test_open_xml import BOMB, SHEET, rewritten
from tests.core.workbooks_made import made
from tests.pages import fictional_phone, hidden, identity, narrowed

AT = "/qinghe/volunteers/templates/"
LETTER = document(
    paragraph("{{回执号}} {{学校}} {{今天}} {{状态}}"),
    paragraph("{{姓", "名}}，{{id_number}}，{{您的特长}}，{{查询结果}}"),
)
LIST = made(["{{学校}}", "{{件数}}"], ["{{每一行:序号}}", "{{每一行:姓名}}", "{{每一行:手机号}}"])
TRAY = "D#hexi-1#school_officer#volunteers"


def sent(client: FlaskClient, path: str, content: bytes, name: str) -> TestResponse:
    token = hidden(client.get(path).text).get("csrf_token", "")
    given = {"csrf_token": token, "template": (BytesIO(content), name)}
    return client.post(path, data=given, follow_redirects=True)


def placed(house: House, content: bytes = LETTER, name: str = "审核表.docx", at: str = AT) -> str:
    """Upload a template as the county; return its id."""
    page = sent(house.client(OFFICERS["county"]), at, content, name)
    assert page.status_code == 200, page.text
    return page.request.path.rstrip("/").rpartition("/")[2]


def filled(client: FlaskClient, case: Case, number: str) -> TestResponse:
    page = client.get(f"/{case.item['place']}/case/{case.id}/templates/")
    token = hidden(page.text).get("csrf_token", "")
    return client.post(f"{page.request.path}{number}", data={"csrf_token": token})


def looks(house: House) -> list[Any]:
    return [each for each in everything(house, "A#") if "look" in each]


def test_a_case_is_filled_into_the_countys_own_letter(house: House) -> None:
    number, case = placed(house), house.cleared(1)
    client = house.client(OFFICERS["school"])
    page = client.get(f"/{case.item['place']}/case/{case.id}/")
    assert f"/case/{case.id}/templates/" in page.text
    answer = filled(client, case, number)
    assert answer.status_code == 200
    first, second = lines(answer.data)
    spaced = " ".join(case.id[n : n + 4] for n in range(0, 16, 4))
    assert first == f"{spaced} 青禾县禾溪第一小学 2026年11月23日 可排课"
    assert second == f"测试1，{identity(1)}，阅读、体育，未查到记录"
    way, _, name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")
    assert way.startswith("attachment; ")
    assert unquote(name) == f"审核表 {case.id}.docx"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {each["look"] for each in looks(house)} == {"name", "id_number"}
    assert {each["by"] for each in looks(house)} == {house.person("school").id}


def test_a_list_is_filled_a_row_for_each_case(house: House) -> None:
    number = placed(house, LIST, "名册.xlsx")
    for n in (1, 2, 3):
        house.submit(n)
    house.do(house.submit(4), "withdraw", fictional_phone(4))
    client = house.client(OFFICERS["school"])
    seek = narrowed(client, f"/desk/?tray={quote(TRAY)}", "测试2").partition("seek=")[2]
    for asked, phones in (({}, [1, 2, 3]), ({"seek": seek}, [2]), ({"list": "finished"}, [4])):
        told = {"tray": TRAY, **asked}
        page = client.get("/desk/templates/", query_string=told)
        assert "名册.xlsx" in page.text
        token = hidden(page.text)["csrf_token"]
        answer = client.post(f"/desk/templates/{number}", data={**told, "csrf_token": token})
        assert answer.status_code == 200, answer.text
        rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].values)
        assert rows[0][:2] == ("青禾县禾溪第一小学", len(phones))
        assert sorted(row[2] for row in rows[1:]) == [fictional_phone(n) for n in phones]
        assert [row[0] for row in rows[1:]] == list(range(1, len(phones) + 1))
    assert sorted(len(each["cases"]) for each in looks(house)) == [1, 1, 3]


def test_more_cases_than_fit_are_refused_with_what_to_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stencil_use, "MOST_CASES", 1)
    number = placed(house, LIST, "名册.xlsx")
    house.submit(1)
    house.submit(2)
    client = house.client(OFFICERS["school"])
    token = hidden(client.get("/desk/templates/").text)["csrf_token"]
    told = {"tray": TRAY, "csrf_token": token}
    answer = client.post(f"/desk/templates/{number}", data=told)
    assert answer.status_code == 422
    assert "一次最多填 1 件" in answer.text
    assert not looks(house)


def test_who_may_not_read_an_answer_gets_a_blank(make_house: MakeHouse, tmp_path: Path) -> None:
    form = blocks(GUIDE)["forms/suggestion.yaml"].replace(
        "privacy: {class: contact, retain: P1Y}",
        "privacy: {class: contact, retain: P1Y}\n        readers: [county_officer]",
    )
    manifest = (
        blocks(GUIDE)["plugin.yaml"]
        .replace("id: suggestions", "id: notes")
        .replace("roles:\n", "roles:\n  - {id: county_officer, name: 县教育局, at: county}\n")
    )
    flow = blocks(GUIDE)["workflows/answering.yaml"].replace(
        "    by: school_officer\n", "    by: [school_officer, county_officer]\n"
    )
    more = write(
        tmp_path / "more",
        "notes",
        forms__suggestion=form,
        workflows__answering=flow,
        plugin=manifest,
    )
    house = make_house(folders=[BUNDLED, more])
    house.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    asks = document(paragraph("{{手机号}}|{{phone}}|{{请说说您的意见}}"), table(["x"]))
    number = placed(house, asks, "办理单.docx", "/qinghe/notes/templates/")
    case = house.office.cases.get(case_id_of(suggest(house.client(), plugin="notes")))
    assert case is not None
    school = filled(house.client(OFFICERS["school"]), case, number)
    assert lines(school.data)[0] == "||门口要一盏灯"
    assert not looks(house)
    county = filled(house.client(OFFICERS["county"]), case, number)
    assert lines(county.data)[0] == "00000000112|00000000112|门口要一盏灯"
    assert [each["look"] for each in looks(house)] == ["phone"]


def test_unknown_placeholders_are_shown_with_what_was_meant(house: House) -> None:
    content = document(paragraph("{{姓名}}{{身份证好}}{{xyz}}{{今天}}"))
    client = house.client(OFFICERS["county"])
    page = sent(client, AT, content, "../../a.docx")
    assert "2 处认不出来" in page.text
    assert "是不是“身份证号”" in page.text
    assert "a.docx" in page.text
    case = house.submit(1)
    number = page.request.path.rstrip("/").rpartition("/")[2]
    client = house.client(OFFICERS["school"])
    assert lines(filled(client, case, number).data) == ["测试1{{身份证好}}{{xyz}}2026年11月23日"]


def test_a_name_that_looks_like_a_formula_is_filled_in_as_text(house: House) -> None:
    number = placed(house, made(["{{姓名}}"]), "卡片.xlsx")
    case = house.submit(1, name="=1+1")
    answer = filled(house.client(OFFICERS["school"]), case, number)
    cell = load_workbook(BytesIO(answer.data)).worksheets[0]["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "请先选一个"),
        (b"a,b\n", "a.csv", "另存为 .xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.png", "请另存为 .docx 或 .xlsx 再上传"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.doc", "另存为没有密码的 .docx"),
        (rewritten({SHEET: BOMB.encode()}), "a.xlsx", "不该有的内容"),
        (document(paragraph("{{a}}"), evil=BOMB), "a.docx", "不该有的内容"),
        (document("<w:p>"), "a.docx", "打不开"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(
    house: House, content: bytes, name: str, said: str
) -> None:
    page = sent(house.client(OFFICERS["county"]), AT, content, name)
    assert page.status_code == 422
    assert said in page.text


@pytest.mark.parametrize("who", ["other_county", "school", "other_school", "00000000112"])
def test_the_countys_templates_are_its_own(house: House, who: str) -> None:
    number = placed(house)
    client = house.client(OFFICERS.get(who, who))
    for path in (AT, f"{AT}{number}/", f"{AT}{number}/file"):
        assert client.get(path).status_code == 404, path
    assert house.client().get(AT).location.startswith("/sign-in/")
    token = hidden(client.get("/my/").text)["csrf_token"]
    deleted = client.post(f"{AT}{number}/delete", data={"csrf_token": token})
    assert deleted.status_code == 404
    assert house.office.stencils.find("qinghe", "volunteers", number)


@pytest.mark.parametrize("who", ["other_county", "other_school", "00000000112"])
def test_nobody_elses_case_is_filled(house: House, who: str) -> None:
    number, case = placed(house), house.submit(1)
    client = house.client(OFFICERS.get(who, who))
    assert client.get(f"/{case.item['place']}/case/{case.id}/templates/").status_code == 404
    token = hidden(client.get("/my/").text)["csrf_token"]
    path = f"/{case.item['place']}/case/{case.id}/templates/{number}"
    assert client.post(path, data={"csrf_token": token}).status_code == 404
    assert not looks(house)


def test_nobody_elses_list_is_filled(house: House) -> None:
    number = placed(house, LIST, "名册.xlsx")
    client = house.client(OFFICERS["other_school"])
    token = hidden(client.get("/my/").text)["csrf_token"]
    told = {"tray": TRAY, "csrf_token": token}
    assert client.post(f"/desk/templates/{number}", data=told).status_code == 404
    assert client.get("/desk/templates/", query_string={"tray": TRAY}).status_code == 404


def test_a_template_of_another_county_is_not_found_for_a_case(house: House) -> None:
    number, case = placed(house), house.submit(1)
    stencil = house.office.stencils.find("qinghe", "volunteers", number)
    assert stencil is not None
    house.office.stencils.delete(stencil)
    other = house.office.stencils.keep(
        "songlan", "volunteers", "a.docx", LETTER, house.person("other_county")
    )
    answer = filled(house.client(OFFICERS["school"]), case, other.id)
    assert answer.status_code == 404


def test_what_was_deleted_is_gone_with_its_file(house: House) -> None:
    number = placed(house)
    kept = [each for each in (house.folder / "files").rglob("*") if each.is_file()]
    assert len(kept) == 1
    assert kept[0].read_bytes()[:2] != b"PK"
    client = house.client(OFFICERS["county"])
    assert client.get(f"{AT}{number}/file").data == LETTER
    token = hidden(client.get(f"{AT}{number}/").text)["csrf_token"]
    page = client.post(f"{AT}{number}/delete", data={"csrf_token": token}, follow_redirects=True)
    assert "还没有表格" in page.text
    assert not [each for each in (house.folder / "files").rglob("*") if each.is_file()]


def test_where_there_is_none_the_page_says_who_can_bring_one(house: House) -> None:
    case = house.submit(1)
    path = f"/{case.item['place']}/case/{case.id}/templates/"
    assert "请联系县教育局上传" in house.client(OFFICERS["school"]).get(path).text
    assert f'href="{AT}"' in house.client(OFFICERS["county"]).get(path).text
    assert "请联系县教育局上传" in house.client(OFFICERS["school"]).get("/desk/templates/").text
    county = house.client(OFFICERS["county"])
    assert f'href="{AT}"' in county.get("/qinghe/services/volunteers/").text


SETTINGS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/~" Target="http://x.test/a.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject"])
def test_a_template_that_leads_to_another_file_is_refused_in_words(house: House, kind: str) -> None:
    with_link = extended(LETTER, SETTINGS.replace("~", kind))
    page = sent(house.client(OFFICERS["county"]), AT, with_link, "表.docx")
    assert page.status_code == 422
    assert "连着别的文件" in page.text
    assert "另存为 .docx" in page.text
    assert placed(house, extended(LETTER, SETTINGS.replace("~", "hyperlink")))


def extended(content: bytes, relations: str) -> bytes:
    made = BytesIO(content)
    with ZipFile(made, "a") as package:
        package.writestr("word/_rels/settings.xml.rels", relations)
    return made.getvalue()


def test_what_is_known_but_not_here_comes_out_blank_and_the_unknown_stays(house: House) -> None:
    """The hours of a session are asked by another workflow of the service."""
    asks = document(paragraph("[{{序号}}][{{件数}}][{{课程名称}}][{{xyz}}]"))
    number, case = placed(house, asks), house.submit(1)
    assert "1 处认不出来" in house.client(OFFICERS["county"]).get(f"{AT}{number}/").text
    filled_in = filled(house.client(OFFICERS["school"]), case, number)
    assert lines(filled_in.data) == ["[][][][{{xyz}}]"]


def test_in_a_list_what_is_of_single_cases_comes_out_blank(house: House) -> None:
    content = made(["{{姓名}}。", "{{状态}}", "{{xyz}}"], ["{{每一行:姓名}}", "{{每一行:件数}}"])
    number = placed(house, content, "名册.xlsx")
    house.submit(1)
    client = house.client(OFFICERS["school"])
    token = hidden(client.get("/desk/templates/", query_string={"tray": TRAY}).text)["csrf_token"]
    answer = client.post(f"/desk/templates/{number}", data={"tray": TRAY, "csrf_token": token})
    rows = [*load_workbook(BytesIO(answer.data)).worksheets[0].values]
    assert rows[0] == ("。", None, "{{xyz}}")
    assert rows[1][:2] == ("测试1", None)


def test_the_receipt_number_has_two_names_and_the_page_lists_the_usual_one(house: House) -> None:
    county = house.client(OFFICERS["county"])
    page = county.get(AT).text
    assert "{{查询码}}" in page
    assert "回执号" not in page
    number = placed(house, document(paragraph("{{查询码}}|{{回执号}}")))
    assert "都认得" in county.get(f"{AT}{number}/").text
    case = house.submit(1)
    [line] = lines(filled(house.client(OFFICERS["school"]), case, number).data)
    first, second = line.split("|")
    assert first == second == spoken(case.id)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (document(paragraph("{{姓名}}和{{手", "机号"), paragraph("}}")), "a.docx"),
        (made(["{{姓名}}", "｛｛手机号｝"]), "a.xlsx"),
    ],
)
def test_braces_left_open_are_told_at_upload(house: House, content: bytes, name: str) -> None:
    page = sent(house.client(OFFICERS["county"]), AT, content, name)
    assert page.status_code == 200
    assert "1 处花括号没有写完整" in page.text
    assert "手机号" in page.text.partition("没有写完整")[2].partition("</section>")[0]
    assert "都认得" not in page.text
