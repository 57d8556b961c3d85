from pathlib import Path

import pytest

from core.store import Absent, Busy, Change, Check, Conflict, Put, Version
from infra.local.sqlite import SqliteStore
from tests.counted import Counted
from tests.store.troubled import Troubled


@pytest.fixture
def stores(tmp_path: Path) -> tuple[SqliteStore, SqliteStore]:
    return SqliteStore(tmp_path / "a.db"), SqliteStore(tmp_path / "b.db")


def on_desk(name: str) -> Put:
    return Put({"pk": name, "sk": "H", "desk_pk": "school", "desk_sk": name})


def test_a_lagging_index_learns_of_a_commit_after_further_ones(
    stores: tuple[SqliteStore, SqliteStore],
) -> None:
    store = Troubled(*stores, lag=2)
    for name in "abc":
        store.commit(on_desk(name))
    store.commit(Change(("a", "H"), remove=["desk_pk"], when=(Version(1),)))
    store.commit(Check(("a", "H"), (Version(2),)), on_desk("d"))
    assert [i["pk"] for i in store.query("school", index="desk").items] == ["a", "b", "c"]
    assert store.get(("a", "H")) == [{"pk": "a", "sk": "H", "desk_sk": "a", "v": 2}]
    store.catch_up()
    assert [i["pk"] for i in store.query("school", index="desk").items] == ["b", "c", "d"]


def test_a_refused_commit_never_reaches_the_index(
    stores: tuple[SqliteStore, SqliteStore],
) -> None:
    store = Troubled(*stores)
    with pytest.raises(Conflict):
        store.commit(on_desk("a"), Check(("x", "y"), (Version(1),)))
    store.catch_up()
    assert store.query("school", index="desk").items == ()


def test_a_busy_commit_wrote_nothing_and_the_seed_decides_when(
    stores: tuple[SqliteStore, SqliteStore],
) -> None:
    store = Troubled(*stores, busy=0.5, seed=7)
    written = []
    for number in range(40):
        try:
            store.commit(Put({"pk": "n", "sk": f"{number:02}"}, (Absent(),)))
        except Busy:
            continue
        written.append(f"{number:02}")
    assert [item["sk"] for item in stores[0].query("n").items] == written
    assert 10 < len(written) < 30


def test_round_trips_are_counted_by_kind(stores: tuple[SqliteStore, SqliteStore]) -> None:
    store = Counted(stores[0])
    with store.expect(commit=1, get=2, query=1):
        store.commit(on_desk("a"), on_desk("b"))
        store.get(("a", "H"), ("b", "H"))
        store.get(("a", "H"))
        store.query("school", index="desk", limit=1)
    assert store.asked[-1] == ("query", "school", "desk")
    assert store.counts == {"commit": 1, "get": 2, "query": 1}
    with pytest.raises(AssertionError, match="expected"), store.expect(get=1):
        store.query("school")
