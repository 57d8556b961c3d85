"""A school invites, a volunteer answers; RULE-06 and RULE-26 hold whoever is quicker."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.case_items import Case
from core.filings import Taken
from core.parameters import Setting
from core.store import Busy, Without
from tests.core.house import OFFICERS, House, everything
from tests.pages import fictional_phone
from tests.plugins.volunteers.inviting import (
    FRIDAY,
    NEXT_FRIDAY,
    RECORD,
    accepted,
    confirmed,
    filing,
    invite,
    near,
    on_the_day,
    running,
)
from workflows.case import Refused


def refusal(house: House, volunteer: Case, **other: Any) -> tuple[str, str | None]:
    """Return code and clause of why an invitation is refused."""
    with pytest.raises(Refused) as refused:
        invite(house, volunteer, **other)
    return refused.value.problems[0].code, refused.value.problems[0].basis


def offered(house: House) -> list[str]:
    return [each.value for each in near(house).choices["volunteers.cleared"]]


def test_the_invitation_is_the_volunteers_own_and_keeps_no_phone_of_theirs(house: House) -> None:
    volunteer = house.cleared(1)
    case = invite(house, volunteer)
    house.office.effects.work_off(case)
    assert case.item["holder"] == volunteer.item["holder"]
    assert case.item["about"] == volunteer.id
    assert any("请您去上一次课" in text for text in house.letters.to(fictional_phone(1)))
    told = str(everything(house, f"C#{case.id}"))
    assert fictional_phone(1) not in told
    assert "测试1" not in told
    first = house.office.cases.events(case)[0]
    assert (first["role"], first["office"]) == ("school_officer", "hexi-1")


@pytest.mark.parametrize("who", ["other_school", "other_county", "00000000112"])
def test_only_the_schools_own_officer_invites(house: House, who: str) -> None:
    volunteer = house.cleared(1)
    asked = filing(house, volunteer, who, offered=False)
    with pytest.raises(Refused):
        house.office.cases.submit(asked, None, near(house))


def test_nobody_invites_or_confirms_themselves(house: House) -> None:
    own, phone = house.cleared(1), fictional_phone(1)
    house.office.people.give(phone, "测试1", house.person("school").roles[0])
    with pytest.raises(Refused):
        invite(house, own, phone)
    case = on_the_day(house, house.do(invite(house, own), "accept", phone))
    with pytest.raises(Refused):
        house.do(case, "confirm", phone, step=RECORD)
    assert house.do(case, "confirm", "school", step=RECORD).state == "confirmed"


def test_a_query_older_than_a_year_on_the_day_of_the_session_refuses_with_the_clause(
    house: House,
) -> None:
    house.clock.at = datetime(2025, 11, 20, 2, tzinfo=UTC)
    volunteer = house.cleared(1, times=["monday", "friday"])
    house.clock.at = datetime(2026, 11, 16, 2, tzinfo=UTC)
    fits = {"date": "2026-11-20", "offered": False}
    assert invite(house, volunteer, **fits).state == "invited"
    late = {"date": "2026-11-23", "offered": False}
    assert refusal(house, volunteer, **late) == ("query_too_old", "changzhi-2021/三(四)2")


def test_a_county_that_ends_the_evening_earlier_is_heard(house: House) -> None:
    volunteer = house.cleared(1)
    setting = Setting("evening_latest", "17:00", date(2026, 11, 1), "青教字〔2026〕9号")
    house.office.parameters.set("qinghe", setting, "林静", "2026-11-23T02:00:00.000Z")
    assert refusal(house, volunteer) == ("too_late_here", "changzhi-2021/三(二)")


def test_a_county_that_wants_a_fresher_record_query_gets_it(house: House) -> None:
    volunteer = house.cleared(1)
    setting = Setting("record_query_max_age_days", 3, date(2026, 11, 1), "青教字〔2026〕9号")
    house.office.parameters.set("qinghe", setting, "林静", "2026-11-23T02:00:00.000Z")
    assert refusal(house, volunteer, offered=False)[0] == "query_too_old"


def test_who_is_not_cleared_is_neither_offered_nor_accepted(house: House) -> None:
    volunteer = house.submit(1)
    assert offered(house) == []
    found = refusal(house, volunteer, offered=False)
    assert found == ("not_cleared", "changzhi-2021/三(四)2")


def test_nobody_is_invited_on_a_day_that_they_did_not_name(house: House) -> None:
    thursday = {"date": "2026-12-03", "offered": False}
    assert refusal(house, house.cleared(1), **thursday)[0] == "not_their_day"


def test_a_case_that_is_no_registration_of_the_county_is_not_invited(house: House) -> None:
    case = invite(house, house.cleared(1))
    elsewhere = Case({**case.item, "id": "1234567890123456"}, house.office.vault)
    with pytest.raises(Refused):
        invite(house, elsewhere, offered=False)


def test_a_volunteer_is_in_one_place_at_a_time_and_next_door_right_after(house: House) -> None:
    volunteer = house.cleared(1)
    invite(house, volunteer, starts="16:30", ends="17:20")
    assert refusal(house, volunteer, starts="17:15", ends="18:00")[0] == "overlap"
    other = {"who": "other_school", "place": "no2"}
    assert refusal(house, volunteer, **other)[0] == "overlap"
    assert invite(house, volunteer, **other, starts="17:20", ends="18:10").state == "invited"
    assert invite(house, volunteer, date=NEXT_FRIDAY).state == "invited"


def both_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Invite one volunteer twice for one time, both checked before either is written."""
    volunteer, gate = house.cleared(1), threading.Barrier(2, timeout=20)
    house.person("other_school")
    passed = threading.local()
    plugin = running("plugin")
    checked = plugin.Plugin.check_submission

    def waiting(self: Any, context: Any, case: Any) -> Any:
        found = list(checked(self, context, case))
        if not getattr(passed, "once", False):
            passed.once = True
            gate.wait()
        return found

    board = house.office.catalogue._board  # noqa: SLF001 — where the race is held open
    real = board.implementations

    def implementations(hook: str) -> Any:
        if hook != "check_submission":
            return real(hook)
        return [("volunteers", lambda **given: waiting(plugin.Plugin(), **given))]

    monkeypatch.setattr(board, "implementations", implementations)
    asked = [
        filing(house, volunteer, w, p) for w, p in (("school", "hexi-1"), ("other_school", "no2"))
    ]

    def send(one: Any) -> str:
        try:
            return house.office.cases.submit(one, None, near(house)).state
        except Refused as refused:
            return refused.problems[0].code
        except Busy:
            return "busy"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(send, asked))


