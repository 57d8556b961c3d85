"""What schools and venues are told: what, when and where; nothing that is no longer so."""

from tests.core.house import House
from tests.plugins.bookings.visiting import CONTACT, HEAD, Visiting

LEADER = "00000000109"


def told(visiting: Visiting, phone: str) -> list[str]:
    """Let everything due be sent; return what a phone got since this was last asked."""
    house: House = visiting.house
    for _ in range(2):
        house.office.effects.work_off_due()
    found = house.letters.to(phone)
    house.letters.sent.clear()
    return found


def test_a_request_is_told_to_both_sides_with_day_hour_and_venue(visiting: Visiting) -> None:
    case = visiting.book(20)
    [received] = told(visiting, LEADER)
    assert received.startswith("收到您的预约：12月2日（周三） 15:30-16:30，青禾县博物馆。")
    assert case.state == "requested"


def test_the_venue_is_told_of_a_request_once_the_head_has_agreed(visiting: Visiting) -> None:
    visiting.edit_venue(risk="medium")
    told(visiting, CONTACT)
    case = visiting.book(20)
    assert told(visiting, CONTACT) == []
    visiting.do(case, "approve", HEAD)
    [asked] = told(visiting, CONTACT)
    assert "想在 12月2日（周三） 15:30-16:30 来参观" in asked


def test_what_is_confirmed_at_once_is_told_as_such(visiting: Visiting) -> None:
    visiting.edit_venue(auto_heads=30)
    told(visiting, CONTACT)
    assert visiting.book(20).state == "confirmed"
    [confirmed] = told(visiting, LEADER)
    assert confirmed.startswith("约好了：12月2日（周三）")


def test_a_letter_that_waited_is_dropped_where_another_move_overtook_it(visiting: Visiting) -> None:
    case = visiting.book(20)
    told(visiting, LEADER)
    case = visiting.do(case, "confirm", CONTACT)
    visiting.house.clock.move(minutes=2)
    visiting.do(case, "cancel")
    [cancelled] = told(visiting, LEADER)
    assert "已取消" in cancelled
    visiting.house.clock.move(minutes=11)
    assert told(visiting, LEADER) == []


def test_a_letter_that_waited_is_sent_where_nothing_overtook_it(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(20), "confirm", CONTACT)
    told(visiting, LEADER)
    visiting.do(case, "change", amend={"guide": True})
    visiting.house.clock.move(minutes=11)
    assert [each[:3] for each in told(visiting, LEADER)][-1] == "约好了"
