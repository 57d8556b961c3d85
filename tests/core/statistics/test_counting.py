"""Exactly once: whatever comes twice, at once, late, or fails."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from core.case_items import SHARDS, counting_name, event_key
from core.statistics.counting import WAITS, Counting, batches
from core.statistics.tally import NOW, statistic_key
from core.store import MAX_WRITES, Busy, Item, Page, Put, Store, Write
from infra.local.sqlite import SqliteStore
from tests.core.house import OFFICERS, House
from tests.core.statistics.asked import FLOW, SERVICE, ask, count, judged, read
from tests.store.troubled import Troubled
from tests.tallies import of_counting, of_standing

MANY = 12


@dataclass
class Redelivering:
    """Shows every counter the events as they waited at first, as an index that is behind would."""

    store: Store
    pages: dict[str, Page]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def query(self, pk: str, **how: Any) -> Page:
        return self.pages.setdefault(pk, self.store.query(pk, **how))


@dataclass
class Unguarded:
    """Counts an event whether it has been counted or not."""

    store: Store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*(replace(each, when=()) for each in writes))


def complaints(house: House) -> list[str]:
    judge = judged(house)
    return [*of_counting(judge), *of_standing(judge)]


def counting(house: House, store: Any) -> Counting:
    return Counting(store, house.clock)


def again_and_again(house: House, wrap: Callable[[Store], Any]) -> list[int]:
    """Let MANY be asked for, then count three times what waited at first."""
    for n in range(MANY):
        ask(house, n)
    store = Redelivering(wrap(house.store), {})
    return [counting(house, store).work_off_due() for _ in range(3)]


def test_an_event_that_comes_up_again_counts_once(house: House) -> None:
    assert again_and_again(house, lambda store: store) == [MANY, 0, 0]
    assert not complaints(house)


def test_control_without_the_condition_it_counts_three_times(house: House) -> None:
    assert again_and_again(house, Unguarded) == [MANY, MANY, MANY]
    assert any("was counted 3 times" in each for each in complaints(house))
    assert read(house).filed == 3 * MANY


@dataclass
class Waiting:
    """Lets nobody write before everybody has looked."""

    store: Any
    barrier: Barrier
    waited: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if not self.waited:
            self.waited = True
            self.barrier.wait(30)
        self.store.commit(*writes)


def race(house: House, wrap: Callable[[Store], Any], workers: int = 4) -> int:
    """Let several count the same events at once; return how many they say they counted."""
    for n in range(MANY):
        ask(house, n)
    barrier = Barrier(workers)
    stores = [Waiting(wrap(house.store), barrier) for _ in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(lambda each: counting(house, each).work_off_due(), stores))


def test_of_four_that_count_at_once_each_event_is_counted_by_one(house: House) -> None:
    assert race(house, lambda store: store) == MANY
    assert not complaints(house)


def test_control_without_the_condition_all_four_count_it(house: House) -> None:
    assert race(house, Unguarded) == 4 * MANY
    assert any("was counted 4 times" in each for each in complaints(house))


def test_some_counted_by_another_do_not_keep_the_rest_of_a_commit_waiting(house: House) -> None:
    cases = [ask(house, n) for n in range(MANY)]
    store = Redelivering(house.store, {})
    for number in range(SHARDS):
        store.query(counting_name(number), index="register", until="9", limit=100)
    ahead = sum(house.office.counting.work_off(case.id) for case in cases[:3])
    assert 0 < ahead < MANY
    assert counting(house, store).work_off_due() == MANY - ahead
    assert not complaints(house)


@pytest.mark.parametrize("seed", range(4))
def test_a_store_in_trouble_loses_and_doubles_nothing(
    house: House, tmp_path: Path, seed: int
) -> None:
    behind = SqliteStore(tmp_path / "behind.sqlite")
    troubled = Troubled(house.store, behind, busy=0.3, lag=3, seed=seed)
    counter = counting(house, troubled)
    for n in range(MANY):
        case = ask(house, n)
        [event] = house.store.get(event_key(case.id, 1))
        behind.commit(Put({k: v for k, v in (event or {}).items() if k != "v"}))
    for _ in range(30):
        _tried(counter.work_off_due)
    troubled.busy = 0
    troubled.catch_up()
    counter.work_off_due()
    assert not complaints(house)
    behind.close()


def _tried(act: Callable[[], object]) -> None:
    try:
        act()
    except Busy:
        return


def test_it_is_counted_right_after_the_reply_and_by_every_tick(house: House) -> None:
    case = ask(house)
    assert house.office.counting.work_off(case.id) == 1
    ask(house, 1)
    done = house.office.ticks.tick()
    assert done is not None
    assert done.counted == 1
    assert read(house).filed == 2


def test_letters_that_cannot_go_do_not_keep_the_statistics_waiting(house: House) -> None:
    case = ask(house)
    house.letters.down = True
    house.office.effects.work_off_due()
    assert count(house) == 1
    [event] = house.store.get(event_key(case.id, 1))
    assert event is not None
    assert (bool(event["todo"]), event["counted"]) == (True, 1)
    assert event["desk_pk"].startswith("OUT#")
    house.letters.down = False
    house.clock.move(minutes=2)
    house.office.effects.work_off_due()
    assert len(house.letters.sent) == 1


def spoil(house: House, place: str) -> None:
    """Make one place's item such that nothing can be added to it."""
    pk, sk = statistic_key("qinghe", SERVICE, place, FLOW, NOW)
    house.store.commit(Put({"pk": pk, "sk": sk, "now.waiting": "x"}))


