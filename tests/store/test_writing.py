from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.store import Change, Check, Delete, Put, Store, Version, Without

KEY = ("a", "1")


def put(store: Store, **attributes: Any) -> None:
    store.commit(Put({"pk": "a", "sk": "1", **attributes}))


def stands(store: Store) -> Any:
    return store.get(KEY)[0]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        10**38 - 1,
        -(10**38 - 1),
        10**37,
        "",
        "text",
        "䶮·𝕏 \n\t\x00 '\"\\ <b>",
        "1",
        b"",
        b"\x00\xff bytes",
        [],
        {},
        [1, "1", None, True, [b"x", {"deep": [10**30]}]],
        {"a": {"b": {"c": [{"d": b"e"}]}}, "": 0, "$s": ["x"], "$$": {"$b": "eA=="}},
        {"$": {"S": "1"}},
        {"inner": frozenset({"x"}), "bytes": [b"1", frozenset({1})]},
        frozenset({"x", "y", ""}),
        frozenset({1, -2, 10**30}),
        {f"答案{n}": "值" * n for n in range(40)},
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_comes_back_as_it_went_in(store: Store, value: Any) -> None:
    put(store, value=value, **{"$odd name": 1, "status": 2, "a.b": 3, "一": 4})
    item = stands(store)
    expected = {"value": value, "$odd name": 1, "status": 2, "a.b": 3, "一": 4}
    assert item == {"pk": "a", "sk": "1", "v": 1, **expected}
    assert type(item["value"]) is type(value)
    store.commit(Change(KEY, set={"again": value}))
    assert stands(store)["again"] == value


