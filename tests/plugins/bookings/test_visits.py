"""A school's visit: requested, confirmed, changed, cancelled; what it holds meanwhile."""

import pytest

from tests.plugins.bookings.visiting import (
    CONTACT,
    FRIDAY,
    HEAD,
    SATURDAY,
    SLOT,
    WEDNESDAY,
    Visiting,
)
from workflows.case import Refused


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_a_request_holds_its_places_until_the_venue_confirms(visiting: Visiting) -> None:
    case = visiting.book(20)
    assert case.state == "requested"
    assert case.item["desk"] == ["venue_contact", "museum"]
    assert visiting.held() == (20, 1)
    case = visiting.do(case, "confirm", CONTACT)
    assert case.state == "confirmed"
    assert visiting.held() == (20, 1)


def test_what_does_not_fit_waits_and_takes_nothing(visiting: Visiting) -> None:
    visiting.book(20)
    late = visiting.book(11, school="yunting", place="yunting", who="00000000106")
    assert late.state == "waiting"
    assert visiting.held() == (20, 1)
    small = visiting.book(10, school="no2", place="no2", who="00000000107")
    assert small.state == "requested"
    assert visiting.held() == (30, 2)


def test_places_that_come_free_go_to_the_first_for_whom_they_suffice(visiting: Visiting) -> None:
    first = visiting.book(20)
    large = visiting.book(28, school="yunting", place="yunting", who="00000000106")
    second = visiting.book(10, school="no2", place="no2", who="00000000107")
    small = visiting.book(15, school="no2", place="no2", who="00000000107", escort="田老师")
    assert [visiting.state(each) for each in (large, second, small)] == [
        "waiting",
        "requested",
        "waiting",
    ]
    visiting.do(first, "cancel")
    assert visiting.state(large) == "waiting"
    assert visiting.state(small) == "offered"
    assert visiting.held() == (25, 2)
    visiting.do(small, "take_offer", "00000000107")
    assert visiting.state(small) == "requested"


def test_an_offer_not_taken_goes_on_to_the_next(visiting: Visiting) -> None:
    first = visiting.book(30)
    second = visiting.book(30, school="yunting", place="yunting", who="00000000106")
    third = visiting.book(30, school="no2", place="no2", who="00000000107")
    visiting.do(first, "cancel")
    assert (visiting.state(second), visiting.state(third)) == ("offered", "waiting")
    visiting.house.clock.move(days=2)
    visiting.house.office.ticks.tick()
    visiting.follow()
    assert (visiting.state(second), visiting.state(third)) == ("lapsed", "offered")
    assert visiting.held() == (30, 1)


def test_a_class_and_an_escort_are_in_one_place_at_a_time(visiting: Visiting) -> None:
    visiting.open_venue("library")
    visiting.book(10, class_name="五年级2班", escort="单老师")
    with pytest.raises(Refused) as refused:
        visiting.book(10, venue="library", class_name="五年级 ２班", escort="赵老师")
    assert codes(refused) == ["overlap"]
    with pytest.raises(Refused) as refused:
        visiting.book(10, venue="library", class_name="五年级3班", escort="单老师")
    assert set(codes(refused)) == {"overlap"}
    visiting.book(10, class_name="五年级2班", escort="单老师", slot="16:30-17:30")


def test_heads_and_time_change_in_one_move_and_free_what_they_leave(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(20), "confirm", CONTACT)
    fewer = [{"class_name": "五年级20班", "heads": 15}]
    case = visiting.do(case, "change", amend={"classes": fewer})
    assert (case.state, visiting.held()) == ("confirmed", (15, 1))
    slot = {"value": "09:00-11:00", "label": "09:00-11:00"}
    case = visiting.do(case, "change", amend={"date": SATURDAY, "slot": slot})
    assert case.state == "requested"
    assert visiting.held() == (0, 0)
    assert visiting.held(day=SATURDAY, starts="09:00") == (15, 1)


def test_the_venue_offers_another_time_and_the_school_takes_it_in_one_step(
    visiting: Visiting,
) -> None:
    case = visiting.book(20)
    case = visiting.do(case, "propose", CONTACT, comment="那天换展", amend={"date": FRIDAY})
    assert (case.state, visiting.held(), visiting.held(day=FRIDAY)) == (
        "countered",
        (0, 0),
        (20, 1),
    )
    case = visiting.do(case, "accept")
    assert case.state == "confirmed"


@pytest.mark.parametrize("again", [{}, {"date": WEDNESDAY, "slot": SLOT}])
def test_an_offer_of_the_time_that_was_asked_for_is_none(
    visiting: Visiting, again: dict[str, str]
) -> None:
    case = visiting.book(20)
    with pytest.raises(Refused, match="“哪一天”“哪个时段”都和现在的一样，请至少改一项") as refused:
        visiting.do(case, "propose", CONTACT, comment="那天换展", amend=again)
    assert [each.field for each in refused.value.problems] == ["date"]
    case = visiting.do(case, "propose", CONTACT, comment="那天换展", amend={"date": FRIDAY})
    assert case.state == "countered"


