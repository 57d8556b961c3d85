"""Addresses outside that a county has told of what happens to its cases (ADR 30).

A hook stands at `PL#county` / `HOOK#id`, its address and secret sealed. What it wants to hear of
is frozen into the places below, so that a commit knows it without a read.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.moments import stamp
from core.people import Person
from core.places import Place, Places, Refusal
from core.ports import Clock
from core.privacy import Vault
from core.store import Absent, Change, Delete, Item, Key, Put, Store, Version, Write

Kind = Literal["filed", "moved", "finished"]
KINDS: tuple[Kind, ...] = ("filed", "moved", "finished")
"""A case is handed in; it moves, or its move is taken back; it comes to a final state."""
MOST = 10
"""How many hooks a county has at a time."""
NOTES = "HO"
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a county's system listens, and which services' events it wants to hear of."""

    url: str
    services: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hook:
    """One address with the secret that its deliveries are signed with; who entered it and when."""

    id: str
    county: str
    wish: Wish
    secret: str
    on: bool
    by: str
    at: str
    v: int


def hook_effects(place: Place, plugin: str, kind: Kind) -> list[Mapping[str, Any]]:
    """Return what an event has left to do for the hooks in force at a place."""
    return [
        {"hook": name, "kind": kind}
        for name, wanted in sorted(place.hooks.items())
        if plugin in wanted["services"] and kind in wanted["kinds"]
    ]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Enters, finds and ends a county's hooks; each change is noted at the county."""

    store: Store
    vault: Vault
    places: Places
    clock: Clock

    def standing(self, county: str) -> list[Hook]:
        """Return the hooks of a county, the first entered first."""
        found = self.store.query(f"PL#{county}", prefix="HOOK#", limit=MOST * 2).items
        return [self._opened(county, item) for item in sorted(found, key=lambda e: str(e["at"]))]

    def find(self, county: str, name: str) -> Hook | None:
        """Return a hook, None where there is none of this id."""
        if not _ID.fullmatch(name):
            return None
        [item] = self.store.get(_key(county, name))
        return self._opened(county, item) if item else None

    def make(self, county: str, wish: Wish, person: Person) -> Hook:
        """Enter a hook; its secret is not shown again. Raises Refusal."""
        if len(self.standing(county)) >= MOST:
            raise Refusal("too_many_hooks")
        name, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        hook = Hook(name, county, wish, secret, True, person.name, stamp(self.clock.now()), 1)
        pk, sk = _key(county, name)
        kept = {
            "id": name,
            "url": self.vault.seal(county, f"hook|{name}|url", wish.url),
            "secret": self.vault.seal(county, f"hook|{name}|secret", secret),
            "services": [*wish.services],
            "kinds": [*wish.kinds],
            "on": True,
            "by": hook.by,
            "at": hook.at,
        }
        self._change(hook, "made", person, Put({"pk": pk, "sk": sk, **kept}, (Absent(),)))
        return hook

    def switch(self, hook: Hook, person: Person, *, on: bool) -> None:
        """Let a hook hear of what happens from now on, or of nothing more; raise Refusal."""
        as_read = (Version(hook.v),)
        change = Change(_key(hook.county, hook.id), set={"on": on}, when=as_read)
        self._change(hook, "on" if on else "off", person, change)

    def delete(self, hook: Hook, person: Person) -> None:
        """Forget a hook, its secret with it; raise Refusal."""
        gone = Delete(_key(hook.county, hook.id), (Version(hook.v),))
        self._change(hook, "deleted", person, gone)

    def _change(self, hook: Hook, act: str, person: Person, write: Write) -> None:
        place, at = self.places.fresh(hook.county), stamp(self.clock.now())
        wanted = {name: each for name, each in place.own_hooks.items() if name != hook.id}
        if act in ("made", "on"):
            wish = hook.wish
            wanted[hook.id] = {"services": [*wish.services], "kinds": [*wish.kinds]}
        note = {
            "sk": f"{NOTES}#hook#{at}",
            "act": act,
            "hook": hook.id,
            "by": person.name,
            "at": at,
        }
        self.places.change(place, {"own_hooks": wanted}, note, (write,))

    def _opened(self, county: str, item: Item) -> Hook:
        name = str(item["id"])
        url = self.vault.open(county, f"hook|{name}|url", item["url"])
        return Hook(
            id=name,
            county=county,
            wish=Wish(url, tuple(item["services"]), tuple(item["kinds"])),
            secret=self.vault.open(county, f"hook|{name}|secret", item["secret"]),
            on=item["on"],
            by=item["by"],
            at=item["at"],
            v=int(item["v"]),
        )


def _key(county: str, name: str) -> Key:
    return (f"PL#{county}", f"HOOK#{name}")
