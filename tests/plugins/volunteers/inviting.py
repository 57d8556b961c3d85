"""What a school, a volunteer and the clock do with an invitation."""

import importlib
from datetime import date
from typing import Any

from core.case_items import Case
from core.filings import Filing
from core.numbers import fresh_number
from forms.evaluation import evaluate
from forms.surroundings import Surroundings
from tests.core.house import House
from tests.pages import fictional_phone

FRIDAY, NEXT_FRIDAY = "2026-12-04", "2026-12-11"
"""The parents of `house.cleared` can come on Fridays; the house's clock stands on 23 November."""
SCHOOL = "hexi-1"
RECORD = {
    "started": "16:30",
    "ended": "17:20",
    "taught_minutes": 50,
    "pupils_present": 23,
    "taught": "窗花",
    "staff_was_present": True,
}


def answers(volunteer: Case, **other: Any) -> dict[str, Any]:
    """Return what a school says of a session of fifty minutes on a Friday."""
    return {
        "course": "晨读时光",
        "date": FRIDAY,
        "starts": "16:30",
        "ends": "17:20",
        "specialty": "reading",
        "room": "阅览室",
        "pupils": 24,
        "staff_present": "单老师",
        "volunteer": volunteer.id,
        **other,
    }


def near(house: House, who: str = "school", place: str = SCHOOL) -> Surroundings:
    return house.office.around("zh", house.office.places.get(place), house.person(who))


def filing(
    house: House,
    volunteer: Case,
    who: str = "school",
    place: str = SCHOOL,
    *,
    offered: bool = True,
    **other: Any,
) -> Filing:
    """Return an invitation as the form has accepted it; not `offered`: as if it had been."""
    plugin = house.office.catalogue.plugins["volunteers"].begun_in("inviting")
    told = answers(volunteer, **other)
    if offered:
        outcome = evaluate(plugin.form, told, near(house, who, place))
        assert outcome.problems == (), outcome.problems
        data = dict(outcome.data)
    else:
        data = {**told, "minutes": 50, "volunteer": {"value": volunteer.id, "label": "某人"}}
    where = house.office.places.get(place)
    person = house.person(who)
    return Filing(
        fresh_number(), "volunteers", where, plugin.form, plugin.workflow, data, person=person
    )


def invite(house: House, volunteer: Case, who: str = "school", **other: Any) -> Case:
    """Invite a volunteer; raises what the core raises."""
    asked = filing(house, volunteer, who, **other)
    return house.office.cases.submit(asked, None, near(house, who, asked.place.slug))


def accepted(house: House, volunteer: Case, n: int, **other: Any) -> Case:
    """Invite the n-th parent, who accepts."""
    return house.do(invite(house, volunteer, **other), "accept", fictional_phone(n))


def on_the_day(house: House, case: Case) -> Case:
    """Let the clock come to the day of a session."""
    ahead = date.fromisoformat(case.answers["date"]) - house.office.around().today
    house.clock.move(days=ahead.days)
    house.office.ticks.tick()
    return house.now(case)


def confirmed(house: House, volunteer: Case, n: int, **other: Any) -> Case:
    """Bring an invitation of the n-th parent to its confirmed hours."""
    case = on_the_day(house, accepted(house, volunteer, n, **other))
    return house.do(case, "confirm", "school", step=RECORD)


def running(name: str) -> Any:
    """Return a module of the plugin as it runs now: another test may have loaded it anew."""
    return importlib.import_module(f"plugins.volunteers.{name}")
