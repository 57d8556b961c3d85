"""Persons and their roles with a scope (DESIGN §7).

A person stands at `P#id` / `ME`, found by phone through `PH#hmac`, and for each role at a place
through `PL#place` / `ROLE#role#id`. Names and phones are sealed under the installation's key.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from core.privacy import EVERYWHERE, Vault
from core.store import Absent, Change, Conflict, Delete, Item, Key, Put, Store, Version, Write

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Role:
    """A role that holds at a place and everywhere beneath it."""

    name: str
    place: str


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

    def roles_over(self, path: Iterable[str]) -> frozenset[str]:
        """Return the roles this person holds over something that lies in all of `path`."""
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

    def holder(self, phone: str) -> str:
        """Return the keyed hash under which a phone's person and cases are found."""
        return self.vault.fingerprint(EVERYWHERE, phone)

    def of_item(self, item: Item) -> Person:
        """Make a person of the stored item."""
        binding = f"person|{item['id']}"
        return Person(
            id=item["id"],
            name=self.vault.open(EVERYWHERE, f"{binding}|name", item["name"]),
            phone=self.vault.open(EVERYWHERE, f"{binding}|phone", item["phone"]),
            holder=item["holder"],
            roles=tuple(Role(name, place) for name, place in item["roles"]),
            v=item["v"],
        )

    def get(self, person_id: str) -> Person | None:
        """Return the person, or None."""
        [item] = self.store.get(person_key(person_id))
        return self.of_item(item) if item else None

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
            seat = {"pk": f"PL#{role.place}", "sk": f"ROLE#{role.name}#{person.id}"}
            if self._changed(person, (*person.roles, role), name, Put(seat)):
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
            if self._changed(person, rest, "", Delete(seat)):
                return

    def holding(self, role: Role) -> list[Person]:
        """Return who holds exactly this role at this place, at most 50."""
        prefix = f"ROLE#{role.name}#"
        page = self.store.query(f"PL#{role.place}", prefix=prefix, limit=50)
        keys = [person_key(item["sk"].removeprefix(prefix)) for item in page.items]
        return [self.of_item(item) for item in self.store.get(*keys) if item] if keys else []

    def _changed(self, person: Person, roles: tuple[Role, ...], name: str, seat: Write) -> bool:
        values: dict[str, object] = {"roles": [[role.name, role.place] for role in roles]}
        if name and not person.name:
            values["name"] = self.vault.seal(EVERYWHERE, f"person|{person.id}|name", name)
        change = Change(person_key(person.id), set=values, when=(Version(person.v),))
        try:
            self.store.commit(change, seat)
        except Conflict:
            return False
        return True

    def _item(self, person_id: str, phone: str, name: str, holder: str) -> dict[str, object]:
        binding = f"person|{person_id}"
        return {
            "pk": f"P#{person_id}",
            "sk": "ME",
            "id": person_id,
            "name": self.vault.seal(EVERYWHERE, f"{binding}|name", name),
            "phone": self.vault.seal(EVERYWHERE, f"{binding}|phone", phone),
            "holder": holder,
            "roles": [],
        }
