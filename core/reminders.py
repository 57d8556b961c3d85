"""Reminders (提醒): who was asked to move on, by whom, when; each is sent at least once (ADR 36).

A reminder stands for ever at `RM#county#plugin#day` / what, written by whoever asks first on that
day. Until it has been sent it stands in the desk index under `REMIND` as well. Before it goes out
it is asked once more whether there is still something to be reminded of.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from core.case_items import TIMER_SHARDS, desk_name, shard
from core.cases import Cases
from core.effects import RETRIES
from core.moments import local_date, stamp
from core.numbers import spoken
from core.people import People, Person, Role
from core.places import Place
from core.ports import Clock, Message, Messages
from core.statistics.reading import Reading
from core.store import Absent, Busy, Change, Conflict, Item, Put, Store, Version
from forms.canonical import canonical

log = logging.getLogger(__name__)
Kind = Literal["begin", "late", "case"]
WAITING = "REMIND"
MOST_AT_ONCE = 90
"""How many one click reminds: one commit, with the record of it."""
TEXTS: Mapping[str, str] = {
    "remind_begin": "{place}：{service}还没有办，请登录工作台办理。",
    "remind_public": "{place}：{service}还没有人来办，请告诉家长和老师。",
    "remind_late": "{place}：{service}有{number}件超过了期限，请登录工作台尽快办理。",
    "remind_case": "您的{service}（查询码{number}）在等您：{state}。",
}
"""What is sent, by its template."""
_KEYS = ("desk_pk", "desk_sk")
_LOOKED = 100
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody is reminded of.

    `begin`: that nobody at `place` has begun the workflow `what` since the day `since`; to `role`.
    `late`: that cases are overdue on the desk of `role` at `place`. `case`: that the case `what`
    has been in its state since its event `entry`; to its applicant.
    """

    kind: Kind
    place: str
    role: str = ""
    what: str = ""
    since: str = ""
    entry: int = 0
    public: bool = False
    """Whether it is the public that begins the workflow."""

    @property
    def name(self) -> str:
        """What a day's reminder of this stands under."""
        told = self.what if self.kind == "case" else f"{self.place}#{self.role}"
        return f"{self.kind}#{told}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who has somebody reminded: whom an event would name, and their names."""

    person: Person
    who: Mapping[str, str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reminders:
    """Takes reminders in and sends them."""

    store: Store
    cases: Cases
    people: People
    messages: Messages
    statistics: Reading
    clock: Clock
    service_name: Callable[[str, str], str]
    begun_as: Callable[[str, str, str], str]
    """What has not been begun, of a plugin at a place in one of its workflows."""

    def of_today(self, county: str, plugin: str) -> dict[str, Item]:
        """Return what was reminded of today, by the target's name."""
        found: dict[str, Item] = {}
        cursor: str | None = None
        while True:
            page = self.store.query(self._day(county, plugin), limit=400, cursor=cursor)
            found |= {item["sk"]: item for item in page.items}
            cursor = page.cursor
            if cursor is None:
                return found

    def ask(self, place: Place, plugin: str, targets: Sequence[Target], by: Asking) -> list[Item]:
        """Have these reminded; return the reminders that are new today. Raises Busy.

        One commit: of two who ask at once, one has each of them reminded.
        """
        left = {each.name: each for each in targets[:MOST_AT_ONCE]}
        for _ in range(_TRIES):
            if not left:
                return []
            items = [self._item(place.county, plugin, each, by) for each in left.values()]
            record = self._record(place, plugin, [*left], by)
            try:
                self.store.commit(*(Put(each, (Absent(),)) for each in items), record)
            except Conflict as conflict:
                stood = {write.key[1] for write, _ in conflict.writes}
                left = {name: each for name, each in left.items() if name not in stood}
            else:
                return [{**each, "v": 1} for each in items]
        raise Busy(place.slug)

    def names(self, item: Item) -> list[str]:
        """Return who asked: their name, then whom they stood in for."""
        binding = f"remind|{item['nonce']}"
        told = self.people.vault.open(item["county"], binding, item["names"])
        return [str(each) for each in json.loads(told)]

    def work_off_due(self) -> int:
        """Send what is due; return how many reminders were done with."""
        done, cursor, now = 0, None, stamp(self.clock.now())
        while True:
            page = self.store.query(WAITING, index="desk", until=f"{now}~", limit=50, cursor=cursor)
            keys = [(each["pk"], each["sk"]) for each in page.items]
            fresh = self.store.get(*keys) if keys else []
            done += self.settle(each for each in fresh if each and each["stands"] == "waiting")
            cursor = page.cursor
            if cursor is None:
                return done

    def settle(self, items: Iterable[Item]) -> int:
        """Send these; return how many were done with."""
        return sum(self._settled(each) != "waiting" for each in items)

    def _settled(self, item: Item) -> str:
        tries = int(item["tries"]) + 1
        try:
            stands = self._sent(item)
        except Exception as why:  # one reminder's fault must not keep the others waiting
            if not isinstance(why, OSError | Busy | Conflict):
                log.exception("reminder %s/%s failed", item["pk"], item["sk"])
            stands = "parked" if tries > len(RETRIES) else "waiting"
        self._write_down(item, stands, tries)
        return stands

    def _sent(self, item: Item) -> str:
        target = Target(**item["target"])
        told = self._told(item, target)
        if told is None:
            return "over"
        template, parameters = told
        phones = self._phones(target)
        text = TEXTS[template].format_map(parameters)
        for phone in phones:
            name = f"remind-{item['nonce']}-{self.people.holder(phone)[:12]}"
            self.messages.send(Message(name, phone, template, text, parameters))
        return "sent" if phones else "parked"

    def _told(self, item: Item, target: Target) -> tuple[str, Mapping[str, str]] | None:
        """Return what is to be said, None where there is nothing left to be reminded of."""
        place = self.cases.ledger.places.get(target.place)
        service = self.service_name(item["plugin"], target.place)
        said = {"place": place.name.zh, "service": service}
        if target.kind == "case":
            case = self.cases.get(target.what)
            if case is None or case.item["entry"] != target.entry:
                return None
            state = self.cases.workflow(case).states[case.state].words.zh
            return "remind_case", {**said, "number": spoken(case.id), "state": state}
        if target.kind == "late":
            late = self._late(target, item["plugin"])
            return ("remind_late", {**said, "number": str(late)}) if late else None
        begun = self._begun(place, target, item["plugin"])
        said["service"] = self.begun_as(item["plugin"], target.place, target.what)
        return None if begun else ("remind_public" if target.public else "remind_begin", said)

    def _late(self, target: Target, plugin: str) -> int:
        name, now = desk_name(target.place, target.role, plugin), stamp(self.clock.now())
        return len(self.store.query(name, index="desk", until=now, limit=_LOOKED).items)

    def _begun(self, place: Place, target: Target, plugin: str) -> bool:
        since, today = date.fromisoformat(target.since), local_date(self.clock.now())
        months = (f"{since:%Y%m}", f"{today:%Y%m}")
        found = self.statistics.among(place.county, [place.slug], plugin, target.what, *months)
        return found[place.slug].filed_since(since) > 0

    def _phones(self, target: Target) -> list[str]:
        if target.kind == "case":
            case = self.cases.get(target.what)
            phone = self.cases.subjects.phone_of(case) if case else ""
            return [phone] if phone else []
        return self.people.reached(self.people.holding(Role(target.role, target.place)))

    def _write_down(self, item: Item, stands: str, tries: int) -> None:
        key, when = (item["pk"], item["sk"]), (Version(int(item["v"])),)
        told: dict[str, Any] = {"stands": stands, "tries": tries}
        if stands == "waiting":
            later = stamp(self.clock.now() + timedelta(seconds=RETRIES[tries - 1]))
            change = Change(key, set={**told, **_queued(later, item["nonce"])}, when=when)
        else:
            change = Change(key, set=told, remove=_KEYS, when=when)
        with suppress(Conflict, Busy):  # somebody else has just sent it as well, or the tick will
            self.store.commit(change)

    def _item(self, county: str, plugin: str, target: Target, by: Asking) -> dict[str, Any]:
        nonce, now = secrets.token_hex(8), stamp(self.clock.now())
        names = canonical(list(by.names))
        told = {key: getattr(target, key) for key in Target.__dataclass_fields__}
        return {
            "pk": self._day(county, plugin),
            "sk": target.name,
            "county": county,
            "plugin": plugin,
            "target": told,
            "nonce": nonce,
            "at": now,
            **by.who,
            "names": self.people.vault.seal(county, f"remind|{nonce}", names),
            "stands": "waiting",
            "tries": 0,
            **_queued(now, nonce),
        }

    def _record(self, place: Place, plugin: str, names: list[str], by: Asking) -> Put:
        """Return the county's record of the click, among its looks."""
        now = self.clock.now()
        item = {
            "pk": f"A#{place.county}#{now:%Y%m%d%H}#{shard(by.person.id, TIMER_SHARDS)}",
            "sk": f"{stamp(now)}#{secrets.token_hex(6)}",
            "act": "remind",
            "plugin": plugin,
            "place": place.slug,
            "whom": hashlib.sha256(canonical(names).encode()).hexdigest(),
            "count": len(names),
            **by.who,
        }
        return Put(item, (Absent(),))

    def _day(self, county: str, plugin: str) -> str:
        return f"RM#{county}#{plugin}#{local_date(self.clock.now()):%Y%m%d}"


def _queued(when: str, nonce: str) -> dict[str, str]:
    return dict(zip(_KEYS, (WAITING, f"{when}#{nonce}"), strict=True))
