import gc
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import pytest

from core.store import Busy, Change, Put
from infra.local import database
from infra.local.database import Database
from infra.local.sqlite import SqliteStore

KEY = ("a", "1")
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="no /proc to count open files in"
)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "inner" / "items.db")


def held(tmp_path: Path) -> sqlite3.Connection:
    """Return a connection of somebody else who is writing."""
    other = sqlite3.connect(
        tmp_path / "inner" / "items.db", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    return other


def test_the_file_survives_a_power_cut_and_belongs_to_its_owner(
    store: SqliteStore, tmp_path: Path
) -> None:
    store.commit(Put({"pk": "a", "sk": "1"}))
    with Database(tmp_path / "inner" / "items.db", ";").reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "inner").iterdir()}
    assert modes == dict.fromkeys(("items.db", "items.db-wal", "items.db-shm"), 0o600)


def test_items_are_there_after_the_file_is_opened_again(store: SqliteStore, tmp_path: Path) -> None:
    store.commit(Put({"pk": "a", "sk": "1", "n": 1}))
    store.close()
    assert SqliteStore(tmp_path / "inner" / "items.db").get(KEY)[0] == store.get(KEY)[0]


def test_a_file_that_stays_locked_is_busy_and_nothing_is_written(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRIES", 2)
    other = held(tmp_path)
    with pytest.raises(Busy):
        store.commit(Put({"pk": "a", "sk": "1"}))
    assert store.get(KEY) == [None]
    other.execute("ROLLBACK")
    store.commit(Put({"pk": "a", "sk": "1"}))
    other.close()


def test_threads_behind_one_that_waits_are_busy_too(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRIES", 3)
    other = held(tmp_path)

    def write(number: int) -> type[Exception]:
        with pytest.raises(Busy) as caught:
            store.commit(Put({"pk": "a", "sk": str(number)}))
        return caught.type

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(1, 9))) == [Busy] * 8
    other.close()
    store.commit(Put({"pk": "a", "sk": "1"}))


def test_a_lock_that_is_released_in_time_is_waited_for(store: SqliteStore, tmp_path: Path) -> None:
    other = held(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(store.commit, Put({"pk": "a", "sk": "1"}))
        time.sleep(0.3)
        assert not writing.done()
        assert store.get(KEY) == [None]  # readers do not wait for a writer
        other.execute("ROLLBACK")
        writing.result(5)
    other.close()
    assert store.get(KEY) != [None]


def test_an_error_within_a_commit_leaves_the_store_usable(store: SqliteStore) -> None:
    store.commit(Put({"pk": "a", "sk": "1", "text": "x"}))
    for _ in range(3):
        with pytest.raises(TypeError):
            store.commit(Put({"pk": "b", "sk": "1"}), Change(KEY, add={"text": 1}))
        with pytest.raises(UnicodeEncodeError):
            store.commit(Put({"pk": "b", "sk": "1"}), Put({"pk": "c", "sk": "1", "x": "\ud800"}))
    store.commit(Change(KEY))
    assert store.get(KEY, ("b", "1"))[1] is None


def opened(folder: Path) -> int:
    """Count what this process holds open under the folder."""
    links = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    return sum(link.startswith(str(folder)) for link in links)


@needs_proc
def test_threads_that_come_and_go_leave_no_connections_behind(
    store: SqliteStore, tmp_path: Path
) -> None:
    store.commit(Put({"pk": "a", "sk": "1"}))
    before = opened(tmp_path)
    for _ in range(30):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(store.commit, Change(KEY, add={"n": 1})).result()
    assert opened(tmp_path) == before


def test_a_forked_process_opens_the_file_anew(store: SqliteStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: store.commit(Change(KEY, add={"n": 1})), range(8)))
    children = []
    for _ in range(3):
        children.append(os.fork())
        if children[-1] == 0:
            for _ in range(20):
                store.commit(Change(KEY, add={"n": 1}))
            gc.collect()
            os._exit(0)
    for _ in range(20):
        store.commit(Change(KEY, add={"n": 1}))
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    (item,) = store.get(KEY)
    assert item is not None
    assert item["n"] == item["v"] == 88
    with Database(tmp_path / "inner" / "items.db", ";").reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


class Slow(dict[str, int]):
    """A mapping that lets a commit go on only when told to."""

    reached, go_on = Event(), Event()

    def items(self) -> Any:
        self.reached.set()
        self.go_on.wait(10)
        return super().items()


@needs_proc
def test_a_fork_waits_for_the_commit_under_way_and_carries_nothing_over(
    store: SqliteStore, tmp_path: Path
) -> None:
    slow = Thread(target=store.commit, args=(Put({"pk": "a", "sk": "1", "slow": Slow(x=1)}),))
    slow.start()
    Slow.reached.wait(10)
    Timer(0.2, Slow.go_on.set).start()
    child = os.fork()
    if child == 0:
        carried = opened(tmp_path)
        store.commit(Put({"pk": "a", "sk": "2"}))
        os._exit(carried)
    slow.join()
    assert os.waitpid(child, 0)[1] == 0
    assert None not in store.get(KEY, ("a", "2"))


def test_queries_of_an_index_read_the_index_alone(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "inner" / "items.db")
    with Database(tmp_path / "inner" / "items.db", ";").reading() as connection:
        for name in ("desk", "mine", "register"):
            plan = connection.execute(
                "EXPLAIN QUERY PLAN SELECT pk, sk, v, body FROM items"  # noqa: S608 — our own names
                f" WHERE {name}_pk = ? AND ({name}_sk, pk, sk) > (?, ?, ?)"
                f" ORDER BY {name}_sk, pk, sk LIMIT 3",
                ("a", "b", "c", "d"),
            ).fetchall()
            assert len(plan) == 1, plan
            assert f"USING INDEX {name} ({name}_pk=? AND ({name}_sk,pk,sk)>(?,?,?))" in plan[0][3]
