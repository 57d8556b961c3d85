"""Figures kept for good: as they stood, for ever, and exactly the cases they count."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from core.case_items import Case
from core.moments import CHINA, stamp
from core.statistics import standing as standing_module
from core.statistics.comparing import Asked, compared, count_of
from core.statistics.standing import Cut, Standing, TooMuch
from core.store import Busy, Change, Put
from tests.core.house import House, everything
from tests.core.statistics.asked import FLOW, SERVICE, ask, count, mend, take_back
from tests.core.statistics.keepers import differences, keep, opened, rows_of

NEEDS = [["books"], ["books", "meals"], []]


def live(house: House, seed: int, steps: int = 14) -> None:
    """Let cases be handed in, move, be sent back, changed and taken back, over months."""
    random, cases = Random(seed), list[Case]()  # noqa: S311 — lives for tests
    for n in range(steps):
        house.clock.move(hours=random.choice([0.1, 3, 60, 400]))
        if random.random() < 0.2:
            count(house)
        if not cases or random.random() < 0.5:
            place = random.choice(["hexi-zhen", "liuting-zhen"])
            kind, needs = random.choice(["hardship", "merit"]), random.choice(NEEDS)
            cases.append(ask(house, 100 * seed + n, place, kind=kind, needs=needs))
            continue
        at = random.randrange(len(cases))
        cases[at] = moved(house, cases[at], random)


def moved(house: House, case: Case, random: Random) -> Case:
    who = "00000000104" if case.item["place"] == "liuting-zhen" else "school"
    if case.state == "returned":
        return mend(house, case, kind=random.choice(["hardship", "merit"]))
    if case.state != "waiting":
        return case
    if random.random() < 0.4:
        return house.do(case, "return", who, comment="改")
    forward = house.do(case, "forward", who)
    if random.random() < 0.5:
        house.clock.move(minutes=4)
        return take_back(house, forward, who)
    return forward


@pytest.mark.parametrize("seed", range(0, 24, 2))
def test_every_number_opens_down_to_just_its_cases(house: House, seed: int) -> None:
    """Kept now and as of past months, counted or not yet; also once the cases have gone on."""
    live(house, seed)
    now = house.clock.now().astimezone(CHINA)
    before = f"{now.replace(day=1) - timedelta(days=1):%Y%m}"
    kept = [keep(house), keep(house, before), keep(house, place="hexi-zhen")]
    assert [each for one in kept for each in differences(house, one)] == []
    stood = [rows_of(house, each) for each in kept]
    live(house, seed + 1)
    count(house)
    assert [each for one in kept for each in differences(house, one)] == []
    assert [rows_of(house, each) for each in kept] == stood


def test_control_cases_as_they_are_now_are_not_those_that_were_counted(house: House) -> None:
    live(house, 3)
    kept = keep(house)
    live(house, 4)
    later = replace(kept, cut=Cut(stamp(house.clock.now())))
    assert differences(house, later)


def test_what_is_not_counted_yet_or_held_back_is_in_the_number(house: House) -> None:
    cases = [ask(house, n) for n in range(3)]
    house.do(cases[0], "forward", "school")
    figures = rows_of(house, keep(house))["hexi-1"].figures[FLOW]
    assert figures["now.waiting"] == 2
    assert sum(n for name, n in figures.items() if name.startswith("now.")) == 3
    assert not [each for each in everything(house, "ST#") if "now.waiting" in each]


def test_a_past_month_is_as_it_ended(house: House) -> None:
    case, _ = ask(house, 1), ask(house, 2)
    house.clock.at = datetime(2026, 12, 3, tzinfo=CHINA)
    house.do(case, "reject", "school", comment="不符")
    ask(house, 3)
    count(house)
    assert rows_of(house, keep(house, "202611"))["qinghe"].figures[FLOW]["now.waiting"] == 2
    now = rows_of(house, keep(house))["qinghe"].figures[FLOW]
    assert (now["now.waiting"], now["now.rejected"]) == (2, 1)


def test_who_reads_while_it_changes_reads_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something is counted after the first reading: a number is never half old, half new."""
    for n in range(3):
        ask(house, n)
    waiting = Standing.waiting
    times: list[int] = []

    def counted_meanwhile(self: Standing, *given: Any) -> Any:
        found = [*waiting(self, *given)]
        times.append(len(found))
        if len(times) == 1:
            count(house)
        return found

    monkeypatch.setattr(Standing, "waiting", counted_meanwhile)
    assert rows_of(house, keep(house))["qinghe"].figures[FLOW]["now.waiting"] == 3
    assert times == [3, 0]


