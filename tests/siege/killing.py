"""A siege with murder: people at work while the server is killed at random moments."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from core.office import Office
from core.people import Person, Role
from core.sign_in import session_key
from core.store import Change
from tests.core.house import OFFICERS, SetClock
from tests.pages import fictional_phone
from tests.siege.sender import SHARED
from tests.siege.served import ROOT, Served, free_port
from tests.siege.siege_server import HastyClock
from tests.siege.verdict import Told, Tried, complaints, office_on, settle

COLLEAGUE = "00000000113"
SENDERS = 2
EACH, TWINS = 10_000, 2_000
ENOUGH = 10
"""How much each kind must have been told before it ends: a slow machine gets the time it needs."""
SIGNED_IN = 40
"""How many of each sender's first applicants come back to look after their case."""
TRAYS = {
    "school": "D#hexi-1#school_officer#volunteers",
    "county": "D#qinghe#county_officer#volunteers",
}


@dataclass(frozen=True)
class Outcome:
    """What people were told, what happened, and what the judge has to say of it."""

    told: Told
    tried: Tried
    kills: Counter[str]
    complaints: list[str]

    def __str__(self) -> str:
        moves = Counter(each["move"] for each in self.tried if each["done"])
        said = [f"{self.kills.total()} kills ({dict(self.kills)})", f"{len(self.told)} receipts"]
        return f"{', '.join(said)}, moves acknowledged of {len(self.tried)} asked: {dict(moves)}"


def besiege(  # noqa: PLR0913 — what a siege may be
    folder: Path,
    kills: int,
    seed: int,
    *,
    store: str = "whole",
    peace: float = 4,
    say: Callable[[str], None] = print,
) -> Outcome:
    """Let people work on the installation in `folder` while its server is killed `kills` times.

    Between two kills there are at most `peace` seconds. On a careless `store` each kill follows on
    the heels of a receipt, and people may meet pages that they cannot go on from.
    """
    sound = store == "whole"
    chance, since = Random(seed), time.time()  # noqa: S311 — chances of a test
    clock = HastyClock(since)
    people = folder / "people.json"
    people.write_text(json.dumps(_signed_in(office_on(folder, clock))))
    stop, port = folder / "stop", free_port()
    serve = ["-m", "tests.siege.siege_server", store, str(folder), str(port), str(since)]
    server = Served(folder, port, serve)
    server.wait()
    crowd = [
        _start(folder, f"sender{n}", port, n, EACH, TWINS, stop) for n in range(1, SENDERS + 1)
    ]
    crowd.append(_start(folder, "mover", port, people, seed, stop))
    how: Counter[str] = Counter()
    try:
        time.sleep(1)
        for n in range(1, kills + 1):
            time.sleep(chance.uniform(0.1, peace))
            if not sound:
                _await(crowd, folder, _lines(folder, "sender1") + 1, "sender1")
            assert not sound or _at_work(crowd), "one of the crowd gave up"
            how[_kill(server, chance)] += 1
            if n % 10 == 0:
                say(f"{n} of {kills} kills after {time.time() - since:.0f} s")
        if sound:
            _await(crowd, folder, ENOUGH, "sender1", "mover")
    finally:
        stop.touch()
        codes = [each.wait(120) for each in crowd]
        server.kill()
    assert not sound or codes == [0] * len(crowd), _last_words(folder)
    told = [each for n in range(1, SENDERS + 1) for each in _said(folder, f"sender{n}")]
    tried, after = _said(folder, "mover"), SetClock(clock.now())
    settle(folder, after)
    return Outcome(told, tried, how, complaints(folder, told, tried, after))


def _at_work(crowd: list[subprocess.Popen[bytes]]) -> bool:
    return all(each.poll() is None for each in crowd)


def _await(crowd: list[subprocess.Popen[bytes]], folder: Path, lines: int, *names: str) -> None:
    """Return once each of `names` has told of so many, or one of the crowd has given up."""
    while _at_work(crowd) and min(_lines(folder, name) for name in names) < lines:
        time.sleep(0.02)


def _kill(server: Served, chance: Random) -> str:
    if chance.random() < 0.6 and server.kill_worker(chance):
        return "worker"
    server.kill()
    server.start()
    return "all"


def _start(folder: Path, name: str, *arguments: object) -> subprocess.Popen[bytes]:
    module = f"tests.siege.{name.rstrip('0123456789')}"
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
        return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err)


def _said(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.out").read_text().splitlines()]


def _lines(folder: Path, name: str) -> int:
    return (folder / f"{name}.out").read_bytes().count(b"\n")


def _last_words(folder: Path) -> str:
    return "\n".join(each.read_text()[-2000:] for each in sorted(folder.glob("*.err")))


def _signed_in(office: Office) -> dict[str, Any]:
    """Return who works, with the cookies of sessions made for them."""
    office.people.give(COLLEAGUE, "赵亮", Role("school_officer", "hexi-1"))
    school, county = OFFICERS["school"], OFFICERS["county"]
    at_work = [(school, "school"), (COLLEAGUE, "school"), (county, "county"), (county, "county")]
    own = [n * EACH + at for n in range(1, SENDERS + 1) for at in range(SIGNED_IN)]
    own += range(SHARED, SHARED + SIGNED_IN // 4)
    return {
        "officers": [[_cookie(office, phone), TRAYS[tray]] for phone, tray in at_work],
        "manager": _cookie(office, county),
        "holders": [_cookie(office, phone) for phone in (school, COLLEAGUE)],
        "applicants": [[_cookie(office, fictional_phone(n)), n] for n in own],
    }


def _cookie(office: Office, phone: str) -> str:
    """Return the cookie of a session that outlasts the siege."""
    person: Person = office.people.enter(phone)
    cookie = office.door.open_session(person)
    key = session_key(cookie)
    assert key
    far = (office.ports.clock.now() + timedelta(days=3650)).isoformat()
    office.ports.store.commit(Change(key, set={"until": far, "office": far}))
    return cookie
