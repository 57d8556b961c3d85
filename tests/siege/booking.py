"""A thousand schools' requests for one hour at a museum, all at once; and what became of them."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from core.case_items import Case
from core.web.visit import COOKIE
from tests.core.house import OFFICERS, House, open_house
from tests.plugins.bookings.asked import last_page_of_visit
from tests.plugins.bookings.visiting import Visiting
from tests.siege.crowd import BUSY, DONE
from tests.siege.served import ROOT, served
from workflows.spans import local_day

PLACES = 30
CROWDS = 4
SCHOOLS = {"hexi-1": OFFICERS["school"], "yunting": "00000000106", "no2": "00000000107"}
STARTS, SLOT = "09:00", "09:00-10:00"


@dataclass
class Outcome:
    """What each request was told, and how everything stands once all is worked off."""

    told: list[dict[str, Any]]
    cases: dict[str, Case]
    slot: dict[str, Any]
    queue: list[dict[str, Any]]

    @property
    def states(self) -> Counter[str]:
        return Counter(each.state for each in self.cases.values())

    def complaints(self) -> list[str]:
        """Return what is not as it must be, however many asked for however much."""
        waiting = sorted((c.item["at"], n) for n, c in self.cases.items() if c.state == "waiting")
        holds = {n for n, c in self.cases.items() if c.state == "requested"}
        statuses = {status for each in self.told for status in each["told"]}
        wrong = {
            f"{len(self.cases)} cases of {len(self.told)}": len(self.cases) != len(self.told),
            f"states {self.states}": set(self.states) - {"requested", "waiting"},
            f"{self.held} places given": self.held > PLACES,
            f"the slot says {self.slot.get('heads')}": self.held != int(self.slot["heads"]),
            "other holders than cases": set(self.slot["holders"]) != holds,
            "the queue is out of order": [n for _, n in waiting] != [e["case"] for e in self.queue],
            f"{self.fitting} fit and wait": self.fitting,
            f"told {statuses}": statuses - {DONE, BUSY},
            "a page that lost something": not all(each["kept"] for each in self.told),
        }
        return [words for words, is_so in wrong.items() if is_so]

    @property
    def held(self) -> int:
        """The pupils of all who were not told to wait."""
        return sum(int(c.answers["heads"]) for c in self.cases.values() if c.state != "waiting")

    @property
    def fitting(self) -> list[str]:
        """Who waits and fits."""
        free = PLACES - self.held
        return [each["case"] for each in self.queue if int(each["load"]["heads"]) <= free]


def groups(count: int, seed: int) -> list[int]:
    """Return the pupils of so many requests: one to seven."""
    chance = Random(seed)  # noqa: S311 — a crowd for tests
    return [chance.randint(1, 7) for _ in range(count)]


def besiege(built: Path, folder: Path, heads: Sequence[int], broken: str = "") -> Outcome:
    """Send a request for each of these numbers of pupils, all at once."""
    day = (local_day(datetime.now(UTC)) + timedelta(days=14)).isoformat()
    with closing(_house(built, folder / "var")) as house:
        Visiting(house).open_venue(special=[_opening(day)])
        requests = list(_prepared(house, day, heads))
    with served(folder / "var", broken) as port:
        told = _sent(port, folder, requests)
    with closing(_house(folder / "var", folder / "after")) as house:
        for _ in range(3):
            house.office.effects.work_off_due()
            house.clock.move(minutes=10)
        return outcome_of(house, told, day, STARTS)


def _house(built: Path, folder: Path) -> House:
    house = open_house(built, folder)
    house.clock.at = datetime.now(UTC)
    for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
        house.office.places.switch(district, "bookings", "on", "某人", "2026")
    return house


def _opening(day: str) -> dict[str, Any]:
    return {"date": day, "starts": STARTS, "ends": "10:00", "stay": 60}


def _prepared(house: House, day: str, heads: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield requests filled in up to the last page."""
    clients = {school: house.client(phone) for school, phone in SCHOOLS.items()}
    for n, each in enumerate(heads):
        school = [*clients][n % len(clients)]
        told = {"school": school, "date": day, "slot": SLOT}
        path, sent = last_page_of_visit(clients[school], each, f"{n}", **told)
        names = (COOKIE, house.app.config["SESSION_COOKIE_NAME"])
        jar = [(name, clients[school].get_cookie(name)) for name in names]
        cookie = "; ".join(f"{name}={one.value}" for name, one in jar if one)
        yield {"path": path, "cookie": cookie, "sent": sent}


def _sent(port: int, folder: Path, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    crowds = []
    for n in range(CROWDS):
        file = folder / f"crowd{n}"
        file.write_text("\n".join(map(json.dumps, requests[n::CROWDS])))
        command = [sys.executable, "-m", "tests.siege.crowd", str(port), str(file)]
        pipe = subprocess.PIPE
        crowds.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
    for each in crowds:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=300)[0] for each in crowds]
    return [json.loads(line) for out in said for line in out.splitlines()]


def outcome_of(house: House, told: list[dict[str, Any]], day: str, starts: str) -> Outcome:
    """Return how an hour of the museum stands, and the cases that people were told of."""
    numbers = [each["led"].rstrip("/").rpartition("/")[2] for each in told if each["led"]]
    cases = {n: case for n in numbers if (case := house.office.cases.get(n))}
    slot, queue = (f"X#bookings#{name}#museum" for name in ("slots", "queue"))
    [item] = house.store.get((slot, f"{day}#{starts}"))
    waiting = house.store.query(f"{queue}#{day}#{starts}", limit=2000)
    return Outcome(told, cases, item or {}, waiting.items)