def test_control_without_reading_again_they_would_be_counted_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house, 9)
    count(house)
    for n in range(3):
        ask(house, n)
    waiting = Standing.waiting

    def counted_meanwhile(self: Standing, *given: Any) -> Any:
        found = [*waiting(self, *given)]
        count(house)
        return found

    monkeypatch.setattr(Standing, "waiting", counted_meanwhile)
    monkeypatch.setattr(standing_module, "_versions", lambda _: {})
    assert rows_of(house, keep(house))["qinghe"].figures[FLOW]["now.waiting"] == 1 + 6


def test_where_it_changes_all_the_time_it_is_to_be_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house, 1)
    count(house)
    turns = iter(range(100))
    monkeypatch.setattr(standing_module, "_versions", lambda _: next(turns))
    with pytest.raises(Busy):
        keep(house)
    assert not everything(house, "KEPT#")


def test_too_much_at_once_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(house, 1)
    count(house)
    monkeypatch.setattr(standing_module, "MOST_ITEMS", 3)
    with pytest.raises(TooMuch):
        keep(house)


def test_kept_twice_under_one_id_it_is_kept_once(house: House) -> None:
    ask(house, 1)
    first = keep(house, id="a" * 16)
    ask(house, 2)
    again = keep(house, id="a" * 16, title="又一次")
    assert again == first
    assert len(house.office.keeping.all_of("qinghe", SERVICE, "qinghe")) == 1


def test_what_was_broken_off_is_left_aside(house: House) -> None:
    """A process that died between two commits has written figures that nothing names."""
    ask(house, 1)
    left = {"pk": f"KEPT#qinghe#{SERVICE}#qinghe#{'b' * 16}", "sk": "hexi-1", "slug": "hexi-1"}
    house.store.commit(Put(left))
    kept = keep(house, id="b" * 16)
    assert kept.id != "b" * 16
    assert rows_of(house, kept)["qinghe"].figures[FLOW] == {"a.kind.hardship": 1, "now.waiting": 1}


@pytest.mark.parametrize("what", ["figures", "title", "pupils", "gone", "more"])
def test_whatever_is_altered_is_seen(house: House, what: str) -> None:
    for n in range(2):
        ask(house, n)
    kept = keep(house)
    row = (f"KEPT#qinghe#{SERVICE}#qinghe#{kept.id}", "hexi-1")
    head = (f"KEPT#qinghe#{SERVICE}", f"qinghe#{kept.id}")
    [item], [stood] = house.store.get(row), house.store.get(head)
    assert item
    assert stood
    if what == "figures":
        change = Change(row, set={"figures": {FLOW: {"now.waiting": 99}}})
    elif what == "pupils":
        change = Change(row, set={"pupils": 1})
    elif what == "title":
        change = Change(head, set={"body": {**stood["body"], "title": "期末"}})
    elif what == "gone":
        change = Change(row, remove=("figures",))
    else:
        change = Change((row[0], "museum-2"), set={"slug": "museum-2"})
    assert house.office.keeping.rows(kept)[1]
    house.store.commit(change)
    found = house.office.keeping.get("qinghe", SERVICE, "qinghe", kept.id)
    assert found
    assert not house.office.keeping.rows(found)[1]


