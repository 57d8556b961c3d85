"""Tells hooks of events: at least once each, signed, six tries in 36 hours, then parked in sight.

A delivery stands at `HOOK#id` / `at#event`. While it waits it is in the desk index under
`HOOKS#0–3` / when next, and once it is parked under `PARKED#id`. Nothing in it is personal, and
neither a receipt number nor an answer is told.
"""

import hmac
import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from core.case_items import Case, shard
from core.moments import stamp
from core.ports import Clock, Fetch, Unreachable
from core.privacy import Vault
from core.store import Absent, Busy, Change, Conflict, Delete, Item, Put, Store, Version
from core.webhooks import Hook, Webhooks

log = logging.getLogger(__name__)
WAITS = (300, 1800, 7500, 30000, 90000)
"""Seconds to wait before each further try, 36 hours in all, each a tenth shorter or longer."""
SHOWN = 50
_SHARDS = 4
_SECONDS = 5.0
"""How long a tick begins deliveries; one that is slow may take 20 seconds beyond."""
_FOR_GOOD = ("private", "refused")
_SUCCESS = range(200, 300)
_DESK = ("desk_pk", "desk_sk")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what a receiver compares: HMAC-SHA256 over timestamp, a dot and the body, in hex."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Writes deliveries down, sends them, and keeps what came of it."""

    store: Store
    vault: Vault
    webhooks: Webhooks
    fetch: Fetch
    clock: Clock

    def enter(self, effect: Mapping[str, Any], event: Item, case: Case) -> None:
        """Write down what a hook is to be told of an event; once, however often it is asked."""
        county = case.item["county"]
        body = {
            "id": self.vault.fingerprint(county, f"hook|{case.id}|{event['n']}"),
            "event": effect["kind"],
            "case": self.vault.fingerprint(county, f"hook|{case.id}"),
            "service": case.item["plugin"],
            "place": case.item["place"],
            "transition": event["transition"],
            "from": event["from"],
            "to": event["to"],
            "at": event["at"],
        }
        item = {
            "pk": f"HOOK#{effect['hook']}",
            "sk": f"{event['at']}#{body['id']}",
            "county": county,
            "hook": effect["hook"],
            "event": body["id"],
            "at": event["at"],
            "body": json.dumps(body, separators=(",", ":")),
            "stands": "waiting",
            "said": "",
            "tries": 0,
            **self._queued(body["id"], 0),
        }
        with suppress(Conflict):
            self.store.commit(Put(item, (Absent(),)))

    def work_off_due(self) -> int:
        """Send what is due, as far as a few seconds reach; return how many arrived."""
        until, silent, done = monotonic() + _SECONDS, set[str](), 0
        for item in self._due():
            if monotonic() > until:
                break
            if item["hook"] in silent:
                continue
            stands, said = self._tried(item)
            if said == "silent":
                silent.add(item["hook"])
            done += stands == "done"
        return done

    def latest(self, hook: Hook) -> tuple[Item, ...]:
        """Return the latest deliveries of a hook, the newest first."""
        return self.store.query(f"HOOK#{hook.id}", limit=SHOWN, reverse=True).items

    def parked(self, hook: Hook) -> tuple[Item, ...]:
        """Return those deliveries of a hook that were given up, the oldest first."""
        return self.store.query(f"PARKED#{hook.id}", index="desk", limit=SHOWN).items

    def resend(self, hook: Hook, sk: str) -> None:
        """Send a delivery again, from the first try on; one that does not exist is nothing."""
        [item] = self.store.get((f"HOOK#{hook.id}", sk)) if sk else [None]
        if item:
            self._tried({**item, "tries": 0})

    def test(self, hook: Hook) -> str:
        """Send a delivery that tells of nothing; return the status, or why there was none."""
        name, now = f"test-{secrets.token_hex(8)}", stamp(self.clock.now())
        return self._send(hook, name, json.dumps({"id": name, "event": "test", "at": now}))

    def forget(self, hook: Hook) -> None:
        """Delete the deliveries of a hook that was deleted."""
        while found := self.latest(hook):
            self.store.commit(*(Delete((each["pk"], each["sk"])) for each in found))

    def _due(self) -> Iterator[Item]:
        now = stamp(self.clock.now())
        for number in range(_SHARDS):
            cursor: str | None = None
            while True:
                page = self.store.query(
                    f"HOOKS#{number}", index="desk", until=f"{now}~", limit=SHOWN, cursor=cursor
                )
                keys = [(each["pk"], each["sk"]) for each in page.items]
                fresh = self.store.get(*keys) if keys else []
                yield from (each for each in fresh if each and each["stands"] == "waiting")
                cursor = page.cursor
                if cursor is None:
                    break

    def _tried(self, item: Item) -> tuple[str, str]:
        """Send one delivery and write down what came of it; return how it stands, and why."""
        try:
            hook = self.webhooks.find(item["county"], item["hook"])
            if hook is None:
                self.store.commit(Delete((item["pk"], item["sk"])))
                return "gone", ""
            stands, said = "off", ""
            if hook.on:
                said = self._send(hook, item["event"], item["body"])
                stands = _stands(said, int(item["tries"]) + 1)
            self._write_down(item, stands, said)
        except Busy:
            return "waiting", ""
        except Exception:  # one delivery's fault must not keep the others waiting
            log.exception("delivery %s of %s failed", item["sk"], item["pk"])
            return "waiting", ""
        return stands, said

    def _send(self, hook: Hook, name: str, body: str) -> str:
        timestamp = str(int(self.clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Kehou webhook",
            "Kehou-Event": name,
            "Kehou-Timestamp": timestamp,
            "Kehou-Signature": f"sha256={signature(hook.secret, timestamp, body.encode())}",
        }
        try:
            return str(self.fetch.post(hook.wish.url, body.encode(), headers))
        except Unreachable as why:
            return why.code

    def _write_down(self, item: Item, stands: str, said: str) -> None:
        tries = int(item["tries"]) + (stands != "off")
        told = {"stands": stands, "said": said, "tries": tries, "tried": stamp(self.clock.now())}
        gone: tuple[str, ...] = ()
        if stands == "waiting":
            told |= self._queued(item["event"], WAITS[tries - 1])
        elif stands == "parked":
            told |= dict(zip(_DESK, (f"PARKED#{item['hook']}", item["sk"]), strict=True))
        else:
            gone = _DESK
        key, as_read = (item["pk"], item["sk"]), (Version(int(item["v"])),)
        with suppress(Conflict):  # somebody else has just tried it as well
            self.store.commit(Change(key, set=told, remove=gone, when=as_read))

    def _queued(self, name: str, seconds: float) -> dict[str, str]:
        """Return the index keys of a delivery that is due in so many seconds, more or less."""
        wait = timedelta(seconds=seconds * secrets.SystemRandom().uniform(0.9, 1.1))
        when = f"{stamp(self.clock.now() + wait)}#{name}"
        return dict(zip(_DESK, (f"HOOKS#{shard(name, _SHARDS)}", when), strict=True))


def _stands(said: str, tries: int) -> str:
    """Return how a delivery stands after so many tries: done, waiting, or parked."""
    if said.isdecimal() and int(said) in _SUCCESS:
        return "done"
    return "parked" if said in _FOR_GOOD or tries > len(WAITS) else "waiting"