def test_of_two_schools_that_invite_at_once_one_gets_the_time_and_one_is_told_why(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_at_once(house, monkeypatch) == ["invited", "overlap"]


def test_without_the_claim_both_would_get_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        running("sessions"), "Without", lambda attr, _: Without(attr, frozenset({-1}))
    )
    assert both_at_once(house, monkeypatch) == ["invited", "invited"]


@pytest.mark.parametrize(("move", "who"), [("decline", fictional_phone(1)), ("recall", "school")])
def test_a_time_that_is_given_up_is_free_again(house: House, move: str, who: str) -> None:
    volunteer = house.cleared(1)
    house.do(invite(house, volunteer), move, who, comment="改期")
    assert invite(house, volunteer).state == "invited"


def test_a_called_off_session_frees_its_time_and_tells_the_other_side(house: House) -> None:
    volunteer = house.cleared(1)
    case = house.do(accepted(house, volunteer, 1), "call_off", "school", comment="停电")
    house.office.effects.work_off(case)
    assert any("停电" in text for text in house.letters.to(fictional_phone(1)))
    again = accepted(house, volunteer, 1)
    again = house.do(again, "cannot_come", fictional_phone(1), comment="发烧了")
    house.office.effects.work_off(again)
    assert any("发烧了" in text for text in house.letters.to(OFFICERS["school"]))
    assert invite(house, volunteer).state == "invited"


