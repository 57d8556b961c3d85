"""Persons, their roles with a scope, and who stands in for them (DESIGN §7).

A person stands at `P#id` / `ME`, found by phone through `PH#hmac`, and for each role at a place
through `PL#place` / `ROLE#role#id`. Names and phones are sealed under the installation's key. A
deputy's own item holds the roles they stand in for, so that one read tells all that they may do.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.moments import local_date
from core.places import Places
from core.ports import Clock
from core.privacy import EVERYWHERE, Vault
from core.seats import seat_writes
from core.store import Absent, Change, Conflict, Delete, Item, Key, Put, Store, Version, Write

MANAGERS = frozenset({"city_officer", "county_officer"})
"""Roles that switch services, enter places and name officers."""
_TRIES = 5
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Role:
    """A role that holds at a place and everywhere beneath it."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Lent:
    """A role that a deputy has today from an absent officer."""

    role: Role
    officer: str
    officer_name: str
    holder: str
    """The keyed hash of the officer's phone: their own cases are not for their deputy."""


@dataclass(frozen=True, slots=True)
class Deputyship:
    """That one officer stands in for another, from one day (ISO) to another, both included."""

    officer: str
    officer_name: str
    deputy: str
    deputy_name: str
    first: str
    last: str

    def holds(self, day: str) -> bool:
        """Tell whether it is in force on a day."""
        return self.first <= day <= self.last

    def meets(self, first: str, last: str) -> bool:
        """Tell whether it shares a day with others."""
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in, or an officer entered beforehand."""

    id: str
    name: str
    phone: str
    holder: str
    """The keyed hash of the phone: cases submitted with that phone are this person's."""
    roles: tuple[Role, ...]
    v: int
    lent: tuple[Lent, ...] = ()
    deputies: tuple[Deputyship, ...] = ()
    """Who stands in for this person, past ones included."""
    stands_in: tuple[Deputyship, ...] = ()
    """Whom this person stands in for, past ones included."""

    @property
    def seats(self) -> tuple[Role, ...]:
        """The roles this person works in today: their own, then those stood in for."""
        return tuple(dict.fromkeys((*self.roles, *(each.role for each in self.lent))))

    def roles_over(self, path: Iterable[str]) -> frozenset[str]:
        """Return the roles held today, own or lent, over something that lies in all of `path`."""
        reach = set(path)
        return frozenset(role.name for role in self.seats if role.place in reach)

    def own_roles_over(self, path: Iterable[str]) -> frozenset[str]:
        """Return the roles held by this person in their own name."""
        reach = set(path)
        return frozenset(role.name for role in self.roles if role.place in reach)


def person_key(person_id: str) -> Key:
    """Return where a person stands."""
    return (f"P#{person_id}", "ME")


