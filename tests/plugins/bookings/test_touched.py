"""What is booked stays when the venue changes its record; what no longer fits it is listed."""

from typing import Any

from core.case_items import Case
from tests.core.house import OFFICERS
from tests.plugins.bookings.hosting import change
from tests.plugins.bookings.test_calendar_pages import text
from tests.plugins.bookings.visiting import CONTACT, FRIDAY, VENUE, WEDNESDAY, Visiting

TOUCHED = "/museum/bookings/touched/"
DAY = f"/museum/bookings/day/?date={WEDNESDAY}"
OTHER = {"who": "00000000106", "place": "yunting", "school": "yunting"}
FRIDAYS = [{**VENUE["openings"][0], "weekdays": ["friday"]}]


def alter(visiting: Visiting, **other: Any) -> None:
    """Change the museum's record, then what follows from it."""
    answers = {**VENUE, **other}
    visiting.venue = change(visiting.house, visiting.house.now(visiting.venue), **answers)
    for _ in range(2):  # an offer is an event of its own
        visiting.follow()


def proposes(visiting: Visiting, case: Case) -> bool:
    page = visiting.house.client(CONTACT).get(TOUCHED).text
    return f"/{case.item['place']}/case/{case.id}/do/propose/" in page


def test_visits_at_times_no_longer_offered_are_listed_with_what_can_be_done(
    visiting: Visiting,
) -> None:
    lost = visiting.do(visiting.book(10), "confirm", CONTACT)
    kept = visiting.book(12, date=FRIDAY)
    alter(visiting, openings=FRIDAYS)
    said = text(visiting.house, TOUCHED, CONTACT)
    assert "12月2日（周三） 15:30–16:30 这个时间现在不开放了 hexi-1 10 人 已确认" in said
    assert "12月4日" not in said
    assert (proposes(visiting, lost), proposes(visiting, kept)) == (True, False)
    assert visiting.state(lost) == "confirmed"
    assert visiting.held() == (10, 1)
    assert "有 1 场已经约好的对不上了" in text(visiting.house, DAY, CONTACT)


def test_more_than_now_fit_are_listed_and_just_as_many_are_not(visiting: Visiting) -> None:
    visiting.book(18)
    visiting.book(10, **OTHER)
    alter(visiting, capacity=28)
    assert "都和场馆现在的情况对得上" in text(visiting.house, TOUCHED, CONTACT)
    alter(visiting, capacity=27, groups=2)
    said = text(visiting.house, TOUCHED, CONTACT)
    assert "约了 28 人、2 个团队，现在一场最多 27 人、2 个团队" in said


def test_what_is_settled_meanwhile_is_listed_no_more(visiting: Visiting) -> None:
    lost = visiting.book(10)
    alter(visiting, openings=FRIDAYS)
    assert "对不上了" in text(visiting.house, DAY, CONTACT)
    visiting.do(lost, "cancel")
    assert "都和场馆现在的情况对得上" in text(visiting.house, TOUCHED, CONTACT)
    assert "对不上了" not in text(visiting.house, DAY, CONTACT)


def test_what_lies_behind_is_not_listed(visiting: Visiting) -> None:
    visiting.book(10)
    alter(visiting, openings=FRIDAYS)
    visiting.house.clock.move(days=10)
    assert "都和场馆现在的情况对得上" in text(visiting.house, TOUCHED, CONTACT)


def test_a_venue_that_is_shut_sees_all_that_was_booked(visiting: Visiting) -> None:
    visiting.book(10)
    visiting.do(visiting.venue, "shut", CONTACT, comment="修路")
    assert "这个时间现在不开放了" in text(visiting.house, TOUCHED, CONTACT)


def test_a_raised_capacity_goes_to_who_waits(visiting: Visiting) -> None:
    visiting.book(20)
    waits = visiting.book(20, **OTHER)
    assert visiting.state(waits) == "waiting"
    alter(visiting, capacity=39)
    assert visiting.state(waits) == "waiting"
    alter(visiting, capacity=40)
    assert visiting.state(waits) == "offered"
    assert visiting.held() == (40, 2)


def test_it_is_for_the_venue_and_the_county_alone(visiting: Visiting) -> None:
    house = visiting.house
    assert house.client().get(TOUCHED).location.startswith("/sign-in/?next=")
    assert house.client(OFFICERS["school"]).get(TOUCHED).status_code == 403
    assert house.client(OFFICERS["county"]).get(TOUCHED).status_code == 200