@pytest.mark.parametrize("move", ["call_off", "cannot_come"])
def test_calling_off_needs_a_reason(house: House, move: str) -> None:
    case = accepted(house, house.cleared(1), 1)
    who = "school" if move == "call_off" else fictional_phone(1)
    with pytest.raises(Refused):
        house.do(case, move, who)


def test_who_does_not_answer_by_the_day_before_is_free_again(house: House) -> None:
    volunteer = house.cleared(1)
    case = on_the_day(house, invite(house, volunteer))
    house.office.effects.work_off_due()
    assert case.state == "lapsed"
    assert any("可以另请一位" in text for text in house.letters.to(OFFICERS["school"]))
    assert not everything(house, f"X#volunteers#sessions#{volunteer.id}")
    [day] = everything(house, f"X#volunteers#cells#{volunteer.id}")
    assert not day.get("taken")


def test_an_answer_is_taken_back_for_ten_minutes_and_the_school_hears_of_it_after(
    house: House,
) -> None:
    case = invite(house, house.cleared(1))
    phone = fictional_phone(1)
    case = house.do(case, "decline", phone)
    house.office.effects.work_off_due()
    assert house.letters.to(OFFICERS["school"]) == []
    person = house.person(phone)
    case = house.office.reversals.take_back(case, person, case.v, near(house))
    assert case.state == "invited"
    case = house.do(case, "accept", phone)
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    [told] = house.letters.to(OFFICERS["school"])
    assert "志愿者接受了" in told


def test_a_no_is_not_taken_back_once_somebody_else_has_the_time(house: House) -> None:
    volunteer, phone = house.cleared(1), fictional_phone(1)
    case = house.do(invite(house, volunteer), "decline", phone)
    invite(house, volunteer, who="other_school", place="no2")
    with pytest.raises(Taken):
        house.office.reversals.take_back(case, house.person(phone), case.v, near(house))


def suspended(house: House, volunteer: Case) -> Case:
    """End a volunteer's clearance, and let ten minutes pass in which it could be taken back."""
    case = house.do(volunteer, "suspend", "county", comment="核实情况")
    house.clock.move(minutes=11)
    return case


def test_who_loses_the_clearance_loses_the_sessions_to_come_and_both_sides_hear_of_it(
    house: House,
) -> None:
    volunteer = house.cleared(1)
    open_one, agreed = invite(house, volunteer), accepted(house, volunteer, 1, date=NEXT_FRIDAY)
    suspended(house, volunteer)
    house.office.effects.work_off_due()
    house.office.effects.work_off_due()
    assert [house.now(each).state for each in (open_one, agreed)] == ["called_off"] * 2
    for phone in (fictional_phone(1), OFFICERS["school"]):
        told = [text for text in house.letters.to(phone) if "审核不在有效期内" in text]
        assert len(told) == 2
    assert refusal(house, volunteer, offered=False)[0] == "not_cleared"
    assert offered(house) == []


def test_told_of_it_twice_the_second_time_changes_nothing(house: House) -> None:
    volunteer = house.cleared(1)
    case = invite(house, volunteer)
    ended = suspended(house, volunteer)
    house.office.ticks.tick()
    before = house.now(case).v
    [event] = [each for each in house.office.cases.events(ended) if each["transition"] == "suspend"]
    house.office.effects.tell_plugin("volunteers", event, ended)
    assert house.now(case).v == before


def test_an_expired_query_calls_off_what_lies_after_it_and_a_renewed_one_lets_invite_again(
    house: House,
) -> None:
    volunteer = house.cleared(1)
    house.clock.move(days=357)
    friday = {"date": "2027-11-19"}
    case = invite(house, volunteer, **friday)
    old = {"result": "clear", "query_date": "2026-11-14", "querying_body": "青禾县公安局"}
    house.do(house.now(volunteer), "requery", "county", step=old)
    house.office.ticks.tick()
    house.office.effects.work_off_due()
    assert house.now(volunteer).state == "expired"
    assert house.now(case).state == "called_off"
    today = house.office.around().today.isoformat()
    new = {**old, "query_date": today}
    house.do(house.now(volunteer), "requery", "county", step=new)
    assert invite(house, volunteer, date="2027-11-26").state == "invited"


