from typing import Any

import pytest

from core.store import (
    Absent,
    Below,
    Change,
    Check,
    Condition,
    Conflict,
    Delete,
    Put,
    Store,
    Version,
    Without,
    Write,
)

KEY = ("slot", "1")
STANDS = {"pk": "slot", "sk": "1", "taken": 3, "cells": {1, 2}, "names": {"a"}, "text": "abc"}
TRUE: list[Condition] = [
    Version(1),
    Below("taken", 3),
    Below("taken", 4),
    Below("missing", 0),
    Without("cells", frozenset({3, 4})),
    Without("names", frozenset({"b"})),
    Without("missing", frozenset({1})),
    Without("cells", frozenset()),
    Without("cells", frozenset(range(3, 147))),
]
NO_TEXT = pytest.mark.not_on("moto", reason="fails to compare a text with a number")
FALSE: list[Any] = [
    Absent(),
    Version(0),
    Version(2),
    Below("taken", 2),
    Below("missing", -1),
    pytest.param(Below("text", 10), marks=NO_TEXT),
    Without("cells", frozenset({2, 3})),
    Without("names", frozenset({"a", "b"})),
    Without("cells", frozenset(range(2, 146))),
]
WITHOUT_ITEM: list[tuple[Condition, bool]] = [
    (Absent(), True),
    (Version(1), False),
    (Below("taken", 0), True),
    (Below("taken", -1), False),
    (Without("cells", frozenset({1})), True),
]


def writes(condition: Condition) -> list[Write]:
    """Return every kind of write under the condition."""
    when = (condition,)
    return [
        Put({"pk": "slot", "sk": "1", "new": True}, when),
        Change(KEY, set={"new": True}, when=when),
        Delete(KEY, when),
        Check(KEY, when),
    ]


@pytest.mark.parametrize("kind", range(4), ids=["put", "change", "delete", "check"])
@pytest.mark.parametrize("condition", TRUE, ids=lambda c: repr(c)[:40])
def test_a_true_condition_lets_the_write_happen(
    store: Store, condition: Condition, kind: int
) -> None:
    store.commit(Put(STANDS))
    store.commit(writes(condition)[kind], Put({"pk": "other", "sk": "1"}))
    (item,) = store.get(KEY)
    after = [item and item.get("new"), item and item["v"]]
    put = 2 if condition == Version(1) else 1
    assert after == [[True, put], [True, 2], [None, None], [None, 1]][kind]
    assert store.get(("other", "1")) != [None]


@pytest.mark.parametrize("kind", range(4), ids=["put", "change", "delete", "check"])
@pytest.mark.parametrize("condition", FALSE, ids=lambda c: repr(c)[:40])
def test_a_false_condition_stops_the_whole_commit_and_shows_what_stood(
    store: Store, condition: Condition, kind: int
) -> None:
    store.commit(Put(STANDS))
    write = writes(condition)[kind]
    with pytest.raises(Conflict) as caught:
        store.commit(Put({"pk": "other", "sk": "1"}), write)
    assert caught.value.writes == ((write, {**STANDS, "v": 1}),)
    assert caught.value.stood(KEY) == (True, {**STANDS, "v": 1})
    assert caught.value.stood(("other", "1")) == (False, None)
    assert store.get(KEY, ("other", "1")) == [{**STANDS, "v": 1}, None]


@pytest.mark.parametrize("kind", range(4), ids=["put", "change", "delete", "check"])
@pytest.mark.parametrize(("condition", "true"), WITHOUT_ITEM, ids=repr)
def test_where_nothing_stands_each_condition_has_its_answer(
    store: Store, condition: Condition, kind: int, *, true: bool
) -> None:
    write = writes(condition)[kind]
    if true:
        store.commit(write)
    else:
        with pytest.raises(Conflict) as caught:
            store.commit(write)
        assert caught.value.stood(KEY) == (True, None)
    assert (store.get(KEY) != [None]) == (true and kind < 2)


def test_all_conditions_of_a_write_must_be_true(store: Store) -> None:
    store.commit(Put(STANDS))
    both = (Version(1), Below("taken", 9), Without("cells", frozenset({5})))
    store.commit(Change(KEY, add={"taken": 1, "cells": {5}}, when=both))
    for when in ((Version(1), Below("taken", 9)), (Version(2), Below("taken", 3))):
        with pytest.raises(Conflict):
            store.commit(Change(KEY, add={"taken": 1}, when=when))
    assert store.get(KEY)[0] == {**STANDS, "taken": 4, "cells": {1, 2, 5}, "v": 2}


def test_a_put_over_a_known_version_counts_it_up_so_that_nobody_else_takes_it_for_old(
    store: Store,
) -> None:
    store.commit(Put(STANDS))
    store.commit(Put(STANDS, (Version(1),)))
    assert store.get(KEY)[0] == {**STANDS, "v": 2}
    with pytest.raises(Conflict):
        store.commit(Put(STANDS, (Version(1),)))
    store.commit(Put(STANDS, (Below("taken", 9), Version(2))))
    assert store.get(KEY)[0] == {**STANDS, "v": 3}


def test_every_failed_write_is_named_with_what_stood_at_its_key(store: Store) -> None:
    store.commit(Put({"pk": "a", "sk": "1", "n": 1}), Put({"pk": "c", "sk": "1", "n": 3}))
    first = Put({"pk": "a", "sk": "1"}, (Absent(),))
    second = Put({"pk": "b", "sk": "1"}, (Absent(),))
    third = Change(("c", "1"), when=(Version(7),))
    fourth = Check(("d", "1"), (Version(1),))
    with pytest.raises(Conflict) as caught:
        store.commit(first, second, third, fourth)
    conflict = caught.value
    assert [write for write, _ in conflict.writes] == [first, third, fourth]
    assert conflict.stood(("a", "1")) == (True, {"pk": "a", "sk": "1", "n": 1, "v": 1})
    assert conflict.stood(("b", "1")) == (False, None)
    assert conflict.stood(("c", "1")) == (True, {"pk": "c", "sk": "1", "n": 3, "v": 1})
    assert conflict.stood(("d", "1")) == (True, None)
    assert store.get(("b", "1")) == [None]


def test_one_false_condition_among_a_hundred_writes_stops_them_all(store: Store) -> None:
    store.commit(Put(STANDS))
    puts = [Put({"pk": "many", "sk": f"{n:03}"}) for n in range(99)]
    with pytest.raises(Conflict):
        store.commit(*puts, Check(KEY, (Absent(),)))
    assert store.query("many").items == ()
    store.commit(*puts, Check(KEY, (Version(1),)))
    assert len(store.query("many", limit=100).items) == 99


def test_a_set_of_numbers_never_matches_texts(store: Store) -> None:
    store.commit(Put(STANDS))
    wanted: Any = frozenset({"1", "2"})
    store.commit(Check(KEY, (Without("cells", wanted),)))
    store.commit(Check(KEY, (Without("names", frozenset({1})),)))
