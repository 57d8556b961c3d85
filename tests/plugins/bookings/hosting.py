"""What a venue says of itself, and how its contact enters it."""

import importlib
from typing import Any

from core.case_items import Case
from core.filings import Deed, Filing
from core.numbers import fresh_number
from core.people import Role
from forms.evaluation import Outcome, evaluate
from tests.core.house import House

MUSEUM, LIBRARY = "museum", "library"
CONTACT = "00000000110"
"""秦岚, contact of the museum."""
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
SATURDAY = {"weekdays": ["saturday"], "starts": "09:00", "ends": "17:00", "stay": 90, "buffer": 30}
AFTERNOON = {"weekdays": ["wednesday", "friday"], "starts": "15:30", "ends": "17:30", "stay": 60}
ANSWERS: dict[str, Any] = {
    "kind": "museum",
    "address": "禾溪镇文庙街 3 号",
    "contact": "秦岚",
    "phone": CONTACT,
    "intro": "看青铜器，拓一张瓦当",
    "openings": [AFTERNOON, SATURDAY],
    "on_holidays": "closed",
    "on_makeups": "as_weekday",
    "capacity": 60,
    "groups": 2,
    "risk": "low",
    "safety_file": {"ref": "f", "name": "安全.pdf", "size": 1, "type": "application/pdf"},
    "no_promotion": True,
}


def running(name: str) -> Any:
    """Return a module of the plugin as it runs now: another test may have loaded it anew."""
    return importlib.import_module(f"plugins.bookings.{name}")


def open_bookings(house: House) -> House:
    """Switch the service on in the district of most venues."""
    house.office.places.switch("hexi-zhen", "bookings", "on", "某人", "2026")
    return house


def outcome(house: House, place: str = MUSEUM, **other: Any) -> Outcome:
    """Return what the form says of a venue's answers."""
    form = house.office.catalogue.plugins["bookings"].begun_in("hosting").form
    where = house.office.places.get(place)
    return evaluate(form, {**ANSWERS, **other}, house.office.around("zh", where))


def filing(house: House, place: str = MUSEUM, who: str = CONTACT, **other: Any) -> Filing:
    """Return a venue's record as the form has accepted it."""
    plugin = house.office.catalogue.plugins["bookings"].begun_in("hosting")
    told = outcome(house, place, **other)
    assert told.problems == (), told.problems
    where, person = house.office.places.get(place), house.person(who)
    flow = plugin.workflow
    return Filing(
        fresh_number(), "bookings", where, plugin.form, flow, dict(told.data), person=person
    )


def enter(house: House, place: str = MUSEUM, who: str = CONTACT, **other: Any) -> Case:
    """Enter a venue; raises what the core raises."""
    asked = filing(house, place, who, **other)
    return house.office.cases.submit(asked, None, house.office.around("zh", asked.place))


def change(house: House, case: Case, who: str = CONTACT, **other: Any) -> Case:
    """Hand a venue's record in again with other answers."""
    place = case.item["place"]
    told, where = outcome(house, place, **other), house.office.places.get(place)
    deed = Deed("submit", case.v, house.person(who))
    return house.office.cases.edit(case, deed, dict(told.data), house.office.around("zh", where))


def seat_contact(house: House, phone: str, place: str) -> None:
    house.office.people.give(phone, "某人", Role("venue_contact", place))


def context(house: House, place: str = MUSEUM, who: str = CONTACT) -> Any:
    """Return what the plugin works with at a venue."""
    where = house.office.places.get(place)
    return house.office.contexts.of("bookings", where, house.person(who))
