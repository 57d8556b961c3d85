"""委托代办: an absent officer names a deputy with dates, who then has the same desk.

Both persons' items say so, and the county's list `PL#county` / `DEPUTY#last day#officer#deputy`.
It ends with its last day by itself: what a person may do is worked out for the day they come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.moments import local_date
from core.people import Deputyship, People, Person, person_key
from core.places import Places
from core.ports import Clock
from core.store import Change, Conflict, Delete, Key, Put, Store, Version, Write

LONGEST = timedelta(days=366)
_MOST = 20


class NoDeputy(ValueError):  # noqa: N818 — an answer, not a fault
    """Nobody can be named so; `code` is a key of the interface's texts."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Deputies:
    """Names deputies and ends their time."""

    store: Store
    people: People
    places: Places
    clock: Clock

    def name(self, officer: Person, phone: str, first: date, last: date) -> Person:
        """Let whoever has this phone stand in for an officer; raise NoDeputy."""
        deputy = self.people.by_phone(phone)
        self._may(officer, deputy, first, last)
        if deputy is None:
            raise NoDeputy("unknown")
        days = {"first": first.isoformat(), "last": last.isoformat()}
        both = self.counties(officer) & self.counties(deputy)
        lent: dict[str, object] = {
            **days,
            "holder": officer.holder,
            "roles": [
                [role.name, role.place]
                for role in officer.roles
                if self.places.get(role.place).county in both
            ],
        }
        self._write(officer, deputy, days, lent)
        return deputy

    def end(self, officer_id: str, deputy_id: str) -> None:
        """End a deputyship today; nothing happens where there is none."""
        found = {person.id: person for person in self.people.all([officer_id, deputy_id])}
        if len(found) > 1:  # nobody stands in for themselves
            self._write(found[officer_id], found[deputy_id], None, None)

    def of_county(self, county: str) -> list[Deputyship]:
        """Return who stands in for whom in a county, now or later, at most 100."""
        today = self._today().isoformat()
        page = self.store.query(f"PL#{county}", prefix="DEPUTY#", limit=100, reverse=True)
        keys = [item["sk"].split("#")[1:] for item in page.items]
        officers = self.people.all(list(dict.fromkeys(key[1] for key in keys if key[0] >= today)))
        listed = {(key[1], key[2]) for key in keys}
        return [
            each
            for officer in officers
            for each in officer.deputies
            if each.last >= today and (each.officer, each.deputy) in listed
        ]

    def counties(self, person: Person) -> set[str]:
        """Return the counties in which somebody holds a role."""
        return {self.places.get(role.place).county for role in person.roles}

    def _may(self, officer: Person, deputy: Person | None, first: date, last: date) -> None:
        if last < first or first < self._today() or last - first > LONGEST:
            raise NoDeputy("dates")
        if deputy is None or not deputy.roles:
            raise NoDeputy("unknown")
        if deputy.id == officer.id:
            raise NoDeputy("oneself")
        if not officer.roles or not self.counties(officer) & self.counties(deputy):
            raise NoDeputy("elsewhere")
        days = (first.isoformat(), last.isoformat())
        if any(each.meets(*days) for each in deputy.deputies):
            raise NoDeputy("absent_too")
        if any(each.meets(*days) for each in officer.stands_in):
            raise NoDeputy("stands_in")

    def _write(
        self,
        officer: Person,
        deputy: Person,
        days: dict[str, str] | None,
        lent: dict[str, object] | None,
    ) -> None:
        """Write on both persons and the county's list what holds between them, or that nothing."""
        keys = person_key(officer.id), person_key(deputy.id)
        items = self.store.get(*keys)
        if items[0] is None or items[1] is None:
            return
        own = self._kept(items[0].get("deputies", {}), deputy.id)
        stood = self._kept(items[1].get("stands_in", {}), officer.id)
        if days is not None and lent is not None:
            name = self.people.sealed(officer.id, deputy.id, deputy.name)
            own[deputy.id] = {**days, "name": name}
            name = self.people.sealed(deputy.id, officer.id, officer.name)
            stood[officer.id] = {**lent, "name": name}
        if len(own) > _MOST or len(stood) > _MOST:
            raise NoDeputy("many")
        writes: list[Write] = [
            Change(keys[0], set={"deputies": own}, when=(Version(officer.v),)),
            Change(keys[1], set={"stands_in": stood}, when=(Version(deputy.v),)),
        ]
        known = [each for each in officer.deputies if each.deputy == deputy.id]
        before = self._listed(officer, deputy, [each.last for each in known])
        after = self._listed(officer, deputy, [days["last"]] if days else [])
        writes += [Delete(key) for key in before - after]
        writes += [Put({"pk": pk, "sk": sk}) for pk, sk in after]
        try:
            self.store.commit(*writes)
        except Conflict:
            raise NoDeputy("meanwhile") from None

    def _listed(self, officer: Person, deputy: Person, lasts: Iterable[str]) -> set[Key]:
        return {
            (f"PL#{county}", f"DEPUTY#{last}#{officer.id}#{deputy.id}")
            for last in lasts
            for county in self.counties(officer)
        }

    def _kept(self, told: dict[str, dict[str, object]], person_id: str) -> dict[str, object]:
        """Return the other entries that are not over: an item does not grow for ever."""
        today = self._today().isoformat()
        return {
            each: entry
            for each, entry in told.items()
            if each != person_id and str(entry["last"]) >= today
        }

    def _today(self) -> date:
        return local_date(self.clock.now())
