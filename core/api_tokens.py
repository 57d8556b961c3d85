"""Tokens by which a county's other systems come in through the JSON API (ADR 38).

A token lends some powers of whoever made it, at their county, until a day: it stands at
`PL#county` / `API#id` with the hash of its secret, and is shown once. It names county, person and
id itself, so that one read finds all three. It ends with the maker's office.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hmac import compare_digest
from typing import Literal

from core.moments import local_date, stamp
from core.people import Person
from core.places import SLUG, Refusal
from core.ports import Clock
from core.store import (
    Absent,
    Below,
    Busy,
    Change,
    Conflict,
    Delete,
    Item,
    Key,
    Put,
    Store,
    Version,
    Write,
)

Scope = Literal["read", "personal", "submit", "move"]
SCOPES: tuple[Scope, ...] = ("read", "personal", "submit", "move")
"""To read cases, to read what is personal in them too, to hand cases in, to move them."""
DAYS = (30, 90, 365)
"""For how many days a token can be made out."""
MOST = 20
"""How many tokens a county has at a time, expired ones that were not deleted among them."""
NOTES = "AT"
_TEXT = re.compile(
    r"kehou_([a-z0-9-]{1,40})\.([0-9a-f]{16})\.([0-9a-f]{16})\.([\w-]{43})", re.ASCII
)
_ID = re.compile(r"[0-9a-f]{16}")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is to be for: `label` says whose it is."""

    label: str
    scopes: tuple[Scope, ...]
    services: tuple[str, ...]
    days: int
    id: str = ""
    """Sixteen hex digits that the page was made with: sent again, no second token is made."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token without its secret: who made it and when, and the last day it is good for."""

    id: str
    county: str
    label: str
    scopes: frozenset[str]
    services: frozenset[str]
    until: date
    person: str
    by: str
    at: str
    used: str
    """The day it was used last (ISO), "" for never."""
    v: int


@dataclass(frozen=True, slots=True)
class Named:
    """What a token says of itself before anybody has looked whether it is one."""

    county: str
    person: str
    id: str
    hash: str

    @property
    def key(self) -> Key:
        """Where it would stand."""
        return _key(self.county, self.id)


def named(text: str) -> Named | None:
    """Read a token as it was sent; None for what has not its shape."""
    found = _TEXT.fullmatch(text)
    if found is None or not SLUG.fullmatch(found[1]):
        return None
    return Named(found[1], found[2], found[3], _hash(text))


@dataclass(frozen=True, slots=True)
class ApiTokens:
    """Makes, finds and ends a county's tokens; each change is noted at the county."""

    store: Store
    clock: Clock

    def standing(self, county: str) -> list[Token]:
        """Return the tokens of a county, the first made first."""
        found = self.store.query(f"PL#{county}", prefix="API#", limit=MOST).items
        return [_token(item) for item in sorted(found, key=lambda each: str(each["at"]))]

    def find(self, county: str, name: str) -> Token | None:
        """Return a token, None where there is none of this id."""
        if not _ID.fullmatch(name):
            return None
        [item] = self.store.get(_key(county, name))
        return _token(item) if item else None

    def make(self, county: str, wish: Wish, person: Person) -> tuple[Token, str]:
        """Make a token and return it with its text, which is not shown again; raise Refusal."""
        name = wish.id if _ID.fullmatch(wish.id) else secrets.token_hex(8)
        now = self.clock.now()
        text = f"kehou_{county}.{person.id}.{name}.{secrets.token_urlsafe(32)}"
        pk, sk = _key(county, name)
        item = {
            "pk": pk,
            "sk": sk,
            "id": name,
            "county": county,
            "hash": _hash(text),
            "label": wish.label,
            "scopes": [*wish.scopes],
            "services": [*wish.services],
            "until": (local_date(now) + timedelta(days=wish.days)).isoformat(),
            "person": person.id,
            "by": person.name,
            "at": stamp(now),
            "used": "",
        }
        one_more = Change(_count(county), add={"n": 1}, when=(Below("n", MOST - 1),))
        try:
            self.store.commit(
                Put(item, (Absent(),)), one_more, self._note(county, "made", wish.label, person)
            )
        except Conflict as conflict:
            made_before, _ = conflict.stood((pk, sk))
            raise Refusal("made_before" if made_before else "too_many_tokens") from None
        return _token(item), text

    def revoke(self, token: Token, person: Person) -> None:
        """End a token at once; nothing happens to one that has ended."""
        county, key = token.county, _key(token.county, token.id)
        one_less = Change(_count(county), add={"n": -1})
        for _ in range(_TRIES):
            [item] = self.store.get(key)
            if item is None:
                return
            gone, note = (
                Delete(key, (Version(item["v"]),)),
                self._note(county, "ended", token.label, person),
            )
            with suppress(Conflict):
                self.store.commit(gone, one_less, note)
                return
        raise Busy(token.id)

    def opened(self, item: Item | None, sent: Named) -> Token | None:
        """Return the token that was sent, where it is one and still good."""
        if item is None or not compare_digest(str(item["hash"]), sent.hash):
            return None
        token = _token(item)
        good = token.person == sent.person and local_date(self.clock.now()) <= token.until
        return token if good else None

    def note_use(self, token: Token) -> None:
        """Write down, once a day, that a token is used."""
        today = local_date(self.clock.now()).isoformat()
        if token.used != today:
            with suppress(Conflict, Busy):
                as_read, key = (Version(token.v),), _key(token.county, token.id)
                self.store.commit(Change(key, set={"used": today}, when=as_read))

    def _note(self, county: str, act: str, label: str, person: Person) -> Write:
        at = stamp(self.clock.now())
        sk = f"{NOTES}#token#{at}#{secrets.token_hex(4)}"
        told = {"act": act, "label": label, "by": person.name, "at": at}
        return Put({"pk": f"PL#{county}", "sk": sk, **told}, (Absent(),))


def lent(
    person: Person | None, label: str, path: Collection[str], roles: Collection[str]
) -> Person | None:
    """Return somebody as a token of theirs acts: in these roles over `path` only, as no deputy.

    What they do is noted under their name with the token's. None where they hold none of the roles
    any more.
    """
    if person is None:
        return None
    held = tuple(each for each in person.roles if each.place in path and each.name in roles)
    return replace(person, name=f"{person.name} · {label}", roles=held, lent=()) if held else None


def _token(item: Item) -> Token:
    return Token(
        id=item["id"],
        county=item["county"],
        label=item["label"],
        scopes=frozenset(item["scopes"]),
        services=frozenset(item["services"]),
        until=date.fromisoformat(item["until"]),
        person=item["person"],
        by=item["by"],
        at=item["at"],
        used=item["used"],
        v=int(item.get("v", 1)),
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(county: str, name: str) -> Key:
    return (f"PL#{county}", f"API#{name}")


def _count(county: str) -> Key:
    return (f"PL#{county}", "TOKENS")