def test_an_event_that_cannot_be_counted_holds_up_no_other_and_no_letter(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(house, "hexi-1")
    bad, good = ask(house), ask(house, 1, "liuting-zhen")
    with caplog.at_level(logging.CRITICAL, "core.statistics.counting"):
        assert count(house) == 1
        assert read(house, "liuting-zhen").filed == 1
        house.office.effects.work_off_due()
        assert len(house.letters.sent) == 2
        for wait in WAITS:
            assert count(house) == 0
            house.clock.move(seconds=wait + 1)
        count(house)
    [event] = house.store.get(event_key(bad.id, 1))
    assert event is not None
    assert (event["uncounted"], "register_pk" in event) == (True, False)
    assert house.now(good).state == "waiting"
    page = house.client(OFFICERS["school"]).get(f"/hexi-zhen/case/{bad.id}/")
    assert "没有计入统计，待处理" in page.text


def test_as_many_events_as_a_commit_holds_are_counted_in_one(house: House) -> None:
    """At three places, with two items each: that leaves 94."""
    first = first_event(house)
    events = [other_event(first, n, first["counts"]) for n in range(300)]
    for n in range(0, 300, 100):
        house.store.commit(*map(Put, events[n : n + 100]))
    asked = len(house.store.asked)
    assert count(house) == 301
    commits = [len(each) - 1 for each in house.store.asked[asked:] if each[0] == "commit"]
    assert sorted(commits) == [301 - 3 * 94 + 6, MAX_WRITES, MAX_WRITES, MAX_WRITES]
    assert read(house, "hexi-1").filed == 301


def test_events_of_many_places_share_commits_as_they_fit(house: House) -> None:
    first = first_event(house)
    [[places, adds]] = first["counts"]["parts"]
    events = []
    for n in range(400):
        part = [[*places[:2], f"school-{n % 50}"], adds]
        events.append(other_event(first, n, {**first["counts"], "parts": [part]}))
    made = list(batches(events))
    assert sum(map(len, made)) == 400
    for batch in made:
        concerned = {place for each in batch for place in each["counts"]["parts"][0][0]}
        assert len(batch) + 2 * len(concerned) <= MAX_WRITES
    assert len(made) <= 6


def first_event(house: House) -> Item:
    [event] = house.store.get(event_key(ask(house).id, 1))
    assert event is not None
    return event


def other_event(event: Item, n: int, counts: Any) -> dict[str, Any]:
    """Return the same event of another case."""
    stem = {name: each for name, each in event.items() if name != "v"}
    return {**stem, "pk": f"C#{n:016}", "case": f"{n:016}", "counts": counts}
