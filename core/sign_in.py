"""Sign-in with a one-time code to the phone, sessions, and the link for the first officer."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from core.limits import Limits
from core.moments import moment_of, stamp
from core.people import People, Person
from core.ports import Clock, Message, Messages
from core.privacy import EVERYWHERE
from core.store import Absent, Below, Change, Conflict, Delete, Item, Key, Put, Store, Version

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_AN_HOUR = 5
CODES_AN_ADDRESS = 30
SESSION = timedelta(days=30)
OFFICER_SESSION = timedelta(hours=12)
_FIRST = ("L#first", "-")
_PERSON = re.compile(r"[0-9a-f]{16}")
_TOKEN = 64


class WrongCode(Exception):  # noqa: N818 — an answer, not a fault
    """The code is not the one sent; `left` tries remain."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(f"{left} tries left")


class NoCode(Exception):  # noqa: N818 — an answer, not a fault
    """No code is waiting for this phone: never sent, used up, or too old."""


@dataclass(frozen=True, slots=True)
class Door:
    """Lets people in: codes out, sessions in."""

    store: Store
    people: People
    limits: Limits
    messages: Messages
    clock: Clock

    def send_code(self, phone: str, address: str, template: str) -> None:
        """Send a six-digit code; raise TooOften for the phone or the address, OSError unsent.

        `template` is the message's text with `{code}` in it.
        """
        now = self.clock.now()
        self.limits.count("code-address", address, CODES_AN_ADDRESS, now)
        self.limits.count("code-phone", phone, CODES_AN_HOUR, now)
        code, sending = f"{secrets.randbelow(10**6):06}", secrets.token_hex(8)
        self.store.commit(
            Put(
                {
                    "pk": f"L#code#{self.people.holder(phone)}",
                    "sk": "-",
                    "code": self._hashed(phone, code),
                    "until": stamp(now + timedelta(minutes=CODE_MINUTES)),
                    "tries": 0,
                    "used": 0,
                }
            )
        )
        text = template.format(code=code)
        self.messages.send(Message(sending, phone, "sign_in_code", text, {"code": code}))

    def redeem(self, phone: str, code: str) -> Person:
        """Return the person, entered at the first sign-in; raise WrongCode or NoCode.

        A wrong code uses up a try in the same commit that compares nothing else: two at once
        count as two. A right one is used up by the first: two at once let one in.
        """
        key = (f"L#code#{self.people.holder(phone)}", "-")
        [waiting] = self.store.get(key)
        if waiting is None or moment_of(waiting["until"]) < self.clock.now():
            raise NoCode
        self._use(key, "tries", CODE_TRIES)
        if not hmac.compare_digest(waiting["code"], self._hashed(phone, code)):
            raise WrongCode(max(CODE_TRIES - 1 - waiting["tries"], 0))
        self._use(key, "used", 1)
        return self.people.enter(phone)

    def open_session(self, person: Person) -> str:
        """Return a new session's cookie, `person.token`; only the token's hash is stored."""
        token = secrets.token_urlsafe(32)
        length = OFFICER_SESSION if person.roles else SESSION
        now = self.clock.now()
        until, office = stamp(now + length), stamp(now + OFFICER_SESSION)
        pk, sk = session_key(f"{person.id}.{token}") or ("", "")
        item = {"pk": pk, "sk": sk, "until": until, "office": office}
        self.store.commit(Put(item, (Absent(),)))
        return f"{person.id}.{token}"

    def close_session(self, cookie: str) -> None:
        """End a session; nothing happens where there is none."""
        key = session_key(cookie)
        if key:
            self.store.commit(Delete(key))

    def is_open(self, session: Item | None, person: Person) -> bool:
        """Tell whether a stored session still holds.

        An officer's holds for 12 hours, also where they had no role yet when they signed in.
        """
        if session is None:
            return False
        ends = session["office"] if person.roles and "office" in session else session["until"]
        return moment_of(ends) > self.clock.now()

    def first_link(self) -> str:
        """Return a fresh token for the first officer's link; one made before no longer works."""
        token = secrets.token_urlsafe(24)
        item = {"pk": _FIRST[0], "sk": _FIRST[1], "hash": _sha(token), "used": False}
        self.store.commit(Put(item))
        return token

    def may_be_first(self, token: str) -> Item | None:
        """Return the standing offer where `token` is its unused link."""
        [offer] = self.store.get(_FIRST)
        fits = offer and not offer["used"] and hmac.compare_digest(offer["hash"], _sha(token))
        return offer if fits else None

    def use_first(self, offer: Item) -> bool:
        """Use the link up; False where somebody was quicker."""
        try:
            self.store.commit(Change(_FIRST, set={"used": True}, when=(Version(offer["v"]),)))
        except Conflict:
            return False
        return True

    def _use(self, key: Key, what: str, times: int) -> None:
        """Count one use of the waiting code; raise NoCode where it was used so often already."""
        one_left = Below(what, times - 1)
        try:
            self.store.commit(Change(key, add={what: 1}, when=(one_left,)))
        except Conflict:
            raise NoCode from None

    def _hashed(self, phone: str, code: str) -> str:
        return self.people.vault.fingerprint(EVERYWHERE, f"code|{phone}|{code}")


def session_key(cookie: str) -> Key | None:
    """Return where the session of a cookie stands, None where it is no cookie of ours."""
    person_id, _, token = cookie.partition(".")
    if not (_PERSON.fullmatch(person_id) and token.isascii() and 0 < len(token) <= _TOKEN):
        return None
    return (f"P#{person_id}", f"S#{_sha(token)}")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