def test_a_withdrawal_stands_as_it_was_first_said_and_nothing_is_lost(house: House) -> None:
    ask(house, 1)
    kept, keeping = keep(house), house.office.keeping
    keeping.withdraw(kept, "张冠李戴", house.person("county"))
    keeping.withdraw(kept, "另一个原因", house.person("county"))
    found = keeping.get("qinghe", SERVICE, "qinghe", kept.id)
    assert found
    assert found.withdrawn
    assert found.withdrawn.reason == "张冠李戴"
    assert keeping.rows(found)[1]
    assert [each.id for each in keeping.all_of("qinghe", SERVICE, "qinghe")] == [kept.id]
    told = repr(everything(house, "KEPT#"))
    assert "张冠李戴" not in told
    assert house.person("county").name not in told


@pytest.mark.parametrize("name", ["", "x", "a#withdrawn", "a" * 16, f"{'a' * 16}#withdrawn"])
def test_what_was_never_kept_is_not_there(house: House, name: str) -> None:
    assert house.office.keeping.get("qinghe", SERVICE, "qinghe", name) is None


@pytest.mark.parametrize(("answers", "told"), [(4, None), (5, 5)])
def test_answers_of_fewer_than_five_are_not_told(
    house: House, answers: int, told: int | None
) -> None:
    for n in range(answers):
        ask(house, n, kind="merit")
    rows = [*rows_of(house, keep(house)).values()]
    rows.sort(key=lambda each: each.slug != "qinghe")
    flow = house.office.catalogue.plugins[SERVICE].workflow
    for what in ("answer:kind:merit", "answered:kind"):
        lines = compared(rows, flow, Asked(what, "all", "schools"))
        [school] = [each for each in lines if each.row.slug == "hexi-1"]
        assert school.part == told
        assert (school.ratio is None) == (told is None)
    [state] = [
        each
        for each in compared(rows, flow, Asked("state:waiting", "all", "schools"))
        if each.row.slug == "hexi-1"
    ]
    assert state.part == answers, "where cases stand is no answer of anybody's"


@pytest.mark.parametrize(
    ("of", "wholes"),
    [
        ("all", {"qinghe": 3, "hexi-1": 2, "liuting": 1, "xingtai": 0}),
        ("finished", {"qinghe": 1, "hexi-1": 1, "liuting": 0, "xingtai": 0}),
        ("pupils", {"qinghe": 6011, "hexi-1": 1248, "liuting": 516, "xingtai": 23}),
        ("places", {"qinghe": 14, "hexi-1": 1, "liuting": 2, "xingtai": 1}),
    ],
)
def test_each_denominator_is_that_of_the_place(
    house: House, of: str, wholes: dict[str, int]
) -> None:
    house.do(ask(house, 1), "reject", "school", comment="不符")
    ask(house, 2)
    ask(house, 3, "liuting-zhen")
    rows = [*rows_of(house, keep(house)).values()]
    rows.sort(key=lambda each: each.slug != "qinghe")
    flow = house.office.catalogue.plugins[SERVICE].workflow
    lines = {each.row.slug: each for each in compared(rows, flow, Asked("all", of, "schools"))}
    assert {slug: lines[slug].whole for slug in wholes} == wholes
    assert lines["hexi-1"].part == 2
    assert "museum" not in lines, "a venue that nothing concerns"


def test_a_case_is_told_in_the_state_it_was_in(house: House) -> None:
    case = ask(house, 1)
    kept = keep(house)
    house.clock.move(days=1)
    house.do(case, "reject", "school", comment="不符")
    [found] = opened(house, kept, "hexi-1", "all")
    assert (found.state, found.item["state"]) == ("waiting", "rejected")
    assert count_of("finished", rows_of(house, kept)["hexi-1"].figures[FLOW], _flow(house)) == 0


def _flow(house: House) -> Any:
    return house.office.catalogue.plugins[SERVICE].workflow