def test_nobody_accepts_after_the_clearance_has_ended(house: House) -> None:
    volunteer = house.cleared(1)
    case = invite(house, volunteer)
    house.do(volunteer, "suspend", "county", comment="核实情况")
    with pytest.raises(Refused) as refused:
        house.do(case, "accept", fictional_phone(1))
    assert refused.value.problems[0].code == "not_cleared"


def test_an_invitation_checked_just_before_the_clearance_ended_is_not_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    volunteer = house.cleared(1)
    asked = filing(house, volunteer)
    found = running("clearance").against

    def stale(*given: Any) -> Any:
        problems = list(found(*given))
        if house.now(volunteer).state == "cleared":
            house.do(house.now(volunteer), "suspend", "county", comment="核实情况")
        return problems

    monkeypatch.setattr(running("plugin"), "against", stale)
    with pytest.raises(Refused) as refused:
        house.office.cases.submit(asked, None, near(house))
    assert refused.value.problems[0].code == "not_cleared"
    assert house.office.cases.get(asked.id) is None


def test_hours_are_confirmed_after_the_day_has_come_and_longer_ones_need_a_reason(
    house: House,
) -> None:
    volunteer = house.cleared(1)
    case = accepted(house, volunteer, 1)
    with pytest.raises(Refused):
        house.do(case, "confirm", "school", step=RECORD)
    case = on_the_day(house, case)
    longer = {**RECORD, "ended": "17:40", "taught_minutes": 70}
    with pytest.raises(Refused) as refused:
        house.do(case, "confirm", "school", step=longer)
    assert "请写明原因" in refused.value.problems[0].message
    why = {**longer, "longer_because": "孩子们想学完整首"}
    assert house.do(case, "confirm", "school", step=why).state == "confirmed"
    [entry] = everything(house, f"X#volunteers#sessions#{volunteer.id}")
    assert (entry["state"], entry["served"]) == ("confirmed", 70)
    assert not everything(house, "X#volunteers#school#")


def test_hours_that_are_corrected_count_once(house: House) -> None:
    volunteer = house.cleared(1)
    case = confirmed(house, volunteer, 1)
    case = house.do(case, "reopen", "school", comment="写错了")
    [entry] = everything(house, f"X#volunteers#sessions#{volunteer.id}")
    assert (entry["state"], entry["served"]) == ("to_confirm", 0)
    shorter = {**RECORD, "ended": "17:00", "taught_minutes": 30}
    house.do(case, "confirm", "school", step=shorter)
    [entry] = everything(house, f"X#volunteers#sessions#{volunteer.id}")
    assert entry["served"] == 30


def test_unconfirmed_hours_are_overdue_after_five_working_days(house: House) -> None:
    case = on_the_day(house, accepted(house, house.cleared(1), 1))
    assert case.due is not None
    assert case.due.date().isoformat() == "2026-12-11"
    house.clock.move(days=9)
    house.office.ticks.tick()
    house.office.effects.work_off_due()
    assert any("应在" in text for text in house.letters.to(OFFICERS["school"]))


def test_a_session_that_was_not_held_counts_nothing(house: House) -> None:
    volunteer = house.cleared(1)
    case = on_the_day(house, accepted(house, volunteer, 1))
    house.do(case, "not_held", "school", comment="全校停电")
    assert not everything(house, f"X#volunteers#sessions#{volunteer.id}")


def test_a_year_later_the_case_is_filed_and_the_hours_stay(house: House) -> None:
    volunteer = house.cleared(1)
    case = confirmed(house, volunteer, 1)
    house.clock.move(days=366)
    house.office.ticks.tick()
    assert house.now(case).state == "recorded"
    [entry] = everything(house, f"X#volunteers#sessions#{volunteer.id}")
    assert (entry["state"], entry["served"], entry["date"]) == ("recorded", 50, FRIDAY)
