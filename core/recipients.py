"""Who is sent a message that goes to a group, each once, and whether they have opened it (ADR 37).

A recipient stands at `N#token` / `-`. The token is worked out from the case and the person's keyed
hash, so that entering somebody twice is one condition; nobody can guess it. Until the message has
gone it stands in the desk index under `CIRC#0–3`, then under `SENT#case`, from where it is put
back to be told that the message no longer holds (`core.recalls`). What is still to be counted
stands in the register index under `NC#0–3`, and one commit adds it to `CI#case` / `SUM`, as
statistics are.
"""

import base64
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.case_items import Case, shard
from core.cases import Cases
from core.effects import RETRIES
from core.moments import spoken_day, stamp
from core.numbers import spoken
from core.people import People
from core.ports import Clock, Message, Messages
from core.store import Absent, Busy, Change, Conflict, Item, Key, Put, Store, Version, Write
from core.told_answers import told_answer

log = logging.getLogger(__name__)
SHARDS = 4
SENDS_AT_ONCE = 500
"""How many messages one tick sends: a bounded piece of work."""
_COUNTED_AT_ONCE = 49
"""With as many sums, were they of as many cases, one commit."""
_OPENS = 5
_DESK, _REGISTER = ("desk_pk", "desk_sk"), ("register_pk", "register_sk")
_UNREACHED = "unreached"
"""Told of who declined after they were entered: it takes one off those who are reached."""
_RECALLED = {"sent": "recalled", "failed": "unrecalled", "declined": "over"}
"""How it stands with the second message to somebody, by how the first would."""
ADDRESS: Key = ("CI#-", "ADDRESS")
"""Where the address of the site stands, as officers last opened it."""


class NoAddress(OSError):  # noqa: N818 — says what is missing
    """Nobody has opened the site yet, so that no address of it is known."""


def sum_key(case_id: str) -> Key:
    """Return where a case's recipients are counted: reached, sent, failed, declined, opened."""
    return (f"CI#{case_id}", "SUM")


def sent_name(case_id: str) -> str:
    """Return where in the desk index those stand who were sent a case's message."""
    return f"SENT#{case_id}"


def recipient_key(token: str) -> Key:
    """Return where the recipient with this token stands."""
    return (f"N#{token}", "-")