def test_a_true_is_not_a_one_and_a_text_not_a_number(store: Store) -> None:
    put(store, yes=True, one=1, text="1")
    item = stands(store)
    assert (item["yes"] is True, type(item["one"]), item["text"]) == (True, int, "1")


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        Decimal(1),
        datetime(2026, 9, 1, tzinfo=UTC),
        10**38,
        {1: "a"},
        {"a", 1},
        {True},
        {b"x"},
        [set()],
        {"a": frozenset()},
        [0.1],
        range(3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_port_does_not_keep_is_refused_and_nothing_written(
    store: Store, value: Any
) -> None:
    with pytest.raises((TypeError, ValueError)):
        store.commit(Put({"pk": "b", "sk": "1"}), Put({"pk": "a", "sk": "1", "value": value}))
    with pytest.raises((TypeError, ValueError)):
        store.commit(Put({"pk": "b", "sk": "1"}), Change(KEY, set={"value": value}))
    assert store.get(KEY, ("b", "1")) == [None, None]


def test_an_item_may_be_300_kilobytes_but_not_500(store: Store) -> None:
    put(store, text="x" * 300_000)
    assert len(stands(store)["text"]) == 300_000
    with pytest.raises(ValueError, match=r"(?i)size|most"):
        put(store, text="x" * 500_000)
    with pytest.raises(ValueError, match=r"(?i)size|most"):
        store.commit(Change(KEY, set={"more": "x" * 200_000}))
    assert "more" not in stands(store)


def test_an_empty_set_is_no_attribute(store: Store) -> None:
    put(store, places=frozenset(), other={"x"})
    assert stands(store) == {"pk": "a", "sk": "1", "other": {"x"}, "v": 1}
    store.commit(Change(KEY, set={"other": set()}, add={"more": frozenset()}))
    assert stands(store) == {"pk": "a", "sk": "1", "v": 2}


def test_put_replaces_the_whole_item_and_begins_at_version_1(store: Store) -> None:
    put(store, old=1, v=17)
    store.commit(Change(KEY, set={"more": 2}))
    assert stands(store)["v"] == 2
    put(store, new=1)
    assert stands(store) == {"pk": "a", "sk": "1", "new": 1, "v": 1}


def test_the_version_counts_every_change_even_an_empty_one(store: Store) -> None:
    put(store)
    for expected in (2, 3, 4):
        store.commit(Change(KEY))
        assert stands(store)["v"] == expected
    store.commit(Check(KEY, (Version(4),)))
    assert stands(store)["v"] == 4


def test_a_change_makes_the_item_where_none_stood(store: Store) -> None:
    store.commit(Change(KEY, set={"name": "x"}, add={"n": 2, "cells": {1, 2}}, remove=["gone"]))
    assert stands(store) == {"pk": "a", "sk": "1", "name": "x", "n": 2, "cells": {1, 2}, "v": 1}
    store.commit(Change(("a", "2"), take={"cells": frozenset({1})}))
    assert store.get(("a", "2")) == [{"pk": "a", "sk": "2", "v": 1}]


def test_a_change_sets_adds_takes_and_removes_in_one(store: Store) -> None:
    put(store, name="old", n=5, cells={1, 2, 3}, names={"a"}, gone="x", kept=[1])
    store.commit(
        Change(
            KEY,
            set={"name": "new"},
            add={"n": -7, "names": {"b", "a"}},
            remove=["gone", "never there"],
            take={"cells": frozenset({2, 9}), "nothing": frozenset({"x"})},
        )
    )
    expected = {"name": "new", "n": -2, "cells": {1, 3}, "names": {"a", "b"}, "kept": [1]}
    assert stands(store) == {"pk": "a", "sk": "1", "v": 2, **expected}


def test_taking_the_last_value_removes_the_set_and_adding_brings_it_back(store: Store) -> None:
    put(store, cells={1, 2})
    store.commit(Change(KEY, take={"cells": frozenset({1, 2})}))
    assert "cells" not in stands(store)
    store.commit(Change(KEY, add={"cells": {3}}))
    assert stands(store)["cells"] == {3}


@pytest.mark.not_on("ministack", reason="rounds sums to 28 digits, DynamoDB to 38")
def test_numbers_are_counted_exactly_however_big(store: Store) -> None:
    put(store, n=10**37)
    store.commit(Change(KEY, add={"n": 1}))
    store.commit(Change(KEY, add={"n": -(10**37)}))
    assert stands(store)["n"] == 1


@pytest.mark.parametrize(
    "change",
    [
        Change(KEY, add={"text": 1}),
        Change(KEY, add={"n": {1}}),
        Change(KEY, add={"cells": {"x"}}),
        Change(KEY, add={"cells": 1}),
        Change(KEY, add={"nothing": 1}),
        Change(KEY, add={"yes": 1}),
        Change(KEY, take={"n": frozenset({1})}),
        Change(KEY, take={"cells": frozenset({"x"})}),
    ],
    ids=repr,
)
def test_adding_to_a_value_of_another_kind_is_an_error_and_writes_nothing(
    store: Store, change: Change
) -> None:
    put(store, text="x", n=1, cells={1}, nothing=None, yes=True)
    with pytest.raises((TypeError, ValueError)):
        store.commit(Put({"pk": "b", "sk": "1"}), change)
    assert stands(store)["v"] == 1
    assert store.get(("b", "1")) == [None]


@pytest.mark.parametrize(
    "change",
    [
        Change(KEY, set={"x": 1}, add={"x": 1}),
        Change(KEY, set={"x": 1}, remove=["x"]),
        Change(KEY, add={"x": {1}}, take={"x": frozenset({1})}),
        Change(KEY, set={"v": 9}),
        Change(KEY, set={"pk": "b"}),
        Change(KEY, remove=["sk"]),
        Change(KEY, add={"x": "text"}),
        Change(KEY, add={"x": True}),
        Change(KEY, add={"x": None}),
        Change(KEY, set={"desk_pk": ""}),
        Change(KEY, set={"mine_sk": 1}),
        Change(KEY, add={"desk_pk": 1}),
        Change(("", "x")),
        Put({"pk": "a", "sk": ""}),
        Put({"pk": "a", "sk": "1", "register_pk": None}),
        Check(KEY, ()),
        Put({"pk": "a", "sk": "1"}, (Without("cells", frozenset(range(145))),)),
    ],
    ids=repr,
)
def test_a_write_that_contradicts_itself_is_refused(store: Store, change: Change) -> None:
    with pytest.raises((TypeError, ValueError)):
        store.commit(change)
    assert stands(store) is None


def test_delete_removes_the_item_and_minds_none(store: Store) -> None:
    put(store)
    store.commit(Delete(KEY), Delete(("never", "there")))
    assert stands(store) is None


def test_a_hundred_writes_are_one_commit_and_more_are_refused(store: Store) -> None:
    writes = [Put({"pk": "many", "sk": f"{n:03}"}) for n in range(101)]
    with pytest.raises(ValueError, match="101 writes"):
        store.commit(*writes)
    store.commit(*writes[:100])
    assert len(store.query("many", limit=200).items) == 100
    store.commit()


def test_two_writes_at_one_key_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="one key"):
        store.commit(Put({"pk": "a", "sk": "1"}), Change(KEY, set={"x": 1}))
    assert stands(store) is None


@pytest.mark.not_on("moto", reason="its parser of update expressions recurses for each attribute")
def test_a_change_of_many_attributes_with_awkward_names(store: Store) -> None:
    many = {f"size {n} .#:[]": n for n in range(150)} | {"name": 1, "set": 2, "$": 3}
    store.commit(Change(KEY, set=many))
    assert stands(store) == {"pk": "a", "sk": "1", "v": 1, **many}
