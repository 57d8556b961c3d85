"""What events count: at which places, in which month, and never what is personal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.case_items import Case, chain_holds
from core.statistics.counted import MOST_ANSWERS, MOST_BYTES, answered, counted_fields, offered
from forms.definition import form_from_data
from tests.core.grants import SECOND
from tests.core.house import House
from tests.core.statistics.asked import PHONE, ask, count, judged, mend, read, take_back
from tests.tallies import of_counting, of_flow, of_standing, stored


def paid(house: House) -> dict[str, Any]:
    return {"amount": 100, "paid_on": house.office.around().today.isoformat()}


def sound(house: House) -> None:
    judge = judged(house)
    found = [*of_counting(judge), *of_standing(judge), *of_flow(judge)]
    assert not found, found


@pytest.mark.parametrize(
    ("place", "filed"),
    [("qinghe", 1), ("hexi-zhen", 1), ("hexi-1", 1), ("yunting", 0), ("yunhe", 0)],
)
def test_a_case_counts_at_every_place_it_concerns_up_to_the_county(
    house: House, place: str, filed: int
) -> None:
    ask(house, kind="merit", needs=["books", "meals"])
    assert count(house) == 1
    statistics = read(house, place)
    assert statistics.filed == filed
    assert statistics.now == ({"waiting": 1} if filed else {})
    said = {"kind": {"merit": 1}, "needs": {"books": 1, "meals": 1}}
    assert statistics.answers == (said if filed else {})


def test_time_in_a_state_and_whether_it_was_overdue(house: House) -> None:
    cases = [ask(house, n) for n in range(3)]
    for n, hours in enumerate((1, 24, 24 * 20)):
        house.clock.move(hours=hours)
        case = house.now(cases[n])
        if case.state == "waiting":
            house.do(case, "forward", "school")
    count(house)
    waited = read(house, "hexi-1", "202611", "202612").spent["waiting"]
    assert (waited.left, waited.late) == (3, 1)
    assert waited.median == pytest.approx(25 * 3600, rel=0.05)
    assert waited.most == pytest.approx((25 + 480) * 3600, rel=0.05)


def test_a_month_is_the_countys_not_utcs(house: House) -> None:
    house.clock.at = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    ask(house)
    house.clock.move(minutes=2)
    ask(house, 1)
    count(house)
    november, december = read(house, last="202612").months
    assert (november.days, december.days) == ({30: 1}, {1: 1})


def test_new_answers_take_the_place_of_the_old_ones(house: House) -> None:
    case = ask(house, kind="hardship", needs=["books", "meals"])
    case = house.do(case, "return", "school", comment="改")
    house.clock.move(minutes=11)
    mend(house, case, kind="merit", needs=["meals", "travel"])
    count(house)
    assert read(house).answers == {"kind": {"merit": 1}, "needs": {"meals": 1, "travel": 1}}
    sound(house)


def test_a_school_that_a_case_comes_to_later_counts_it_from_then(house: House) -> None:
    case = house.do(ask(house), "return", "school", comment="改")
    house.clock.move(days=3)
    mend(house, case, school="yunting")
    count(house)
    second = read(house, "yunting")
    assert (second.filed, second.now, second.spent) == (1, {"waiting": 1}, {})
    assert second.answers == {"kind": {"hardship": 1}}
    assert set(read(house, "hexi-1").spent) == {"waiting", "returned"}
    sound(house)


def test_a_move_taken_back_counts_as_though_it_had_never_been(house: House) -> None:
    case = ask(house)
    count(house)
    before = stored(judged(house))
    house.clock.move(days=2)
    case = house.do(case, "forward", "school")
    count(house)
    assert read(house).now == {"panel": 1}
    house.clock.move(minutes=5)
    case = take_back(house, case, "school")
    count(house)
    after = {
        key: {k: n for k, n in each.items() if n} for key, each in stored(judged(house)).items()
    }
    assert after == before
    assert chain_holds(house.office.cases.events(case), case.item["head"])
    sound(house)


def test_a_move_whose_letters_wait_is_counted_and_undone_with_them(house: House) -> None:
    case = house.do(ask(house), "reject", "school", comment="不符")
    assert count(house) == 1
    take_back(house, case, "school")
    assert count(house) == 0, "neither shows alone"
    house.clock.move(minutes=10)
    assert count(house) == 2
    assert read(house).now == {"waiting": 1}
    sound(house)


def test_an_edit_taken_back_gives_places_and_answers_back(house: House) -> None:
    case = house.do(ask(house, needs=["books"]), "withdraw", PHONE)
    before = take_back(house, case, PHONE)
    count(house)
    assert read(house).now == {"waiting": 1}
    assert before.state == "waiting"
    sound(house)


def test_the_clocks_moves_count_as_any_other(house: House) -> None:
    house.do(ask(house), "return", "school", comment="改")
    house.clock.move(days=11)
    house.office.ticks.tick()
    house.office.ticks.release()
    spent = read(house, last="202612").spent["returned"]
    assert (spent.left, spent.late) == (1, 1)
    assert read(house).now == {"lapsed": 1}
    sound(house)


def test_votes_notes_and_reminders_count_nothing(house: House) -> None:
    case = house.do(ask(house), "forward", "school")
    count(house)
    house.do(case, "grant", "county", step=paid(house))
    assert count(house) == 0
    house.do(house.now(case), "grant", SECOND, step=paid(house))
    assert count(house) == 1
    assert read(house).now == {"granted": 1}


def test_a_second_submission_of_one_person_does_not_count(house: House) -> None:
    first, twin = ask(house), ask(house)
    assert twin.item["twin"] == first.id
    assert count(house) == 1
    assert read(house).filed == 1
    house.office.effects.work_off_due()  # which notes the twin on the first
    assert count(house) == 0
    sound(house)


def test_what_is_filed_at_a_school_counts_at_no_other(house: House) -> None:
    ask(house)
    ask(house, 1, "liuting-zhen")
    count(house)
    found = {place: read(house, place).filed for place in ("hexi-zhen", "liuting-zhen", "qinghe")}
    assert found == {"hexi-zhen": 1, "liuting-zhen": 1, "qinghe": 2}


CHOICES = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]


def form_of(*fields: dict[str, Any]) -> Any:
    told = [{"label": f"题{n}", **each} for n, each in enumerate(fields)]
    return form_from_data({"id": "asked", "title": "问", "pages": [{"fields": told}]})


PERSONAL = ["identity", "contact", "child", "sensitive"]


@given(st.sampled_from(["choice", "choices", "yes_no"]), st.sampled_from([*PERSONAL, ""]))
def test_personal_answers_are_never_counted(kind: str, privacy: str) -> None:
    spec: dict[str, Any] = {"name": "q", "type": kind}
    spec |= {} if kind == "yes_no" else {"choices": CHOICES}
    spec |= {"privacy": {"class": privacy}} if privacy else {}
    answer: Any = {"choice": "a", "choices": ["a", "b"], "yes_no": False}[kind]
    said = answered(form_of(spec), {"q": answer})
    expected = {"choice": ["a.q.a"], "choices": ["a.q.a", "a.q.b"], "yes_no": ["a.q.false"]}
    assert said == ([] if privacy else expected[kind])


def test_what_only_some_may_read_is_never_counted() -> None:
    form = form_of({"name": "q", "type": "choice", "choices": CHOICES})
    assert [*counted_fields(form)] == ["q"]
    closed = replace(form.fields["q"], readers=frozenset({"county_officer"}))
    closed_form = replace(form, hash="closed", fields={"q": closed})
    assert [*counted_fields(closed_form)] == []
    assert answered(closed_form, {"q": "a"}) == []


def test_texts_numbers_and_what_a_lookup_offers_are_not_counted() -> None:
    form = form_of(
        {"name": "text", "type": "text"},
        {"name": "number", "type": "integer"},
        {"name": "school", "type": "choice", "choices_from": "places.schools"},
        {"name": "agreed", "type": "consent"},
        {"name": "kind", "type": "choice", "choices": CHOICES},
    )
    assert list(counted_fields(form)) == ["kind"]
    assert answered(form, {"text": "甲", "school": "hexi-1", "kind": None}) == []


@given(st.integers(1, 60), st.integers(1, 120), st.integers(1, 100))
def test_however_large_a_form_is_its_answers_stay_within_bounds(
    questions: int, options: int, letters: int
) -> None:
    choices = [{"value": f"{n:03}{'长' * letters}"[:100], "label": "项"} for n in range(options)]
    form = form_of(
        *({"name": f"q{n}", "type": "choices", "choices": choices} for n in range(questions))
    )
    counted = counted_fields(form).values()
    assert sum(len(f"a.{f.name}.{v}".encode()) for f in counted for v in offered(f)) <= MOST_BYTES
    assert sum(len(f.choices) for f in counted) <= MOST_ANSWERS


def test_taken_back_after_many_days_of_a_long_wait_is_exact(house: House) -> None:
    case: Case = ask(house)
    for seconds in (1, 59, 86_399, 10**6):
        house.clock.at += timedelta(seconds=seconds, milliseconds=999, microseconds=999)
        case = house.do(house.now(case), "forward", "school") if case.state == "waiting" else case
        case = take_back(house, case, "school") if case.state == "panel" else case
    count(house)
    sound(house)