@dataclass(frozen=True, slots=True)
class People:
    """Reads and enters persons, and gives and takes roles."""

    store: Store
    vault: Vault
    places: Places
    clock: Clock

    def holder(self, phone: str) -> str:
        """Return the keyed hash under which a phone's person and cases are found."""
        return self.vault.fingerprint(EVERYWHERE, phone)

    def of_item(self, item: Item) -> Person:
        """Make a person of the stored item, with what they may do today."""
        person_id, name = item["id"], self._opened(item["id"], "name", item["name"])
        today = local_date(self.clock.now()).isoformat()
        stood = item.get("stands_in", {})
        lenders = {each: self._opened(person_id, each, stood[each]["name"]) for each in stood}
        return Person(
            id=person_id,
            name=name,
            phone=self._opened(person_id, "phone", item["phone"]),
            holder=item["holder"],
            roles=_roles(item["roles"]),
            v=item["v"],
            lent=tuple(
                Lent(role, each, lenders[each], told["holder"])
                for each, told in stood.items()
                if item["roles"] and told["first"] <= today <= told["last"]
                for role in _roles(told["roles"])
            ),
            deputies=tuple(
                Deputyship(
                    person_id,
                    name,
                    each,
                    self._opened(person_id, each, told["name"]),
                    told["first"],
                    told["last"],
                )
                for each, told in item.get("deputies", {}).items()
            ),
            stands_in=tuple(
                Deputyship(each, lenders[each], person_id, name, told["first"], told["last"])
                for each, told in stood.items()
            ),
        )

    def sealed(self, person_id: str, what: str, text: str) -> str:
        """Encrypt something that is kept with a person."""
        return self.vault.seal(EVERYWHERE, f"person|{person_id}|{what}", text)

    def get(self, person_id: str) -> Person | None:
        """Return the person, or None."""
        return next(iter(self.all([person_id])), None)

    def all(self, person_ids: Sequence[str]) -> list[Person]:
        """Return those of the persons who exist; ≤ 100."""
        found = self.store.get(*map(person_key, person_ids)) if person_ids else []
        return [self.of_item(item) for item in found if item]

    def by_phone(self, phone: str) -> Person | None:
        """Return whoever is known by this phone, or None."""
        [found] = self.store.get((f"PH#{self.holder(phone)}", "-"))
        return self.get(found["person"]) if found else None

    def enter(self, phone: str, name: str = "") -> Person:
        """Return the person with this phone, entered now if nobody knew it."""
        known = self.by_phone(phone)
        if known:
            return known
        person_id, holder = secrets.token_hex(8), self.holder(phone)
        try:
            self.store.commit(
                Put(self._item(person_id, phone, name, holder), (Absent(),)),
                Put({"pk": f"PH#{holder}", "sk": "-", "person": person_id}, (Absent(),)),
            )
        except Conflict:
            return self.enter(phone, name)
        return Person(person_id, name, phone, holder, (), 1)

    def give(self, phone: str, name: str, role: Role) -> Person:
        """Let whoever has this phone hold `role`; the name is written down where none stood."""
        for _ in range(_TRIES):
            person = self.enter(phone, name)
            if role in person.roles:
                return person
            writes = [Put(self._seat(role, person.id)), *self._seats(role, +1)]
            if self._changed(person, (*person.roles, role), name, writes):
                break
        return self.enter(phone)

    def take(self, person_id: str, role: Role) -> None:
        """End a role; nothing happens where it was not held."""
        for _ in range(_TRIES):
            person = self.get(person_id)
            if person is None or role not in person.roles:
                return
            seat = (f"PL#{role.place}", f"ROLE#{role.name}#{person_id}")
            rest = tuple(each for each in person.roles if each != role)
            if self._changed(person, rest, "", [Delete(seat), *self._seats(role, -1)]):
                return

    def holding(self, role: Role) -> list[Person]:
        """Return who holds exactly this role at this place, at most 50."""
        prefix = f"ROLE#{role.name}#"
        page = self.store.query(f"PL#{role.place}", prefix=prefix, limit=50)
        return self.all([item["sk"].removeprefix(prefix) for item in page.items])

    def holders(self, county: str, role: str) -> dict[str, list[Person]]:
        """Return who holds a role in a county, by place: a query for 400, a read for 100 of them.

        From the register index, which may be behind by a moment.
        """
        found: dict[str, list[str]] = {}
        cursor: str | None = None
        while True:
            page = self.store.query(
                f"HELD#{county}", prefix=f"{role}#", index="register", limit=_AT_ONCE, cursor=cursor
            )
            for item in page.items:
                place, person_id = item["register_sk"].split("#")[1:]
                found.setdefault(place, []).append(person_id)
            cursor = page.cursor
            if cursor is None:
                break
        ids = [*dict.fromkeys(each for held in found.values() for each in held)]
        parts = (ids[at : at + 100] for at in range(0, len(ids), 100))
        known = {person.id: person for part in parts for person in self.all(part)}
        return {
            place: [known[each] for each in held if each in known] for place, held in found.items()
        }

    def reached(self, officers: Iterable[Person]) -> list[str]:
        """Return the phones of officers and of who stands in for them today, each once."""
        told, today = [*officers], local_date(self.clock.now()).isoformat()
        deputies = [d.deputy for each in told for d in each.deputies if d.holds(today)]
        return list(dict.fromkeys(p.phone for p in [*told, *self.all(deputies)]))

    def _seat(self, role: Role, person_id: str) -> Item:
        """Return the item that says who holds a role; the register index has a county's by role."""
        return {
            "pk": f"PL#{role.place}",
            "sk": f"ROLE#{role.name}#{person_id}",
            "register_pk": f"HELD#{self.places.get(role.place).county}",
            "register_sk": f"{role.name}#{role.place}#{person_id}",
        }

    def _seats(self, role: Role, by: int) -> list[Write]:
        county = self.places.get(role.place).county
        return seat_writes(county, role.name, role.place, by, self.clock.now())

    def _changed(
        self, person: Person, roles: tuple[Role, ...], name: str, writes: list[Write]
    ) -> bool:
        values: dict[str, object] = {"roles": [[role.name, role.place] for role in roles]}
        if name and not person.name:
            values["name"] = self.sealed(person.id, "name", name)
        change = Change(person_key(person.id), set=values, when=(Version(person.v),))
        try:
            self.store.commit(change, *writes, *self._lent_anew(person, values["roles"]))
        except Conflict:
            return False
        return True

    def _lent_anew(self, person: Person, roles: object) -> list[Write]:
        """Return the writes that give a person's deputies the roles as they are now."""
        keys = [person_key(each.deputy) for each in person.deputies]
        writes: list[Write] = []
        for item in self.store.get(*keys) if keys else []:
            if item and person.id in item.get("stands_in", {}):
                told = {**item["stands_in"][person.id], "roles": roles}
                stood = {**item["stands_in"], person.id: told}
                key, when = (item["pk"], item["sk"]), (Version(item["v"]),)
                writes.append(Change(key, set={"stands_in": stood}, when=when))
        return writes

    def _opened(self, person_id: str, what: str, text: str) -> str:
        return self.vault.open(EVERYWHERE, f"person|{person_id}|{what}", text)

    def _item(self, person_id: str, phone: str, name: str, holder: str) -> Mapping[str, Any]:
        return {
            "pk": f"P#{person_id}",
            "sk": "ME",
            "id": person_id,
            "name": self.sealed(person_id, "name", name),
            "phone": self.sealed(person_id, "phone", phone),
            "holder": holder,
            "roles": [],
        }


def _roles(stored: Iterable[Sequence[str]]) -> tuple[Role, ...]:
    return tuple(Role(name, place) for name, place in stored)