@dataclass(frozen=True, slots=True)
class Recipients:
    """Enters recipients, sends to them, and counts who has opened what they were sent."""

    store: Store
    cases: Cases
    people: People
    messages: Messages
    clock: Clock
    service_name: Callable[[str, str], str]

    def token(self, case: Case, holder: str) -> str:
        """Return what stands for a person in the address of what they were sent: 80 bits."""
        secret = self.people.vault.derived(case.item["county"], f"circulated|{case.id}|{holder}")
        return base64.b32encode(secret)[:16].decode().lower()

    def entries(self, case: Case, entry: int, found: Sequence[Item]) -> list[dict[str, Any]]:
        """Return the items of these cases' holders, each once; who declined is only counted."""
        by_holder = {str(each["holder"]): each for each in reversed(found)}
        keys = [self._declined(case, holder) for holder in by_holder]
        declined = self.store.get(*keys) if keys else []
        return [
            self._entry(case, entry, each, told="declined" if no and no["no"] else "reached")
            for each, no in zip(by_holder.values(), declined, strict=True)
        ]

    def send_due(self) -> int:
        """Send what is due, at most SENDS_AT_ONCE; return how many were done with."""
        done, cases = 0, dict[str, Case | None]()
        for item in self._waiting():
            if item["case"] not in cases:
                cases[item["case"]] = self.cases.get(item["case"])
            done += self._settled(item, cases[item["case"]]) != "waiting"
            if done >= SENDS_AT_ONCE:
                break
        return done

    def found(self, token: str) -> Item | None:
        """Return the recipient with this token, None for nobody."""
        [item] = self.store.get(recipient_key(token))
        return item

    def open(self, token: str) -> None:
        """Count that somebody has seen what they were sent, the first time; raise Busy."""
        for _ in range(_OPENS):
            item = self.found(token)
            if item is None or item.get("opened") or self.mark_opened(token, item):
                return
        raise Busy(token)

    def mark_opened(self, token: str, item: Item) -> bool:
        """Note that somebody opened it, where they stand as read; False where they do not.

        They may just have been sent it, been counted, or opened it beside this.
        """
        told = [*item["told"], "opened"]
        changed = {"opened": stamp(self.clock.now()), "told": told, **_counting(token)}
        when = (Version(int(item["v"])),)
        try:
            self.store.commit(Change(recipient_key(token), set=changed, when=when))
        except Conflict:
            return False
        return True

    def decline(self, item: Item, *, on: bool) -> None:
        """Let somebody have no more of a service's messages to groups, or again."""
        case = self.cases.get(item["case"])
        if case is not None:
            pk, sk = self._declined(case, item["holder"])
            told = {"pk": pk, "sk": sk, "no": not on, "at": stamp(self.clock.now())}
            self.store.commit(Put(told))

    def has_declined(self, item: Item, case: Case) -> bool:
        """Tell whether somebody wants no more of them."""
        [no] = self.store.get(self._declined(case, item["holder"]))
        return bool(no and no["no"])

    def count_due(self) -> int:
        """Add up what is still to be counted; return how many recipients were."""
        counted = 0
        for number in range(SHARDS):
            while items := self._uncounted(number):
                done = self._count(items)
                counted += done
                if not done:
                    break
        return counted

    def _count(self, items: Sequence[Item]) -> int:
        """Count some in one commit, those of them that nobody else has counted."""
        left = {(each["pk"], each["sk"]): each for each in items}
        while left:
            try:
                self.store.commit(*_sums(left.values()), *map(_counted, left.values()))
            except Conflict as conflict:
                gone = {write.key for write, _ in conflict.writes}
                left = {key: each for key, each in left.items() if key not in gone}
            except Busy:
                return 0
            else:
                break
        return len(left)

    def _uncounted(self, number: int) -> list[Item]:
        page = self.store.query(f"NC#{number}", index="register", limit=_COUNTED_AT_ONCE)
        keys = [(each["pk"], each["sk"]) for each in page.items]
        fresh = self.store.get(*keys) if keys else []
        return [each for each in fresh if each and each["told"]]

    def _waiting(self) -> Iterator[Item]:
        now = stamp(self.clock.now())
        for number in range(SHARDS):
            cursor: str | None = None
            while True:
                page = self.store.query(
                    f"CIRC#{number}", index="desk", until=f"{now}~", limit=50, cursor=cursor
                )
                keys = [(each["pk"], each["sk"]) for each in page.items]
                fresh = self.store.get(*keys) if keys else []
                yield from (each for each in fresh if each and each["stands"] == "waiting")
                cursor = page.cursor
                if cursor is None:
                    break

    def _settled(self, item: Item, case: Case | None) -> str:
        tries = int(item["tries"]) + 1
        try:
            stands = self._sent(item, case)
        except Exception as why:  # one recipient's fault must not keep the others waiting
            if not isinstance(why, OSError | Busy | Conflict):
                log.exception("message %s failed", item["pk"])
            stands = "failed" if tries > len(RETRIES) else "waiting"
        if item.get("recall") and stands in _RECALLED:
            stands = _RECALLED[stands]
        self._write_down(item, stands, tries)
        return stands

    def _sent(self, item: Item, case: Case | None) -> str:
        told = self.cases.workflow(case).circulation if case else None
        recall = told.recall if told and item.get("recall") else None
        if case is None or told is None:
            return "over"
        if case.state not in ((recall.into,) if recall else told.readable):
            return "over"
        if self.has_declined(item, case):  # since they were entered
            return "declined"
        template = recall.template if recall else told.template
        about = self.cases.get(item["of"])
        phone = self.cases.subjects.phone_of(about) if about else ""
        if not phone:
            return "failed"
        token = item["pk"].removeprefix("N#")
        text = self.cases.workflow(case).messages[template].zh
        form = self.cases.form(case)
        place = self.cases.ledger.places.get(case.item["place"])
        parameters = {
            **{name: told_answer(form, name, case.answers) for name in form.fields},
            "number": spoken(case.id),
            "service": self.service_name(case.item["plugin"], place.slug),
            "place": place.name.zh,
            "due": spoken_day(case.due) if case.due else "",
            "comment": "",
            "link": f"{self._address()}/n/{token}/",
        }
        named = {key: each for key, each in parameters.items() if f"{{{key}}}" in text}
        body = text.format_map(parameters)
        kind = "recalled" if recall else "circulated"
        self.messages.send(Message(f"{kind}-{token}", phone, template, body, named))
        return "sent"

    def _address(self) -> str:
        [known] = self.store.get(ADDRESS)
        if known is None:
            raise NoAddress
        return str(known["address"])

    def _write_down(self, item: Item, stands: str, tries: int) -> None:
        key, when = (item["pk"], item["sk"]), (Version(int(item["v"])),)
        told: dict[str, Any] = {"stands": stands, "tries": tries}
        if stands == "waiting":
            later = stamp(self.clock.now() + timedelta(seconds=RETRIES[tries - 1]))
            change = Change(key, set={**told, **_queued(later, item["pk"])}, when=when)
        else:
            more = [*item["told"], stands, *([_UNREACHED] if stands == "declined" else [])]
            told |= {"told": more, **_counting(item["pk"].removeprefix("N#"))}
            if stands == "sent":
                there = sent_name(item["case"]), item["pk"]
                told |= dict(zip(_DESK, there, strict=True))
            gone = () if stands == "sent" else _DESK
            change = Change(key, set=told, remove=gone, when=when)
        with suppress(Conflict, Busy):  # somebody else has just sent it too, or the next tick will
            self.store.commit(change)

    def recalling(self, item: Item) -> Write:
        """Return the write that puts who was sent a message back, to be told it no longer holds."""
        now = stamp(self.clock.now())
        told = {"stands": "waiting", "tries": 0, "recall": True, **_queued(now, item["pk"])}
        return Change((item["pk"], item["sk"]), set=told, when=(Version(int(item["v"])),))

    def _entry(self, case: Case, entry: int, about: Item, *, told: str) -> dict[str, Any]:
        token, now = self.token(case, about["holder"]), stamp(self.clock.now())
        pk, sk = recipient_key(token)
        waits = told == "reached"
        return {
            "pk": pk,
            "sk": sk,
            "case": case.id,
            "entry": entry,
            "of": about["id"],
            "holder": about["holder"],
            "at": now,
            "stands": "waiting" if waits else "declined",
            "tries": 0,
            "told": [told],
            **_counting(token),
            **(_queued(now, pk) if waits else {}),
        }

    def _declined(self, case: Case, holder: str) -> Key:
        return (f"NO#{case.item['county']}#{case.item['plugin']}", holder)


