"""Each condition under many threads, and each time the same crowd without it (the control)."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from core.store import (
    Absent,
    Below,
    Busy,
    Change,
    Condition,
    Conflict,
    Put,
    Store,
    Version,
    Without,
)

CROWD = 40
PLACES = 10
SLOT = ("slot", "1")


def crowd(act: Callable[[int], bool]) -> list[int]:
    """Let 40 threads act at once; return those for whom it went well."""
    with ThreadPoolExecutor(CROWD) as pool:
        went = list(pool.map(act, range(CROWD)))
    return [who for who in range(CROWD) if went[who]]


@contextmanager
def all_looking(barrier: Barrier) -> Iterator[None]:
    """Let nobody write before everybody has looked: the worst case of read, then write."""
    yield
    barrier.wait(60)


def done(store: Store, *writes: Any) -> bool:
    """Commit as often as the store is busy; tell whether the conditions were true."""
    for _ in range(50):
        try:
            store.commit(*writes)
        except Busy:
            time.sleep(0.01)
        except Conflict:
            return False
        else:
            return True
    raise TimeoutError("busy fifty times")


def seen(store: Store) -> dict[str, Any]:
    return dict(store.get(SLOT)[0] or {})


def book(store: Store, who: int, *when: Condition) -> bool:
    row = Put({"pk": "bookings", "sk": f"{who:02}"}, (Absent(),))
    return done(store, row, Change(SLOT, add={"taken": 1}, when=when))


def test_places_are_never_oversold(shared_store: Store) -> None:
    store = shared_store
    served = crowd(lambda who: book(store, who, Below("taken", PLACES - 1)))
    rows = store.query("bookings", limit=100).items
    assert len(served) == PLACES == seen(store)["taken"] == seen(store)["v"]
    assert [int(row["sk"]) for row in rows] == served


def test_control_looking_before_booking_oversells(shared_store: Store) -> None:
    store, barrier = shared_store, Barrier(CROWD)

    def look_then_book(who: int) -> bool:
        with all_looking(barrier):
            free = seen(store).get("taken", 0) < PLACES
        return free and book(store, who)

    assert len(crowd(look_then_book)) == CROWD == seen(store)["taken"]


def test_one_of_many_takes_a_key_and_keeps_it(shared_store: Store) -> None:
    store = shared_store

    def take(who: int) -> bool:
        return done(store, Put({"pk": "slot", "sk": "1", "who": who}, (Absent(),)))

    assert crowd(take) == [seen(store)["who"]]


def test_control_looking_before_taking_lets_all_believe_they_have_it(shared_store: Store) -> None:
    store, barrier = shared_store, Barrier(CROWD)

    def look_then_take(who: int) -> bool:
        with all_looking(barrier):
            free = store.get(SLOT) == [None]
        return free and done(store, Put({"pk": "slot", "sk": "1", "who": who}))

    assert len(crowd(look_then_take)) == CROWD


def cells(who: int) -> frozenset[int]:
    """Return the five-minute cells that somebody wants: half an hour, clashing with neighbours."""
    return frozenset(range(who * 3, who * 3 + 6))


def reserve(store: Store, who: int, *when: Condition) -> bool:
    return done(store, Change(SLOT, add={"cells": cells(who)}, when=when))


def clashes(served: list[int]) -> int:
    return sum(bool(cells(a) & cells(b)) for a in served for b in served if a < b)


def test_nobody_is_in_two_places_at_once(shared_store: Store) -> None:
    store = shared_store
    served = crowd(lambda who: reserve(store, who, Without("cells", cells(who))))
    assert CROWD // 3 <= len(served) <= CROWD // 2
    assert clashes(served) == 0
    assert seen(store)["cells"] == frozenset().union(*map(cells, served))


def test_control_looking_before_reserving_clashes(shared_store: Store) -> None:
    store, barrier = shared_store, Barrier(CROWD)

    def look_then_reserve(who: int) -> bool:
        with all_looking(barrier):
            free = not cells(who) & seen(store).get("cells", frozenset())
        return free and reserve(store, who)

    assert clashes(crowd(look_then_reserve)) == CROWD - 1


def test_no_change_made_under_a_version_is_lost(shared_store: Store) -> None:
    store = shared_store
    store.commit(Put({"pk": "slot", "sk": "1", "names": []}))

    def sign(who: int) -> bool:
        for _ in range(500):
            item = seen(store)
            signed = {"names": [*item["names"], who]}
            if done(store, Change(SLOT, set=signed, when=(Version(item["v"]),))):
                return True
        return False

    assert crowd(sign) == list(range(CROWD))
    assert sorted(seen(store)["names"]) == list(range(CROWD))
    assert seen(store)["v"] == CROWD + 1


def test_control_without_the_version_all_but_one_are_lost(shared_store: Store) -> None:
    store, barrier = shared_store, Barrier(CROWD)
    store.commit(Put({"pk": "slot", "sk": "1", "names": []}))

    def sign(who: int) -> bool:
        with all_looking(barrier):
            names = seen(store)["names"]
        return done(store, Change(SLOT, set={"names": [*names, who]}))

    assert len(crowd(sign)) == CROWD
    assert len(seen(store)["names"]) == 1


def test_counting_needs_no_condition(shared_store: Store) -> None:
    store = shared_store
    assert len(crowd(lambda _: done(store, Change(SLOT, add={"n": 3})))) == CROWD
    assert (seen(store)["n"], seen(store)["v"]) == (3 * CROWD, CROWD)


def test_two_commits_that_meet_at_two_keys_are_both_whole(shared_store: Store) -> None:
    store = shared_store

    def transfer(who: int) -> bool:
        here, there = (("acc", "a"), ("acc", "b"))[:: 1 if who % 2 else -1]
        return done(store, Change(here, add={"n": 1}), Change(there, add={"n": -1}))

    assert len(crowd(transfer)) == CROWD
    balances = [item["n"] for item in store.query("acc").items]
    assert sum(balances) == 0
