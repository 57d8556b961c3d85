"""One SQLite file, several processes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.store import Item
from infra.local.sqlite import SqliteStore

Start = Callable[[str, int], list[subprocess.Popen[str]]]
CROWD = 6
ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts that many workers, each waiting for its line."""
    workers: list[subprocess.Popen[str]] = []

    def start_all(what: str, number: int) -> list[subprocess.Popen[str]]:
        for mine in range(number):
            command = [sys.executable, "-m", "tests.store.worker", what, tmp_path / "f.db"]
            workers.append(
                subprocess.Popen(
                    [*command, str(mine)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
        return workers

    yield start_all
    for worker in workers:
        worker.kill()
        worker.communicate()


def go(workers: list[subprocess.Popen[str]]) -> None:
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()


def achieved(workers: list[subprocess.Popen[str]]) -> list[str]:
    lines = [worker.communicate(timeout=120)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * len(workers)
    return sorted(line for each in lines for line in each)


def everything(store: SqliteStore, pk: str) -> list[Item]:
    return list(store.query(pk, limit=100_000).items)


def test_processes_never_oversell(start: Start, tmp_path: Path) -> None:
    workers = start("book", CROWD)
    go(workers)
    booked = achieved(workers)
    store = SqliteStore(tmp_path / "f.db")
    assert len(booked) == 50
    assert [item["sk"] for item in everything(store, "bookings")] == booked
    assert store.get(("slot", "1")) == [{"pk": "slot", "sk": "1", "taken": 50, "v": 50}]


def test_control_processes_that_look_and_then_book_oversell(start: Start, tmp_path: Path) -> None:
    workers = start("look_then_book", CROWD)
    go(workers)
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "looked\n"
    go(workers)
    assert len(achieved(workers)) == 20 * CROWD
    store = SqliteStore(tmp_path / "f.db")
    assert len(everything(store, "bookings")) == 20 * CROWD


def test_what_was_acknowledged_outlives_a_killed_process(start: Start, tmp_path: Path) -> None:
    workers = start("pairs", 3)
    go(workers)
    time.sleep(1)
    for worker in workers:
        worker.kill()
    acknowledged = {line for worker in workers for line in worker.communicate()[0].split()}
    store = SqliteStore(tmp_path / "f.db")
    left, right = ([item["sk"] for item in everything(store, pk)] for pk in ("left", "right"))
    assert len(acknowledged) > 50
    assert left == right
    assert acknowledged <= set(left)
    assert len(left) - len(acknowledged) <= len(workers)