def note_address(store: Store, address: str) -> None:
    """Keep the address under which an officer has just used the site."""
    [stood] = store.get(ADDRESS)
    if stood is None or stood["address"] != address:
        store.commit(Put({"pk": ADDRESS[0], "sk": ADDRESS[1], "address": address}))


def new(items: Iterable[Mapping[str, Any]]) -> list[Write]:
    """Return the writes that enter recipients where none stands."""
    return [Put(each, (Absent(),)) for each in items]


def _queued(when: str, pk: str) -> dict[str, str]:
    return dict(zip(_DESK, (f"CIRC#{shard(pk, SHARDS)}", f"{when}#{pk}"), strict=True))


def _counting(token: str) -> dict[str, str]:
    return dict(zip(_REGISTER, (f"NC#{shard(token, SHARDS)}", token), strict=True))


def _sums(items: Iterable[Item]) -> Iterator[Change]:
    sums: dict[str, Counter[str]] = {}
    for each in items:
        sums.setdefault(each["case"], Counter()).update(each["told"])
    for case, counts in sums.items():
        counts["reached"] -= counts.pop(_UNREACHED, 0)
        yield Change(sum_key(case), add={name: n for name, n in counts.items() if n})


def _counted(item: Item) -> Change:
    """Return the write that takes what is counted off a recipient, where it stands as read."""
    when = (Version(int(item["v"])),)
    return Change((item["pk"], item["sk"]), set={"told": []}, remove=_REGISTER, when=when)
