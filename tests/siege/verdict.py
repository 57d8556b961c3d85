"""What a siege comes to: held against what people were told, judged from the file alone.

`told` are the receipts that people were told of their registrations, `tried` the moves that
officers and applicants asked for, each at the version they saw, and whether they were told it is
done.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.office import Office, open_office
from core.ports import Clock
from core.store import Item, Key
from core.web.app import BUNDLED
from infra.local.app import local_ports
from tests.core.house import SetClock
from tests.judge import Judge
from tests.tallies import of_counting, of_standing

Told = Sequence[dict[str, Any]]
Tried = Sequence[dict[str, Any]]
ROUNDS = 40
HALF_A_DAY = 12


def office_on(folder: Path, clock: Clock) -> Office:
    """Return the core on an installation's folder, by another clock."""
    return open_office(replace(local_ports(folder), clock=clock), [BUNDLED], demo=True)


def settle(folder: Path, clock: SetClock) -> None:
    """Let twenty days pass after the last reply, time's work done twice a day."""
    office = office_on(folder, clock)
    for _ in range(ROUNDS):
        clock.move(hours=HALF_A_DAY)
        if office.ticks.tick() is not None:
            office.ticks.release()


def complaints(
    folder: Path, told: Told, tried: Tried = (), clock: SetClock | None = None
) -> list[str]:
    """Return everything that is wrong; with `clock`, the one it settled by, effects as well."""
    judge = Judge(office_on(folder, clock or SetClock()), *_read(folder))
    found = [*_of_receipts(judge, told), *_of_moves(judge, tried)]
    found += [*judge.of_leftovers(), *judge.of_cases()]
    if not clock:
        return found
    return [
        *found,
        *judge.of_effects(),
        *judge.of_finding(),
        *of_counting(judge),
        *of_standing(judge),
    ]


def _read(folder: Path) -> tuple[list[Item], set[str]]:
    with closing(sqlite3.connect(folder / "kehou.sqlite")) as file:
        keys: list[Key] = file.execute("SELECT pk, sk FROM items ORDER BY pk, sk").fetchall()
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
        sent = file.execute("SELECT id FROM outbox").fetchall() if "outbox" in tables else []
    store = local_ports(folder).store
    found = [each for at in range(0, len(keys), 100) for each in store.get(*keys[at : at + 100])]
    return [item for item in found if item], {name for (name,) in sent}


def _of_receipts(judge: Judge, told: Told) -> Iterator[str]:
    numbers = {number for each in told for number in each["told"]}
    for each in told:
        if len(set(each["told"])) != 1:
            yield f"{each['n']} was told {each['told']}"
    yield from (f"{each} was acknowledged and is lost" for each in numbers - set(judge.cases))


def _of_moves(judge: Judge, tried: Tried) -> Iterator[str]:
    """Hold what was asked for against what happened, both ways."""
    asked = defaultdict(set)
    for each in tried:
        asked[each["case"], each["seen"]].add((each["move"], each["by"]))
        event = next((e for e in judge.events[each["case"]] if e["n"] == each["seen"] + 1), None)
        if each["done"] and (
            event is None or (event["transition"], event["by"]) != (each["move"], each["by"])
        ):
            yield f"{each} was acknowledged and is lost"
    people = {each["by"] for each in tried}
    for events in judge.events.values():
        for event in events:
            what = (event["transition"], event["by"])
            if event["by"] in people and what not in asked[event["case"], event["n"] - 1]:
                yield f"{event['case']}: nobody asked for {what} at {event['n'] - 1}"
