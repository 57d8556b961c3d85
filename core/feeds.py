"""Secret addresses under which a calendar program reads a place's agenda without signing in.

An address stands at `PL#place` / `FEED#plugin#hash`, with who made it and when; of its secret, 128
random bits, only the keyed hash is kept, so that nobody can be told it twice. Making and ending one
is noted at `PL#place` / `FE#plugin#at`.
"""

import re
import secrets
from dataclasses import dataclass

from core.moments import stamp
from core.people import Person
from core.places import Place
from core.ports import Clock
from core.privacy import Vault
from core.store import Absent, Conflict, Delete, Item, Key, Put, Store, Version

MOST = 20
"""How many addresses of one agenda hold at a time."""
NOTES = "FE"
_HASH = re.compile(r"[0-9a-f]{32}")
"""What a secret looks like, and its keyed hash."""


class TooMany(Exception):  # noqa: N818 — an answer, not a fault
    """As many addresses hold as may."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Makes, finds and ends the secret addresses of agendas."""

    store: Store
    vault: Vault
    clock: Clock

    def standing(self, place: Place, plugin: str) -> list[Item]:
        """Return the addresses that hold, the latest first: `name`, `by`, `at`."""
        found = self.store.query(f"PL#{place.slug}", prefix=f"FEED#{plugin}#", limit=MOST * 2)
        return sorted(found.items, key=lambda each: str(each["at"]), reverse=True)

    def make(self, place: Place, plugin: str, person: Person) -> str:
        """Make an address; return its secret, which cannot be read again. Raises TooMany."""
        if len(self.standing(place, plugin)) >= MOST:
            raise TooMany
        secret = secrets.token_hex(16)
        name = self._name(place, secret)
        pk, sk = _key(place, plugin, name)
        told = {"name": name, "by": person.name, "at": stamp(self.clock.now())}
        made = Put({"pk": pk, "sk": sk, **told}, (Absent(),))
        self.store.commit(made, self._note(place, plugin, "made", person))
        return secret

    def end(self, place: Place, plugin: str, name: str, person: Person) -> bool:
        """End an address, known by its `name`; False where it does not hold any more."""
        if not _HASH.fullmatch(name):
            return False
        key = _key(place, plugin, name)
        [item] = self.store.get(key)
        if item is None:
            return False
        gone = Delete(key, (Version(int(item["v"])),))
        try:
            self.store.commit(gone, self._note(place, plugin, "ended", person))
        except Conflict:
            return False
        return True

    def holds(self, place: Place, plugin: str, secret: str) -> bool:
        """Tell whether a secret is that of an address that holds: one read, none for nonsense."""
        if not _HASH.fullmatch(secret):
            return False
        [item] = self.store.get(_key(place, plugin, self._name(place, secret)))
        return item is not None

    def _name(self, place: Place, secret: str) -> str:
        return self.vault.fingerprint(place.county, f"feed|{secret}")

    def _note(self, place: Place, plugin: str, act: str, person: Person) -> Put:
        at = stamp(self.clock.now())
        sk = f"{NOTES}#{plugin}#{at}#{secrets.token_hex(4)}"
        told = {"act": act, "by": person.name, "at": at}
        return Put({"pk": f"PL#{place.slug}", "sk": sk, **told}, (Absent(),))


def _key(place: Place, plugin: str, name: str) -> Key:
    return (f"PL#{place.slug}", f"FEED#{plugin}#{name}")
