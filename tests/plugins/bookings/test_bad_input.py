"""What cannot be is refused in words that say what can, and takes nothing of anybody's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.people import Role
from core.store import Put
from forms.text import Text
from tests.core.house import OFFICERS, House, everything
from tests.pages import hidden, send, words_of
from tests.plugins.bookings.test_visit_pages import BEGIN, FIRST, SECOND, SECOND_ESCORT, THIRD
from tests.plugins.bookings.visiting import SCHOOL, VENUE, WEDNESDAY, Visiting
from workflows.case import Refused

TEACHER, ELSEWHERE = "00000000109", "00000000107"
"""A teacher of the school; the officer of another one."""
WHOLE: Mapping[str, Any] = {**FIRST, **SECOND, **SECOND_ESCORT, **THIRD}
PAGES = ([*FIRST], [*SECOND, *SECOND_ESCORT], [*THIRD])
SLOT_KEY = ("X#bookings#slots#museum", f"{WEDNESDAY}#15:30")


def held(house: House) -> dict[tuple[str, str], Any]:
    """Return all that is held, queued, counted or noted for a day, and every case there is."""
    items = [*everything(house, "X#bookings#"), *everything(house, "C#")]
    kept = [each for each in items if each["pk"].startswith("X#") or each["sk"] == "H"]
    return {(each["pk"], each["sk"]): each for each in kept}


def filled(client: FlaskClient, begin: str = BEGIN, **other: Any) -> TestResponse:
    """Fill a visit in page by page, up to the page that comes back; hand the last one in."""
    page = client.get(begin)
    for names in PAGES:
        roots = {each.partition(".")[0] for each in names} | {"weekly", "weeks"}
        more = {name: each for name, each in other.items() if name.partition(".")[0] in roots}
        given = {name: each for name, each in WHOLE.items() if name in names} | more
        last = names is PAGES[-1]
        page = send(client, page, {**given, "action": "submit" if last else "next"})
        if "data-error-summary" in page.text:
            break
    return page


def refusal(visiting: Visiting, who: str = "school", **other: Any) -> str:
    """Return the words in which a visit is refused; nothing may have come of it."""
    before = held(visiting.house)
    page = filled(visiting.house.client(OFFICERS.get(who, who)), **other)
    assert page.status_code < 500
    assert "data-error-summary" in page.text, words_of(page.text)
    assert held(visiting.house) == before
    [main] = page.text.split("<main")[1:]
    return words_of(main)


NO_TIMES = "没有符合“场馆”“哪一天”的。请换一换再看"


def refused_at_once(visiting: Visiting, **other: Any) -> list[str]:
    """Return why a visit is refused that no page would have let through; nothing comes of it."""
    before = held(visiting.house)
    with pytest.raises(Refused) as refused:
        visiting.book(other.pop("heads", 10), **other)
    assert held(visiting.house) == before
    return [each.said for each in refused.value.problems]


def last_page(client: FlaskClient) -> TestResponse:
    """Return the last page of a visit, ready to be handed in with THIRD."""
    page = send(client, client.get(BEGIN), FIRST)
    return send(client, page, {**SECOND, **SECOND_ESCORT})


def open_elsewhere(visiting: Visiting) -> None:
    """Open a museum in the county beside."""
    office, name = visiting.house.office, Text("柏汀县博物馆")
    office.places.add("baiting-zhen", Text("石桥镇"), "district", "baiting", {})
    office.places.add("baiting-museum", name, "venue", "baiting-zhen", {})
    office.places.switch("baiting-zhen", "bookings", "on", "某人", "2026")
    told = {**VENUE, "contact": "高红梅"}
    visiting.submit("hosting", "baiting-museum", "other_county", told)


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ("0", "请您填不小于 1 的数"),
        ("-1", "请您填不小于 1 的数"),
        ("-9999999999999999999999", "请您填不小于 1 的数"),
        ("零", "请您填整数，只写数字，不写别的字"),
        ("1.5", "请您填整数，只写数字，不写别的字"),
        ("201", "请您填不大于 200 的数"),
        ("31", "场馆一场最多接待 30 名学生，请分成几次预约"),
    ],
)
def test_heads_are_a_number_that_one_class_can_have_and_the_venue_takes(
    visiting: Visiting, heads: str, said: str
) -> None:
    assert said in refusal(visiting, **{"classes.0.heads": heads})


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-11-18", "请您填 2026-11-23 或以后的日期"),
        ("0001-01-01", "请您填 2026-11-23 或以后的日期"),
        ("2027-02-29", "请您填一个日期，例如"),
        ("2028-02-29", NO_TIMES),
        ("2027-01-06", NO_TIMES),
        ("9999-12-31", NO_TIMES),
        ("2026-12-03", NO_TIMES),
    ],
)
def test_a_day_is_one_to_come_that_there_is_and_the_venue_opens(
    visiting: Visiting, date: str, said: str
) -> None:
    words = refusal(visiting, date=date)
    assert said in words
    assert "没有时段，就是那天不开放，或那一年的校历还没有公布，请换一天" in words


@pytest.mark.parametrize("date", ["2027-01-06", "2028-02-29"])
def test_a_year_without_a_calendar_says_so_to_whatever_asks(visiting: Visiting, date: str) -> None:
    said = refused_at_once(visiting, date=date)
    assert said == ["那一年的校历还没有公布，暂时不能预约，公布以后再来"]


def test_29_february_of_a_leap_year_can_be_booked_once_its_calendar_is_there(
    visiting: Visiting,
) -> None:
    row = {"date": "2028-02-29", "starts": "09:00", "ends": "10:00", "stay": 60}
    visiting.open_venue("library", special=[row], ahead_days=365)
    visiting.house.clock.at = datetime.fromisoformat("2028-02-28T09:00+08:00")
    booked = visiting.book(10, venue="library", date="2028-02-29", slot="09:00-10:00")
    assert booked.state == "requested"
    assert visiting.held(venue="library", day="2028-02-29", starts="09:00") == (10, 1)


@pytest.mark.parametrize("slot", ["03:00-04:00", "15:30-16:31", "15:30", "十点", "-"])
def test_a_time_is_one_of_those_the_venue_offers(visiting: Visiting, slot: str) -> None:
    said = refusal(visiting, slot=slot)
    assert "您选的这一项和“场馆”“哪一天”对不上，请重新选一项" in said
    assert "15:30–16:30" in said


def test_a_time_that_there_is_not_is_refused_whatever_the_form_let_through(
    visiting: Visiting,
) -> None:
    assert refused_at_once(visiting, slot="03:00-04:00") == ["场馆那天没有这个时段，请重新选"]


def test_until_midnight_there_it_is_the_day_before(visiting: Visiting) -> None:
    visiting.house.clock.at = datetime.fromisoformat("2026-12-01T15:59:58+00:00")
    assert visiting.book(5).state == "requested"
    visiting.house.clock.at = datetime.fromisoformat("2026-12-01T16:00:00+00:00")
    [said] = refused_at_once(visiting, class_name="六年级1班", escort="赵老师")
    assert "来不及准备，请换后面的日子，或打电话问场馆" in said


def test_the_hour_before_midnight_is_a_time_as_any_other(visiting: Visiting) -> None:
    late = {"weekdays": ["wednesday"], "starts": "22:00", "ends": "23:59", "stay": 59}
    visiting.open_venue("library", openings=[late])
    slot = "22:59-23:58"
    assert visiting.book(10, venue="library", slot=slot).state == "requested"
    assert refused_at_once(visiting, venue="library", slot="23:58-00:57", escort="赵老师") == [
        "场馆那天没有这个时段，请重新选"
    ]
    [said] = refused_at_once(
        visiting, venue="library", slot=slot, class_name="五年级10班", escort="陈老师"
    )
    assert "这段时间已有别的参观" in said


def test_a_venue_of_another_county_is_none_that_can_be_chosen(visiting: Visiting) -> None:
    open_elsewhere(visiting)
    assert "您选的这一项现在不在名单里，请重新选一项" in refusal(visiting, venue="baiting-museum")
    said = refused_at_once(visiting, venue="baiting-museum")
    assert said == ["这个场馆现在不接受预约，请换一个"]


@pytest.mark.parametrize("name", ["五" * 500, "五" * 31])
def test_the_name_of_a_class_has_thirty_characters_at_most(visiting: Visiting, name: str) -> None:
    assert "请您写短一些，最多 30 个字" in refusal(visiting, **{"classes.0.class_name": name})


def test_a_class_is_written_once_however_it_is_written(visiting: Visiting) -> None:
    again = {"classes.1.class_name": "五年级 ２班", "classes.1.heads": "5"}
    said = refusal(visiting, **{"classes.row": ["0", "1"], **again})
    assert "同一个班级写了两次，请合成一行" in said


def test_nobody_agrees_for_a_pupil_who_does_not_go(visiting: Visiting) -> None:
    assert "同意的家长比学生还多，请核对" in refusal(visiting, consents="25")
    assert "请您填不小于 0 的数" in refusal(visiting, consents="-1")


@pytest.mark.parametrize("weeks", ["0", "1", "21", "-3"])
def test_every_week_means_two_to_twenty_of_them(visiting: Visiting, weeks: str) -> None:
    said = refusal(visiting, weekly="true", weeks=weeks, all_or_none="true")
    assert "请您填不大于 20 的数" in said or "请您填不小于 2 的数" in said


def test_the_same_form_in_two_tabs_is_one_visit_and_other_answers_are_both_shown(
    visiting: Visiting,
) -> None:
    client = visiting.house.client(OFFICERS["school"])
    first = last_page(client)
    second = client.get(first.request.path)
    receipts = [
        send(client, tab, {**THIRD, "action": "submit"}).request.path for tab in (first, second)
    ]
    assert receipts[0] == receipts[1]
    assert visiting.held() == (24, 1)
    before = held(visiting.house)
    page = send(client, first, {**THIRD, "consents": "3", "action": "submit"})
    assert page.status_code == 409
    assert "已收下：20这次：3" in "".join(words_of(page.text).split())
    assert held(visiting.house) == before


def test_a_slot_closed_while_the_form_was_filled_in_is_refused(visiting: Visiting) -> None:
    client = visiting.house.client(OFFICERS["school"])
    page = last_page(client)
    visiting.house.store.commit(
        Put({"pk": SLOT_KEY[0], "sk": SLOT_KEY[1], "closed": 1, "ends": "16:30"})
    )
    before = held(visiting.house)
    page = send(client, page, {**THIRD, "action": "submit"})
    assert page.status_code == 422
    assert "场馆这个时段不开放，请换一个" in page.text
    assert held(visiting.house) == before


def test_a_slot_filled_while_the_form_was_filled_in_takes_nobody_more(visiting: Visiting) -> None:
    client = visiting.house.client(OFFICERS["school"])
    page = last_page(client)
    visiting.book(20, ELSEWHERE, "no2", school="no2", escort="田老师")
    assert "满了的时段也能选，算候补" in client.get(BEGIN).text
    page = send(client, page, {**THIRD, "action": "submit"})
    assert "候补 还有" in words_of(page.text)
    assert visiting.held() == (20, 1)
    here = f"school#{SCHOOL}"
    days = [item for (pk, _), item in held(visiting.house).items() if pk.endswith(here)]
    assert [set(item) - {"pk", "sk", "v"} for item in days] == [{"visits"}]  # nobody's time


def test_who_teaches_elsewhere_books_nothing_for_this_school(visiting: Visiting) -> None:
    visiting.house.office.people.give("00000000199", "某老师", Role("teacher", "yunting"))
    own = BEGIN.replace("/hexi-1/", "/yunting/", 1)
    said = refusal(visiting, "00000000199", begin=own)
    assert "学校：您选的这一项现在不在名单里，请重新选一项" in said
    stranger = visiting.house.client("00000000199")
    token = hidden(stranger.get(own).text)
    before = held(visiting.house)
    for address in (BEGIN, BEGIN.partition("?")[0]):
        asked = stranger.post(address, data={**token, **WHOLE, "action": "submit"})
        assert (asked.status_code, stranger.get(address).status_code) == (403, 403)
        assert "您没有办理这一项的权限" in asked.text
    assert held(visiting.house) == before
    assert visiting.house.client(TEACHER).get(BEGIN).status_code == 200


def test_a_number_signed_for_another_school_is_worth_nothing_here(visiting: Visiting) -> None:
    visiting.house.office.people.give(OFFICERS["school"], "赵明", Role("school_officer", "yunting"))
    client = visiting.house.client(OFFICERS["school"])
    there = hidden(client.get(BEGIN.replace("/hexi-1/", "/yunting/", 1)).text)
    before = held(visiting.house)
    sent = {**there, **FIRST, "action": "next"}
    page = client.post(BEGIN.partition("?")[0], data=sent)
    assert page.status_code == 400
    assert "请" in words_of(page.text[page.text.index("<main") :])
    assert held(visiting.house) == before


@pytest.mark.parametrize(
    ("heads", "code"), [(31, "too_many"), (40, "too_many"), (25, "few_escorts")]
)
def test_a_change_that_cannot_be_leaves_the_visit_as_it_was(
    visiting: Visiting, heads: int, code: str
) -> None:
    case, before = visiting.book(20), {}
    before = held(visiting.house)
    more = {
        "classes": [{"class_name": "五年级20班", "heads": heads}],
        "escorts": [{"escort_name": "单老师"}],
    }
    with pytest.raises(Refused) as refused:
        visiting.do(case, "change", amend=more)
    assert code in [each.code for each in refused.value.problems]
    assert held(visiting.house) == before
