"""What it takes to read a county's statistics after 100,000 cases beside 1,000, in one run.

The cases are not written. Each submission and each move is told as the core tells it, from the case
before and after; the statistic items hold the sums that `Tally` makes of that, which tests hold
equal to what is counted event by event. How fast that goes is told of the few: their event items
are written, and counted as by a tick. The page is the service's own of a year's figures, charts
included, for an officer of the county who is signed in.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from core.case_items import counting_keys, event_item
from core.moments import moment_of, stamp
from core.statistics.counts import Counts, filed_counts, moved_counts
from core.statistics.tally import tallied
from core.statistics.told import Told, told
from core.store import Change, Put
from infra.aws.capacity import item_size
from tests.core.house import OFFICERS, House, build, everything, open_house
from tests.pages import SERVICE

FEW, MANY, LOOKS, GOAL = 1_000, 100_000, 60, 1.2
FIRST, LAST = "202512", "202611"
SINCE = datetime(2025, 12, 1, tzinfo=UTC)
SPAN = 360 * 86400
HOUR, MONTH = 3600, 30 * 86400
SCHOOLS = ("hexi-1", "yunting", "no2")
TABLES = 6
PAGE = f"/qinghe/{SERVICE}/figures/?from=2025-12&to=2026-11"
PATH = ("submitted", "checking", "training", "cleared")


def seeded(house: House, cases: int) -> None:
    """Let so many volunteers have registered in a year."""
    sums = tallied(_events(house, cases)).sums
    writes = [Change(key, add=each) for key, each in sums.items()]
    for at in range(0, len(writes), 20):
        house.store.commit(*writes[at : at + 20])


def counted(house: House, cases: int) -> float:
    """Write the events of so many cases and count them; return how many a second were."""
    events = _events(house, cases)
    while writes := [Put(each) for each in islice(events, 100)]:
        house.store.commit(*writes)
    house.clock.at, start = SINCE + timedelta(days=900), time.perf_counter()
    done = house.office.counting.work_off_due()
    return done / (time.perf_counter() - start)


def _events(house: House, cases: int) -> Iterator[dict[str, Any]]:
    random = Random(20261127)  # noqa: S311 — cases for a bench
    for n in range(cases):
        case, number = _filed(house, random, n), f"{n:016}"
        flow = house.office.catalogue.plugins[SERVICE].workflow
        at = moment_of(case["since"])
        yield _event(number, 1, case, filed_counts(case, flow, ("yunhe",)))
        for step, state in enumerate(PATH[1 : random.randint(1, len(PATH))], 2):
            at += timedelta(seconds=HOUR * (MONTH / HOUR) ** random.random())
            after = {**case, "state": state, "since": stamp(at), "due": ""}
            counts = moved_counts(case, after, (flow, flow), moment_of(stamp(at)), ("yunhe",))
            yield _event(number, step, after, counts)
            case = after


def _filed(house: House, random: Random, n: int) -> dict[str, Any]:
    """Return what of a case item the counts rest on."""
    at = SINCE + timedelta(seconds=random.randrange(SPAN))
    school = SCHOOLS[n % len(SCHOOLS)]
    form = house.office.catalogue.plugins[SERVICE].form
    kinds, times, arts = (
        [each.value for each in form.fields[name].choices]
        for name in ("kind", "times", "specialties")
    )
    answers = {
        "kind": random.choice(kinds),
        "times": random.sample(times, 2),
        "specialties": random.sample(arts, 3),
    }
    place = {"county": "qinghe", "reach": ["yunhe", "qinghe", "hexi-zhen", school]}
    when = {"since": stamp(at), "due": stamp(at + timedelta(days=7))}
    return {
        "plugin": SERVICE,
        "flow": "vetting",
        "state": PATH[0],
        "answers": answers,
        **place,
        **when,
    }


def _event(number: str, n: int, case: dict[str, Any], counts: Counts) -> dict[str, Any]:
    what = {"at": case["since"], "to": case["state"], "counts": counts, "todo": []}
    return event_item(number, n, "", what) | counting_keys(number, n, case["since"])


def milliseconds(act: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


def figures(house: House) -> tuple[Told, ...]:
    """Return a year of the county's statistics in words."""
    plugin = house.office.catalogue.plugins[SERVICE]
    county = house.office.places.get("qinghe")
    found = house.office.statistics.of(county, SERVICE, ["vetting"], FIRST, LAST)["vetting"]
    return told(found, plugin.workflow, plugin.form)


def looker(house: House) -> Callable[[], None]:
    """Return what looks at the page once, as an officer of the county."""
    client = house.client(OFFICERS["county"])

    def look() -> None:
        page = client.get(PAGE)
        assert page.status_code == 200
        assert page.text.count("<table") >= TABLES

    return look


def _opened(built: Path, folder: Path, cases: int) -> House:
    """Return a house after so many cases; say how large its statistics are."""
    house = open_house(built, folder)
    seeded(house, cases)
    house.office.places.get("qinghe")  # remembered for 30 seconds
    with house.store.expect(get=1):
        rows = {each.name: each.rows for each in figures(house)}
    assert sum(int(filed) for _, filed, _ in rows["months"]) == cases
    sizes = [item_size(each) for each in everything(house, "ST#")]
    sys.stdout.write(f"statistics        {cases:7} cases: largest item {max(sizes)} bytes\n")
    return house


def report() -> bool:
    """Print the figures; tell whether the goal is met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "built")
        houses = [_opened(folder / "built", folder / str(cases), cases) for cases in (FEW, MANY)]
        ratios = [
            _compared("data of a year", [lambda each=each: figures(each) for each in houses]),
            _compared("page of a year", [looker(each) for each in houses]),
        ]
        rate = counted(houses[0], FEW)
        sys.stdout.write(f"statistics        {rate:.0f} events a second are counted\n")
        for house in houses:
            house.close()
    return ratios[-1] <= GOAL


def _compared(what: str, looks: Sequence[Callable[[], object]]) -> float:
    """Print and return how much longer one look takes after MANY cases than after FEW."""
    for each in looks:
        each()
    turns = [looks if at % 2 else [*reversed(looks)] for at in range(LOOKS)]
    pairs = [[milliseconds(each) for each in turn][:: 1 if turn is looks else -1] for turn in turns]
    few, many = (median(each) for each in zip(*pairs, strict=True))
    ratio = median(much / little for little, much in pairs)
    goal = f" (goal ≤ {GOAL} ×)" if "page" in what else ""
    said = f"{many:.2f} ms after {MANY} cases, {few:.2f} ms after {FEW}"
    sys.stdout.write(f"{what:<18}{said}: {ratio:.2f} ×{goal}\n")
    return ratio


if __name__ == "__main__":
    raise SystemExit(not report())
