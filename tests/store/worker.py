"""Another process at the same SQLite file: `python -m tests.store.worker WHAT PATH NUMBER`.

It waits for a line on standard input, so that all begin at once, and prints what it achieved.
"""

import itertools
import sys
from pathlib import Path

from core.store import Absent, Below, Change, Conflict, Put
from infra.local.sqlite import SqliteStore


def say(line: str) -> None:
    """Print a line at once, before anything can kill us."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def book(store: SqliteStore, number: int) -> None:
    """Try twenty times for one of the fifty places; print each booking that was made."""
    for attempt in range(20):
        name = f"{number}-{attempt:02}"
        row = Put({"pk": "bookings", "sk": name}, (Absent(),))
        try:
            store.commit(row, Change(("slot", "1"), add={"taken": 1}, when=(Below("taken", 49),)))
        except Conflict:
            continue
        say(name)


def look_then_book(store: SqliteStore, number: int) -> None:
    """Do the same without the condition, all processes having looked before one writes."""
    item = store.get(("slot", "1"))[0] or {"taken": 0}
    say("looked")
    sys.stdin.readline()
    for attempt in range(20):
        if item["taken"] < 50:
            name = f"{number}-{attempt:02}"
            store.commit(
                Put({"pk": "bookings", "sk": name}), Change(("slot", "1"), add={"taken": 1})
            )
            say(name)


def pairs(store: SqliteStore, number: int) -> None:
    """Write pairs of items until killed; print each pair once it is acknowledged."""
    for count in itertools.count():
        name = f"{number}-{count:06}"
        store.commit(Put({"pk": "left", "sk": name}), Put({"pk": "right", "sk": name}))
        say(name)


if __name__ == "__main__":
    what, path, mine = sys.argv[1:]
    opened = SqliteStore(Path(path))
    sys.stdin.readline()
    {"book": book, "look_then_book": look_then_book, "pairs": pairs}[what](opened, int(mine))
