from typing import Any

import pytest

from core.store import Absent, Change, Check, Delete, Item, Put, Version, Write
from infra.aws.capacity import capacity, item_size


def item(size: int, **more: Any) -> Item:
    """Return an item of that many bytes: pk and sk are 3 each, v is 3, text 4 and its length."""
    bare = {"pk": "a", "sk": "b", "v": 1, **more}
    return bare | {"text": "x" * (size - item_size(bare) - 4)}


def test_an_item_weighs_its_names_and_values() -> None:
    assert item_size({"pk": "a", "sk": "b"}) == 6
    assert item_size({"一": "䶮"}) == 6
    assert item_size({"n": 0, "b": True, "z": None}) == 3 + 2 + 1 + 1
    assert item_size({"n": -12345}) == 1 + 5
    assert item_size({"s": {"ab", "c"}, "d": {1, 22}}) == 2 + 3 + 4
    assert item_size({"l": [1, 2]}) == 1 + 3 + 1 + 1 + len("[1,2]")
    assert item_size(None) == 0
    assert item_size(item(1024)) == 1024


@pytest.mark.parametrize(
    ("write", "stood", "units"),
    [
        (Put(item(100)), None, 2),
        (Put(item(1024), (Absent(),)), None, 2),
        (Put(item(1025)), None, 4),
        (Put(item(100)), item(3000), 6),
        (Check(("a", "b"), (Version(1),)), item(1500), 4),
        (Check(("a", "b"), (Absent(),)), None, 2),
        (Delete(("a", "b")), item(2500), 6),
        (Change(("a", "b"), add={"n": 1}), item(1000), 2),
        (Change(("a", "b"), set={"more": "x" * 100}), item(1000), 4),
        (Put(item(100, desk_pk="s", desk_sk="d")), None, 2 + 1),
        (Put(item(100, desk_pk="s")), None, 2),
        (Put(item(1100, desk_pk="s", desk_sk="d", mine_pk="p", mine_sk="d")), None, 4 + 2 + 2),
        (Change(("a", "b")), item(100, desk_pk="s", desk_sk="d"), 2 + 1),
        (Change(("a", "b"), set={"desk_sk": "e"}), item(100, desk_pk="s", desk_sk="d"), 2 + 2),
        (Change(("a", "b"), remove=["desk_pk"]), item(100, desk_pk="s", desk_sk="d"), 2 + 1),
        (Delete(("a", "b")), item(100, desk_pk="s", desk_sk="d"), 2 + 1),
        (Check(("a", "b"), (Version(1),)), item(100, desk_pk="s", desk_sk="d"), 2),
    ],
)
def test_a_write_costs_two_units_a_kilobyte_and_one_in_each_index(
    write: Write, stood: Item | None, units: int
) -> None:
    assert capacity((write,), {("a", "b"): stood} if stood else None) == units


def test_a_commit_costs_what_its_writes_cost() -> None:
    writes = (Put(item(100)), Change(("c", "d"), add={"n": 1}), Check(("e", "f"), (Absent(),)))
    assert capacity(writes) == 6