def test_a_medium_risk_needs_the_school_head_before_the_venue_sees_it(visiting: Visiting) -> None:
    visiting.open_venue("practice-base", risk="medium")
    case = visiting.book(10, venue="practice-base")
    assert (case.state, case.item["desk"]) == ("approving", ["school_head", "hexi-1"])
    assert visiting.do(case, "approve", HEAD).state == "requested"


def test_the_clerk_enters_what_was_asked_by_telephone(visiting: Visiting) -> None:
    case = visiting.book(20, CONTACT, "museum")
    assert case.state == "confirmed"
    assert visiting.held() == (20, 1)
    page = visiting.house.client("00000000103").get(f"/museum/case/{case.id}/")
    assert "五年级20班" in page.text


def test_what_the_venue_took_on_the_telephone_it_need_not_confirm_again(
    visiting: Visiting,
) -> None:
    visiting.edit_venue(risk="medium")
    case = visiting.book(20, CONTACT, "museum")
    assert (case.state, case.item["desk"]) == ("promised", ["school_head", "hexi-1"])
    fewer = [{"class_name": "五年级20班", "heads": 18}]
    case = visiting.do(case, "change", amend={"classes": fewer})
    assert case.state == "promised"
    assert visiting.do(case, "approve", HEAD).state == "confirmed"


def test_a_school_that_changes_the_time_asks_the_venue_again(visiting: Visiting) -> None:
    visiting.edit_venue(risk="medium")
    case = visiting.book(20, CONTACT, "museum")
    case = visiting.do(case, "change", amend={"date": FRIDAY})
    assert case.state == "approving"
    assert visiting.do(case, "approve", HEAD).state == "requested"


def test_small_groups_are_confirmed_by_themselves(visiting: Visiting) -> None:
    visiting.open_venue("library", auto_heads=15)
    assert visiting.book(14, venue="library").state == "confirmed"


def test_heads_are_counted_out_in_and_home(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(20), "confirm", CONTACT)
    visiting.house.clock.move(days=9)
    with pytest.raises(Refused, match="约的是 20 人，出发 21 人"):
        visiting.do(case, "set_out", step={"out": 21, "consents_now": 21})
    case = visiting.do(case, "set_out", step={"out": 20, "consents_now": 20})
    with pytest.raises(Refused, match="出发 20 人、到馆 19 人，对不上"):
        visiting.do(case, "arrive", CONTACT, step={"arrived": 19})
    why = "一名学生由家长先接走"
    case = visiting.do(case, "arrive", CONTACT, step={"arrived": 19}, comment=why)
    with pytest.raises(Refused, match="出发 20 人、到馆 19 人、返回 19 人，对不上"):
        visiting.do(case, "come_home", step={"back": 19})
    case = visiting.do(case, "count_again", CONTACT, step={"arrived": 20})
    assert visiting.do(case, "come_home", step={"back": 20}).state == "completed"


def test_a_changed_pattern_keeps_what_is_booked_and_offers_nothing_across_it(
    visiting: Visiting,
) -> None:
    booked = visiting.book(10)
    later = [{"weekdays": ["wednesday"], "starts": "16:00", "ends": "18:00", "stay": 60}]
    visiting.edit_venue(openings=later)
    assert visiting.state(booked) == "requested"
    with pytest.raises(Refused, match="没有这个时段"):
        visiting.book(10, slot="16:00-17:00", escort="赵老师", class_name="六年级1班")
    visiting.book(10, slot="17:00-18:00", escort="赵老师", class_name="六年级1班")
    fewer = [{"class_name": "五年级10班", "heads": 5}]
    assert visiting.do(booked, "change", amend={"classes": fewer}).answers["heads"] == 5


def test_the_clerk_books_at_short_notice_but_not_what_is_closed_or_over(visiting: Visiting) -> None:
    visiting.house.clock.move(days=9)
    visiting.book(10, CONTACT, "museum")
    visiting.house.clock.move(hours=12)
    with pytest.raises(Refused, match="已经过了"):
        visiting.book(10, CONTACT, "museum", escort="赵老师", class_name="六年级1班")


def test_the_venue_itself_may_offer_a_time_that_schools_can_no_longer_ask_for(
    visiting: Visiting,
) -> None:
    case = visiting.book(20)
    visiting.house.clock.move(days=2)
    today = visiting.house.clock.now().date().isoformat()
    with pytest.raises(Refused) as refused:
        visiting.do(case, "change", amend={"date": today})
    assert codes(refused) == ["late"]
    case = visiting.do(case, "propose", CONTACT, comment="今天就可以", amend={"date": today})
    assert case.state == "countered"
    assert visiting.held(day=today) == (20, 1)


def test_a_visit_of_the_whole_day_takes_the_whole_day(visiting: Visiting) -> None:
    day = {"date": SATURDAY, "starts": "00:01", "ends": "23:59", "stay": 719}
    visiting.edit_venue(special=[day])
    visiting.book(10, date=SATURDAY, slot="00:01-12:00")
    visiting.open_venue("library", special=[{**day, "starts": "11:00", "stay": 60}])
    with pytest.raises(Refused, match="已有别的参观"):
        visiting.book(10, venue="library", date=SATURDAY, slot="11:00-12:00")
