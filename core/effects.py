"""Works off what events have still to do: at least once each, retried, then parked in sight.

An event with effects left stands in the outbox part of the desk index (`OUT#0–15` / when next).
Each effect is idempotent: a message carries an id that its channel sends once.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from string import Formatter
from typing import Any

from core.case_items import SHARDS, Case, event_key, outbox_keys
from core.cases import Cases
from core.moments import spoken_day, stamp
from core.numbers import spoken
from core.people import People, Role
from core.ports import Clock, Message, Messages
from core.store import Busy, Change, Conflict, Item, Store, Version
from core.told_answers import told_answer
from forms.definition import Form
from workflows.definition import APPLICANT

log = logging.getLogger(__name__)
RETRIES = (60, 300, 1800, 7200, 21600, 86400)
"""Seconds to wait before each further try; after the last the effect is parked."""

TWIN_TEXT = (
    "您已办过{service}（查询码{number}），无需再次登记，凭查询码可以看进展。"
    "如非本人操作，请联系县教育局。"
)


class Undeliverable(Exception):  # noqa: N818 — says why an effect is parked
    """Nobody can be told: no phone, no holder of the role, no such template."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message before it is known whom it goes to and what its parameters are."""

    id: str
    template: str
    text: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """Does what events have left to do."""

    store: Store
    cases: Cases
    people: People
    messages: Messages
    clock: Clock
    service_name: Callable[[str, str], str]
    """What the service of a plugin is called at a place, for the messages."""
    tell_plugin: Callable[[str, Item, Case], None]
    """Tells a plugin of an event; may raise anything."""
    enter_delivery: Callable[[Mapping[str, Any], Item, Case], None]
    """Writes down what a hook is to be told of an event."""
    follow: Callable[[str], object]
    """Sets right how a case is found."""
    circulate: Callable[[Item, Case], None]
    """Leaves the job of sending something to a group."""

    def work_off(self, case: Case) -> int:
        """Do what the latest event of a case has left to do; return how many effects were done.

        Where letters wait for a taking back, how the case is found follows it already.
        """
        [event] = self.store.get(event_key(case.id, case.v))
        due = event and event.get("desk_sk", "") <= f"{stamp(self.clock.now())}~"
        if event and not due and any("find" in each for each in event["todo"]):
            with suppress(Conflict, Busy):  # it is done again when the letters go
                self.follow(case.id)
        return self._work(event, case) if event and due else 0

    def work_off_due(self) -> int:
        """Do everything that is due in the outbox; return how many effects were done."""
        now, done = stamp(self.clock.now()), 0
        for number in range(SHARDS):
            cursor: str | None = None
            while True:
                page = self.store.query(
                    f"OUT#{number}", index="desk", until=f"{now}~", limit=50, cursor=cursor
                )
                for found in page.items:
                    case = self.cases.get(found["case"])
                    [event] = self.store.get((found["pk"], found["sk"]))
                    done += self._work(event, case) if event and case else 0
                cursor = page.cursor
                if cursor is None:
                    break
        return done

    def settle(self, event: Item) -> int:
        """Do what one event has left to do; return how many effects were done."""
        case = self.cases.get(event["case"])
        return self._work(event, case) if case else 0

    def _work(self, event: Item, case: Case) -> int:
        if not event["todo"] or event.get("parked"):
            return 0
        if event.get("held"):
            taken_up = self._taken_up(event)
            if taken_up is None:
                return 0
            event = taken_up
        left: list[Mapping[str, Any]] = []
        for index, effect in enumerate(event["todo"]):
            try:
                self._do(event, index, effect, case)
            except Undeliverable as why:
                left.append({"index": index, **effect, "parked": str(why)})
            except (OSError, Busy, Conflict):
                left.append({"index": index, **effect})
            except Exception:  # one event's fault must not keep the others waiting
                log.exception("effect %s of %s/%s failed", index, event["pk"], event["sk"])
                left.append({"index": index, **effect})
        self._write_down(event, left)
        return len(event["todo"]) - len(left)

    def _taken_up(self, event: Item) -> Item | None:
        """Let go what was held back, so that nobody takes the move back while it is being sent."""
        key, when = (event["pk"], event["sk"]), (Version(event["v"]),)
        try:
            self.store.commit(Change(key, remove=("held",), when=when))
        except (Conflict, Busy):
            return None
        return {**event, "held": False, "v": event["v"] + 1}

    def _do(self, event: Item, index: int, effect: Mapping[str, Any], case: Case) -> None:
        sending = f"{case.id}-{event['n']}-{effect.get('index', index)}"
        if "parked" in effect:
            raise Undeliverable(effect["parked"])
        is_letter = "template" in effect or "circulate" in effect
        if is_letter and "held" in event and case.state != event["to"]:
            return  # it waited for a taking back, and has been overtaken by another move
        if "twin" in effect:
            self.cases.note_twin(effect["twin"])
        elif "after" in effect:
            self.tell_plugin(effect["after"], event, case)
        elif "hook" in effect:
            self.enter_delivery(effect, event, case)
        elif "find" in effect:
            self.follow(case.id)
        elif "circulate" in effect:
            self.circulate(event, case)
        elif "tell" in effect:
            self._send(_Letter(sending, "twin", TWIN_TEXT), case, APPLICANT)
        else:
            template = effect["template"]
            text = self.cases.workflow(case).messages[template].zh
            comment = case.unseal(f"comment|{event['n']}", event["comment"])
            letter = _Letter(sending, template, text, comment)
            self._send(letter, case, effect["notify"])

    def _send(self, letter: _Letter, case: Case, to: str) -> None:
        form = self.cases.form(case)
        parameters = {
            **{name: told_answer(form, name, case.answers) for name in _named(letter.text, form)},
            "number": spoken(case.id),
            "service": self.service_name(case.item["plugin"], case.item["place"]),
            "place": self._place_name(case),
            "due": spoken_day(case.due) if case.due else "",
            "comment": letter.comment,
        }
        phones = self._phones(to, case)
        if not phones and to == APPLICANT and case.item.get("coded"):
            return  # left no telephone on purpose: the page of the case tells it
        if not phones:
            raise Undeliverable("no_phone")
        body = letter.text.format_map(parameters)
        for n, phone in enumerate(phones):
            name = f"{letter.id}-{n}"
            self.messages.send(Message(name, phone, letter.template, body, parameters))

    def _place_name(self, case: Case) -> str:
        return self.cases.ledger.places.get(case.item["place"]).name.zh

    def _phones(self, to: str, case: Case) -> list[str]:
        if to == APPLICANT:
            phone = self.cases.subjects.phone_of(case)
            return [phone] if phone else []
        roles = [Role(to, place) for place in reversed(case.reach)]
        if case.item["seat"] and case.item["seat"][0] == to:
            roles.append(Role(*case.item["desk"]))
        for role in roles:
            holders = self.people.holding(role)
            if holders:
                return self.people.reached(holders)
        return []

    def _write_down(self, event: Item, left: list[Mapping[str, Any]]) -> None:
        key = (event["pk"], event["sk"])
        tries = int(event.get("tries", 0)) + 1
        open_ones = [effect for effect in left if "parked" not in effect]
        if open_ones and tries > len(RETRIES):
            left = [{**effect, "parked": effect.get("parked", "too_often")} for effect in left]
            open_ones = []
        values: dict[str, Any] = {"todo": left, "tries": tries}
        if open_ones:
            values |= outbox_keys(event["case"], event["n"], self._next(tries))
            change = Change(key, set=values, when=(Version(event["v"]),))
        else:
            values["parked"] = bool(left)
            gone = ("desk_pk", "desk_sk")
            change = Change(key, set=values, remove=gone, when=(Version(event["v"]),))
        try:
            self.store.commit(change)
        except Conflict:
            return

    def _next(self, tries: int) -> str:
        return stamp(self.clock.now() + timedelta(seconds=RETRIES[tries - 1]))


def _named(text: str, form: Form) -> Iterator[str]:
    """Yield the fields of a form that a message names."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return (name for name in names if name in form.fields)
