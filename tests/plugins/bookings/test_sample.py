"""The sample county's venues stand as the county's papers have them, whatever day it is set up."""

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from core.case_items import Case
from core.claims.offers import held_in
from core.commands.seed import seed
from core.demo import demo_county
from core.web.app import BUNDLED
from infra.local.sqlite import SqliteStore
from tests.core.house import House, Later, Letters, SetClock, everything, open_house, ports
from tests.plugins.bookings.hosting import context, running

OPEN: dict[str, list[str]] = {
    "museum": ["wednesday 15:30–17:30", "friday 15:30–17:30", "saturday 09:00–17:00"],
    "library": ["monday 16:00–18:30", "friday 16:00–18:30"],
    "youth-palace": ["monday 16:00–18:30", "saturday 16:00–18:30"],
    "youth-centre": ["tuesday 09:00–17:00", "sunday 09:00–17:00"],
    "gym": ["monday 16:30–18:30", "friday 16:30–18:30"],
    "science-museum": ["wednesday 09:00–17:00", "sunday 09:00–17:00"],
    "culture-station": ["tuesday 16:00–18:00", "thursday 16:00–18:00"],
    "practice-base": ["saturday 09:00–16:00"],
}


VISITS = {
    "completed": "library",
    "no_show": "culture-station",
    "waiting": "culture-station",
    "requested": "museum",
}


def sample(tmp_path: Path, day: tuple[int, int, int]) -> House:
    """Return the sample county, set up on a day."""
    folder = tmp_path / "var"
    folder.mkdir()
    made, store = ports(folder, SetClock(datetime(*day, 3, tzinfo=UTC)), Letters(), Later())
    with closing(cast("SqliteStore", store.store)):
        assert seed(made, [BUNDLED], lambda _: None)
    return open_house(folder, tmp_path / "house")


@pytest.mark.parametrize("day", [(2026, 11, 23), (2026, 12, 6)])
def test_each_venue_is_open_as_listed(tmp_path: Path, day: tuple[int, int, int]) -> None:
    with closing(sample(tmp_path, day)) as house:
        found: dict[str, Any] = {
            each["sk"]: each for each in running("venues").venues(context(house))
        }
    capacity = {
        p["slug"]: p["facts"]["capacity"] for p in demo_county()["places"] if p["kind"] == "venue"
    }
    assert {slug: each["capacity"] for slug, each in found.items()} == capacity
    for slug, times in OPEN.items():
        rows = found[slug]["openings"]
        said = [f"{d} {row['starts']}–{row['ends']}" for row in rows for d in row["weekdays"]]
        assert set(times) <= set(said), slug
    monday = date(*day) - timedelta(days=date(*day).weekday())
    [*_, special], [closure] = found["museum"]["special"], found["science-museum"]["closures"]
    assert special["date"] == (monday + timedelta(days=20)).isoformat()
    assert closure["first"] == (monday + timedelta(days=9)).isoformat()


# In a week of holidays, and before a year without a calendar, as on any day.
@pytest.mark.parametrize("day", [(2026, 11, 23), (2026, 11, 29), (2026, 9, 25), (2026, 12, 28)])
def test_there_are_visits_in_many_states_whatever_day_it_is(
    tmp_path: Path, day: tuple[int, int, int]
) -> None:
    with closing(sample(tmp_path, day)) as house:
        heads = [each for each in everything(house, "C#") if each["sk"] == "H"]
        found = [Case(each, house.office.vault) for each in heads]
        visits = [each for each in found if house.office.cases.workflow(each).id == "visit"]
        states = Counter(each.state for each in visits)
        assert states == {**dict.fromkeys(VISITS, 1), "confirmed": 4, "filed": 19}
        at = {each.state: each.answers["venue"]["value"] for each in visits}
        assert {state: at[state] for state in VISITS} == VISITS
        held = held_in(context(house), "museum", "20")
        assert [(held[name]["heads"], held[name]["groups"]) for name in sorted(held)][-1] == (58, 2)
