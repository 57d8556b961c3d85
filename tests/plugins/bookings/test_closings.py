"""A venue closes half a day: nothing more is booked, everybody affected is told what is free."""

import pytest

from core.case_items import Case
from tests.plugins.bookings.visiting import CONTACT, SATURDAY, Visiting
from workflows.case import Refused

MORNING, NOON = "09:00-11:00", "11:00-13:00"


def close(visiting: Visiting, part: str = "morning") -> Case:
    told = {"date": SATURDAY, "part": part, "cause": "停电检修"}
    case = visiting.submit("closing", "museum", CONTACT, told, why="线路老化")
    for _ in range(2):  # what it calls off has messages of its own
        visiting.follow()
    return case


def test_whom_it_would_call_off_is_said_once_more_before_it_is_done(visiting: Visiting) -> None:
    told = {"date": SATURDAY, "part": "morning", "cause": "停电检修"}
    visiting.book(20, date=SATURDAY, slot=MORNING)
    with pytest.raises(Refused) as refused:
        visiting.submit("closing", "museum", CONTACT, told)
    [problem] = refused.value.problems
    assert (problem.level, problem.told) == ("explain", {"n": 1})
    assert problem.reason == "停电检修"
    assert "闭馆会全部取消并告诉他们；再恢复开放，也收不回来" in problem.said
    assert visiting.held(day=SATURDAY, starts="09:00") == (20, 1)


def test_the_day_leads_to_the_closing_until_it_is_opened_again(visiting: Visiting) -> None:
    case, client = close(visiting), visiting.house.client(CONTACT)
    day, link = f"/museum/bookings/day/?date={SATURDAY}", f'href="/museum/case/{case.id}/"'
    assert client.get(day).text.count(link) == 1
    with visiting.house.store.expect(get=1, query=2):
        assert link in client.get("/desk/finished/").text
    month = f"/museum/bookings/calendar/?month={SATURDAY[:7]}"
    assert client.get(month).text.count(f'href="{day}"') == 2
    assert day not in visiting.house.client().get(month).text
    visiting.do(case, "reopen", CONTACT)
    assert link not in client.get(day).text
    assert link in client.get("/desk/finished/").text


def test_opened_again_what_was_called_off_stays_so(visiting: Visiting) -> None:
    visit = visiting.book(20, date=SATURDAY, slot=MORNING)
    case = visiting.do(close(visiting), "reopen", CONTACT)
    visiting.follow()
    assert (case.state, visiting.state(visit)) == ("reopened", "venue_closed")
    assert visiting.held(day=SATURDAY, starts="09:00") == (0, 0)


def test_everybody_affected_is_called_off_and_told_what_is_free_instead(visiting: Visiting) -> None:
    early = visiting.book(20, date=SATURDAY, slot=MORNING)
    waits = visiting.book(
        20, "00000000106", "yunting", school="yunting", date=SATURDAY, slot=MORNING
    )
    late = visiting.book(20, "00000000107", "no2", school="no2", date=SATURDAY, slot="13:00-15:00")
    close(visiting)
    states = [visiting.state(each) for each in (early, waits, late)]
    assert states == ["venue_closed", "venue_closed", "requested"]
    assert visiting.held(day=SATURDAY, starts="09:00") == (0, 0)
    [told, *_] = [text for text in visiting.house.letters.to("00000000109") if "临时闭馆" in text]
    assert "停电检修" in told
    assert "12月5日 13:00–15:00（还剩 10 人）" in told


def test_a_closed_slot_takes_no_more_bookings_until_it_opens_again(visiting: Visiting) -> None:
    case = close(visiting)
    for slot in (MORNING, NOON):
        with pytest.raises(Refused, match="不开放"):
            visiting.book(10, date=SATURDAY, slot=slot)
    visiting.book(10, date=SATURDAY, slot="13:00-15:00")
    visiting.do(case, "reopen", CONTACT)
    visiting.book(10, date=SATURDAY, slot=MORNING, escort="赵老师", class_name="六年级1班")
    assert visiting.held(day=SATURDAY, starts="09:00") == (10, 1)


def test_a_booking_that_looked_before_the_closing_is_not_taken(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, closed = visiting.house.store.commit, iter([True])

    def overtaken(*writes: object) -> None:
        held = any(w.key[0].startswith("X#bookings#slots") for w in writes)  # type: ignore[attr-defined]
        if held and next(closed, False):
            close(visiting)
        commit(*writes)  # type: ignore[arg-type]

    monkeypatch.setattr(visiting.house.store, "commit", overtaken)
    with pytest.raises(Refused, match="不开放"):
        visiting.book(10, date=SATURDAY, slot=MORNING)
    assert visiting.held(day=SATURDAY, starts="09:00") == (0, 0)
