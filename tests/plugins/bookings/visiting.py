"""What venues, schools and the clock do with visits; the clock stands on 23 November 2026."""

from dataclasses import dataclass, field
from typing import Any

from core.case_items import Case
from core.filings import Deed, Filing
from core.numbers import fresh_number
from core.store import Item
from forms.surroundings import Surroundings
from tests.core.house import OFFICERS, House

WEDNESDAY, FRIDAY, SATURDAY = "2026-12-02", "2026-12-04", "2026-12-05"
SCHOOL, MUSEUM, CONTACT, HEAD = "hexi-1", "museum", "00000000110", "00000000108"
SLOT = "15:30-16:30"
VENUE: dict[str, Any] = {
    "kind": "museum",
    "address": "禾溪镇文庙街 3 号",
    "contact": "秦岚",
    "phone": CONTACT,
    "intro": "看青铜器，拓一张瓦当",
    "openings": [
        {"weekdays": ["wednesday", "friday"], "starts": "15:30", "ends": "17:30", "stay": 60},
        {"weekdays": ["saturday"], "starts": "09:00", "ends": "17:00", "stay": 120},
    ],
    "on_holidays": "closed",
    "on_makeups": "as_weekday",
    "capacity": 30,
    "groups": 30,
    "guides": 1,
    "risk": "low",
    "safety_file": {"ref": "f", "name": "安全.pdf", "size": 1, "type": "application/pdf"},
    "no_promotion": True,
}


@dataclass
class Visiting:
    """One house in which the museum takes bookings."""

    house: House
    venue: Case = field(init=False)

    def open_venue(self, place: str = MUSEUM, **other: Any) -> Case:
        """Enter a venue's record; raises what the core raises."""
        who = CONTACT if place == MUSEUM else "county"
        self.venue = self.submit("hosting", place, who, {**VENUE, **other})
        return self.venue

    def edit_venue(self, **other: Any) -> Case:
        """Change the venue's record."""
        office, who = self.house.office, CONTACT
        case = self.house.now(self.venue)
        data = {**case.answers, **other}
        deed = Deed("submit", case.v, self.house.person(who))
        self.venue = office.cases.edit(case, deed, data, self.near(who, case.item["place"]))
        self.follow()
        return self.venue

    def answers(self, heads: int = 10, **other: Any) -> dict[str, Any]:
        """Return what a school says of a visit, as the form has accepted it."""
        classes = [{"class_name": other.pop("class_name", f"五年级{heads}班"), "heads": heads}]
        escort = other.pop("escort", "单老师")
        slot, school = other.pop("slot", SLOT), other.pop("school", SCHOOL)
        return {
            "venue": {"value": other.pop("venue", MUSEUM), "label": "青禾县博物馆"},
            "date": WEDNESDAY,
            "slot": {"value": slot, "label": slot},
            "school": {"value": school, "label": school},
            "classes": classes,
            "heads": heads,
            "escorts": [{"escort_name": escort}, {"escort_name": f"{escort}2"}],
            "guide": False,
            "contact_phone": "00000000109",
            "transport": "walking",
            "safety_plan": "走人行道，单老师在前，赵老师在后",
            "insured": True,
            "consents": 0,
            **other,
        }

    def book(self, heads: int = 10, who: str = "school", place: str = SCHOOL, **other: Any) -> Case:
        """Ask for a visit; raises what the core raises."""
        number = other.pop("number", "")
        return self.submit("visit", place, who, self.answers(heads, **other), number=number)

    def submit(  # noqa: PLR0913 — what a submission is
        self,
        workflow: str,
        place: str,
        who: str,
        data: dict[str, Any],
        *,
        number: str = "",
        why: str = "",
    ) -> Case:
        office = self.house.office
        plugin = office.catalogue.plugins["bookings"].begun_in(workflow)
        where, person = office.places.get(place), self.house.person(who)
        filing = Filing(
            number or fresh_number(),
            "bookings",
            where,
            plugin.form,
            plugin.workflow,
            data,
            why,
            person=person,
        )
        self.house.clock.move(seconds=1)
        return office.cases.submit(filing, None, self.near(who, place))

    def near(self, who: str, place: str) -> Surroundings:
        office = self.house.office
        return office.around("zh", office.places.get(place), self.house.person(who))

    def do(self, case: Case, transition: str, who: str = "school", **given: Any) -> Case:
        """Make a move at the version that stands now, then what follows from it."""
        case = self.house.do(self.house.now(case), transition, who, **given)
        self.follow()
        return self.house.now(case)

    def follow(self) -> None:
        """Do what events have left to do."""
        self.house.office.effects.work_off_due()

    def state(self, case: Case) -> str:
        return self.house.now(case).state

    def slot(self, day: str = WEDNESDAY, starts: str = "15:30", venue: str = MUSEUM) -> Item:
        [item] = self.house.store.get((f"X#bookings#slots#{venue}", f"{day}#{starts}"))
        return item or {}

    def held(self, **where: str) -> tuple[int, int]:
        """Return heads and groups held of a slot."""
        item = self.slot(**where)
        return int(item.get("heads", 0)), int(item.get("groups", 0))


def phone_of(who: str) -> str:
    return OFFICERS.get(who, who)
