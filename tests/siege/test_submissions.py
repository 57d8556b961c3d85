"""A thousand submissions from twenty processes: never lost, never twice (DESIGN §6)."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.case_items import chain_holds
from infra.local.sqlite import SqliteStore
from tests.pages import identity
from tests.siege.served import ROOT, served

Told = list[dict[str, Any]]


def siege(port: int, crowd: int, each: int, shared: int) -> Told:
    """Return what `crowd` processes were told of `each` registrations of their own.

    `shared` further identities are registered by every one of them at about the same time.
    """
    command = [sys.executable, "-m", "tests.siege.sender", str(port)]
    senders = [
        subprocess.Popen(
            [*command, str(n), str(each), str(shared)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(crowd)
    ]
    said = [sender.communicate(timeout=200) for sender in senders]
    assert [sender.returncode for sender in senders] == [0] * crowd, said[0][1][-2000:]
    return [json.loads(line) for out, _ in said for line in out.splitlines()]


def complaints(folder: Path, told: Told) -> list[str]:
    """Return everything that was lost, doubled or torn, judged by the file alone."""
    numbers = {number for each in told for number in each["told"]}
    found = [f"{each['n']} was told {each['told']}" for each in told if len(set(each["told"])) != 1]
    with closing(sqlite3.connect(folder / "kehou.sqlite")) as file:
        kept = {pk[2:] for (pk,) in file.execute("SELECT pk FROM items WHERE sk = 'H'")}
        claims = file.execute("SELECT pk, body FROM items WHERE pk LIKE 'U#%'").fetchall()
        timers = file.execute("SELECT body FROM items WHERE pk LIKE 'T#2%'").fetchall()
    found += [f"{number} was acknowledged and is lost" for number in numbers - kept]
    found += [f"{number} is there and nobody was told" for number in kept - numbers]
    holders = Counter(json.loads(body)["case"] for _, body in claims)
    rung = Counter(json.loads(body)["case"] for (body,) in timers)
    identities = len({each["n"] for each in told})
    if len(claims) != identities:
        found.append(f"{len(claims)} claims for {identities} identities")
    with closing(SqliteStore(folder / "kehou.sqlite")) as store:
        for number in kept & numbers:
            found += _of_case(store, number, holders[number], rung[number])
    return found


def _of_case(store: SqliteStore, number: str, claims: int, timers: int) -> list[str]:
    [case] = store.query(f"C#{number}", prefix="H").items
    events = store.query(f"C#{number}", prefix="E#").items
    at_first = [event for event in events if event["n"] == 1]
    is_twin = bool(case["twin"])
    wrong = {
        "version": case["v"] != len(events),
        "first event": [event["transition"] for event in at_first] != ["submit"],
        "chain": not chain_holds(events, case["head"]),
        "claims": claims != (0 if is_twin else 1) or len(case["claims"]) != claims,
        "timers": timers != (0 if is_twin else 1),
    }
    return [f"{number}: {what}" for what, bad in wrong.items() if bad]


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "var")
    return tmp_path / "var"


def test_a_thousand_submissions_are_each_there_exactly_once(folder: Path) -> None:
    with served(folder) as port:
        told = siege(port, crowd=20, each=50, shared=2)
    assert len(told) == 1040
    assert len({identity(each["n"]) for each in told}) == 1002
    assert len({number for each in told for number in each["told"]}) == 1040
    assert complaints(folder, told) == []
    assert "Traceback" not in (folder / "server.log").read_text()


@pytest.mark.parametrize("how", ["torn", "unconditional"])
def test_control_with_the_transaction_broken_the_same_check_fails(folder: Path, how: str) -> None:
    with served(folder, broken=how) as port:
        told = siege(port, crowd=10, each=6, shared=6)
    assert complaints(folder, told)
