"""A county's statistics worked out anew: nothing differs; what was never counted is made good."""

from typing import Any

import pytest

from core.case_items import event_key
from core.statistics.tally import NOW, statistic_key
from core.store import Change, Item, Put, Write
from infra.cli import main
from tests.core.house import House, everything
from tests.core.statistics.asked import FLOW, SERVICE, ask, count, judged, mend, read, take_back
from tests.tallies import of_counting, of_standing, stored


def rebuild(house: House) -> int:
    return house.office.rebuilding.rebuild(house.office.places.get("qinghe"), SERVICE)


def lived(house: House) -> None:
    """Let a few cases live, and count them."""
    cases = [ask(house, n, kind="merit" if n % 2 else "hardship") for n in range(6)]
    house.clock.move(days=2)
    back = house.do(cases[0], "return", "school", comment="改")
    mend(house, back, kind="merit", school="yunting")
    forward = house.do(cases[1], "forward", "school")
    take_back(house, forward, "school")
    house.do(cases[2], "reject", "school", comment="不符")
    house.clock.move(hours=1)
    count(house)


def test_where_all_was_counted_nothing_is_wrong(house: House) -> None:
    lived(house)
    assert rebuild(house) == 0


def test_what_is_still_to_be_counted_is_left_to_be_counted(house: House) -> None:
    lived(house)
    ask(house, 20)
    assert rebuild(house) == 0
    assert read(house).filed == 6
    assert count(house) == 1
    assert read(house).filed == 7


def test_items_that_were_lost_spoilt_or_invented_are_set_right(house: House) -> None:
    lived(house)
    right = stored(judged(house))
    for key in (
        statistic_key("qinghe", SERVICE, "qinghe", FLOW, NOW),
        statistic_key("qinghe", SERVICE, "hexi-1", FLOW, "202611"),
        statistic_key("qinghe", SERVICE, "nowhere", FLOW, "202611"),
    ):
        house.store.commit(Put({"pk": key[0], "sk": key[1], "now.waiting": 99}))
    assert rebuild(house) == 3
    again = stored(judged(house))
    assert {key: dict(each) for key, each in again.items()} == {
        key: {name: n for name, n in each.items() if n} if key in CHANGED else dict(each)
        for key, each in right.items()
    }
    assert rebuild(house) == 0


CHANGED = {
    statistic_key("qinghe", SERVICE, "qinghe", FLOW, NOW),
    statistic_key("qinghe", SERVICE, "hexi-1", FLOW, "202611"),
}


def test_an_event_that_was_parked_is_counted_after_all(house: House) -> None:
    case = ask(house)
    gone = ("register_pk", "register_sk")
    house.store.commit(Change(event_key(case.id, 1), set={"uncounted": True}, remove=gone))
    assert count(house) == 0
    rebuild(house)
    assert count(house) == 1
    judge = judged(house)
    assert not [*of_counting(judge), *of_standing(judge)]


def without_counts(house: House) -> None:
    """Make all events such as were written before there were statistics."""
    for event in everything(house, "C#"):
        if event["sk"].startswith("E#"):
            gone = {"v", "counts", "counted", "register_pk", "register_sk"}
            house.store.commit(Put({name: n for name, n in event.items() if name not in gone}))


def test_cases_from_before_there_were_statistics_count_as_filed_then(house: House) -> None:
    old = [ask(house, n) for n in range(3)]
    old[0] = house.do(old[0], "forward", "school")
    without_counts(house)
    house.clock.move(days=20)
    rebuild(house)
    statistics = read(house, last="202612")
    assert statistics.now == {"waiting": 2, "panel": 1}
    assert statistics.months[0].filed == 3
    assert statistics.answers == {"kind": {"hardship": 3}}
    house.do(house.now(old[1]), "withdraw", old[1].answers["phone"])
    count(house)
    assert read(house).now == {"waiting": 1, "panel": 1, "withdrawn": 1}
    assert rebuild(house) == 0


def test_what_is_counted_while_it_is_worked_out_is_not_undone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(house)
    key = statistic_key("qinghe", SERVICE, "qinghe", FLOW, NOW)
    house.store.commit(Change(key, set={"now.waiting": 99}))
    real, tries = house.store.commit, list[int]()

    def commit(*writes: Write) -> None:
        if any(isinstance(each, Put) and each.key == key for each in writes) and not tries:
            tries.append(1)
            monkeypatch.setattr(house.store, "commit", real)
            ask(house, 30)
            count(house)
        real(*writes)

    monkeypatch.setattr(house.store, "commit", commit)
    rebuild(house)
    assert tries == [1]
    judge = judged(house)
    assert not [*of_counting(judge), *of_standing(judge)]


def test_the_command_says_how_many_were_wrong(house: House, capsys: Any) -> None:
    house.submit(1)
    house.office.ticks.tick()
    item: Item = next(each for each in everything(house, "ST#") if each["sk"].endswith("#now"))
    house.store.commit(Change((item["pk"], item["sk"]), set={"now.submitted": 5}))
    folder = str(house.folder)
    assert main(["recount", "volunteers", "--place", "qinghe", "--folder", folder]) == 0
    assert capsys.readouterr().out == "1 statistics were wrong\n"
    with pytest.raises(SystemExit, match="no place"):
        main(["recount", "volunteers", "--place", "nowhere", "--folder", folder])
