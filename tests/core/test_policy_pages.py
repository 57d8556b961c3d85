"""What citizens read of the rules and the calendar, and what an officer sets there."""

import re
from datetime import date

import pytest

from core.calendars import year_at
from tests.core.house import OFFICERS, House
from tests.pages import hidden

DAYS = [("元旦", "2027-01-01", "2027-01-03"), ("春节", "2027-02-05", "2027-02-11")]


def token(house: House, who: str, path: str) -> tuple[object, dict[str, str]]:
    client = house.client(OFFICERS[who])
    return client, {"csrf_token": hidden(client.get(path).text)["csrf_token"]}


def test_every_document_and_every_clause_has_its_page(house: House) -> None:
    client = house.client()
    assert "关于进一步规范义务教育课后服务有关工作的通知" in client.get("/policy/").text
    for document in house.office.policy.documents.values():
        page = client.get(f"/policy/{document.id}/").text
        for clause in document.clauses:
            assert clause.name in page
            assert clause.quote[:20] in client.get(f"/policy/{clause.basis}").text
    assert client.get("/policy/nothing/").status_code == 404
    assert client.get("/policy/changzhi-2021/九").status_code == 404


def test_a_clause_shows_its_passage_within_the_whole_of_it(house: House) -> None:
    page = house.client().get("/policy/changzhi-2021/三(四)2").text
    assert re.search(r"<mark>充分发挥社会热心人士.*</mark>", page)
    assert "研学旅行" in page


def test_an_officer_sets_a_parameter_and_everybody_below_reads_it(house: House) -> None:
    path = "/qinghe/policy/evening_latest/"
    client, form = token(house, "county", path)
    form |= {"value": "20：00", "since": "2026-11-01", "basis": "青教字〔2026〕9号"}
    assert client.post(path, data=form).status_code == 302  # type: ignore[attr-defined]
    page = house.client().get("/hexi-1/policy/").text
    assert "20:00" in page
    assert "青教字〔2026〕9号" in page
    history = client.get(path).text  # type: ignore[attr-defined]
    assert "谁改过" in history
    assert "20:00，2026年11月1日起" in history


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"value": "20:31"}, "不能比上级规定的更宽"),
        ({"value": "晚上"}, "请填时间"),
        ({"since": "soon"}, "请填从哪天起执行"),
        ({"basis": ""}, "请写明依据"),
    ],
)
def test_a_setting_that_cannot_be_keeps_what_was_typed(
    house: House, given: dict[str, str], words: str
) -> None:
    path = "/qinghe/policy/evening_latest/"
    client, form = token(house, "county", path)
    form |= {"value": "20:10", "since": "2026-11-01", "basis": "青教字〔2026〕9号", **given}
    answer = client.post(path, data=form)  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{form["value"]}"' in answer.text
    clause = "/policy/changzhi-2021/%E4%B8%89(%E4%BA%8C)"
    cited = answer.text.count(f'<a lang="zh-CN" href="{clause}"')
    assert cited == (2 if "更宽" in words else 1)  # once beside the present value, once with it


def test_only_those_who_manage_a_place_set_anything(house: House) -> None:
    for path in (
        "/qinghe/policy/evening_latest/",
        "/qinghe/calendar/2027/",
        "/qinghe/calendar/terms/",
    ):
        assert house.client().get(path).status_code == 302
        for who in ("school", "other_county"):
            client = house.client(OFFICERS[who])
            assert client.get(path).status_code == 403
            sent = {"csrf_token": hidden(client.get("/qinghe/").text)["csrf_token"]}
            assert client.post(path, data=sent).status_code == 403


def test_an_undecided_year_is_said_plainly_and_published_in_one_page(house: House) -> None:
    assert "校历未公布" in house.client().get("/hexi-1/calendar/?year=2027").text
    path = "/qinghe/calendar/2027/"
    client, form = token(house, "county", path)
    sent = {
        **form,
        "name": [name for name, _, _ in DAYS] + [""],
        "from": [first for _, first, _ in DAYS] + [""],
        "to": [last for _, _, last in DAYS] + [""],
        "makeup": ["2027-02-13", ""],
    }
    answer = client.post(path, data=sent)  # type: ignore[attr-defined]
    assert answer.status_code == 302
    page = house.client().get("/hexi-1/calendar/?year=2027").text
    assert "校历未公布" not in page
    assert "由青禾县公布" in page
    assert "2月13日（周六）" in page
    year = year_at(house.office.places.fresh("hexi-1"), 2027)
    assert [name for name, _, _ in year.holidays] == ["元旦", "春节"]
    assert year.makeups == (date(2027, 2, 13),)


def test_a_calendar_with_a_mistake_keeps_every_row(house: House) -> None:
    path = "/qinghe/calendar/2027/"
    client, form = token(house, "county", path)
    names = ["元旦", "清明节", "", "春节"]
    first, last = ["2027-01-03", "", "2027-05-01", "2026-02-05"], ["2027-01-01", "", "", ""]
    sent = {**form, "name": names, "from": first, "to": last, "makeup": [""]}
    answer = client.post(path, data=sent)  # type: ignore[attr-defined]
    assert answer.status_code == 422
    for words in (
        "元旦的开始晚于结束",
        "清明节还没有填日期",
        "第 3 行有日期，还没有填名称",
        "春节的日期不在这一年里",
    ):
        assert words in answer.text
    assert 'value="2027-01-03"' in answer.text
    on_holiday = {**form, "name": ["元旦"], "from": ["2027-01-01"], "to": [""]}
    answer = client.post(path, data={**on_holiday, "makeup": ["2027-01-01"]})  # type: ignore[attr-defined]
    assert "请检查日期" in answer.text


def test_a_term_is_entered_and_shows_on_the_calendar(house: House) -> None:
    path = "/qinghe/calendar/terms/"
    client, form = token(house, "county", path)
    form |= {"name": "2026年秋季学期", "from": "2026-09-01", "to": "2027-01-22"}
    assert client.post(path, data=form).status_code == 302  # type: ignore[attr-defined]
    page = house.client().get("/hexi-1/calendar/").text
    assert "2026年9月1日 – 2027年1月22日" in page
    client.post(path, data={**form, "drop": "2026-autumn"})  # type: ignore[attr-defined]
    assert "还没有填学期" in house.client().get("/hexi-1/calendar/").text


def test_a_value_of_one_is_singular_in_english_and_a_list_is_told_as_english_is(
    house: House,
) -> None:
    client = house.client()
    client.get("/language/en")
    page = client.get("/qinghe/policy/").text
    assert ">1 day<" in page
    assert "1 days" not in page
    assert "Extended care, " in page
    assert "1 天" in house.client().get("/qinghe/policy/").text
