"""How cases, events, claims and timers stand in the store (the table of DESIGN §6)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from core.moments import moment_of, stamp
from core.privacy import Vault
from core.store import Item, Key
from forms.canonical import canonical, digest
from forms.definition import Form
from workflows.case import Case as Situation

SHARDS = 16
TIMER_SHARDS = 8
COUNTING_KEYS = ("register_pk", "register_sk")
"""The index keys of an event that is still to be counted."""
_SEALED = "~"
_NEVER_DUE = "9999"


def case_key(case_id: str) -> Key:
    """Return where a case stands."""
    return (f"C#{case_id}", "H")


def event_key(case_id: str, n: int) -> Key:
    """Return where the n-th event of a case stands."""
    return (f"C#{case_id}", f"E#{n:06}")


def claim_key(scope: str, name: str, fingerprint: str) -> Key:
    """Return where the claim to one value within a scope stands."""
    return (f"U#{scope}#{name}#{fingerprint}", "-")


def shard(case_id: str, shards: int) -> int:
    """Spread cases over index partitions, evenly and always alike."""
    return int(hashlib.sha256(case_id.encode()).hexdigest()[:8], 16) % shards


@dataclass(frozen=True)
class Case:
    """A case as the core works with it; personal answers are opened when first read."""

    item: Item
    vault: Vault

    @property
    def id(self) -> str:
        """The id, which is the receipt number."""
        return str(self.item["id"])

    @property
    def v(self) -> int:
        """The version, which is the number of its latest event."""
        return int(self.item["v"])

    @property
    def state(self) -> str:
        """The workflow state it is in."""
        return str(self.item["state"])

    @property
    def due(self) -> datetime | None:
        """When this state is due, or a standing state expires."""
        return moment_of(self.item["due"]) if self.item["due"] else None

    @property
    def reach(self) -> tuple[str, ...]:
        """Every place whose officers may have to do with it."""
        return tuple(self.item["reach"])

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The answers, opened."""
        return self.opened(self.item["answers"])

    @cached_property
    def steps(self) -> dict[str, Any]:
        """What officers filled in on the way, the latest of each field, opened."""
        return self.opened(self.item["steps"])

    @property
    def situation(self) -> Situation:
        """The case as the workflow engine sees it."""
        return Situation(
            state=self.state,
            entry=int(self.item["entry"]),
            since=moment_of(self.item["since"]),
            answers=self.answers,
            steps=self.steps,
            due=self.due,
            votes={
                name: tuple(frozenset({vote["by"], vote["for"]} - {""}) for vote in given)
                for name, given in self.item["votes"].items()
            },
        )

    def opened(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Open a mapping of values that was sealed for this case."""
        return {
            name: json.loads(self.unseal(name, value[_SEALED]))
            if isinstance(value, Mapping) and _SEALED in value
            else value
            for name, value in values.items()
        }

    def seal(self, name: str, text: str) -> str:
        """Encrypt one text of this case, such as an event's comment; "" stays ""."""
        return self.vault.seal(self.item["county"], f"{self.id}|{name}", text) if text else ""

    def unseal(self, name: str, text: str) -> str:
        """Undo `seal`."""
        return self.vault.open(self.item["county"], f"{self.id}|{name}", text) if text else ""


def sealed(case: Case, form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `data` with every personal value encrypted, bound to county, case and field."""
    return {
        name: {_SEALED: case.seal(name, canonical(value))}
        if form.fields[name].is_personal and value is not None
        else value
        for name, value in data.items()
    }


def index_keys(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the keys under which a case is found: desk while open, mine, and the register."""
    keys = {
        "register_pk": register_name(
            item["place"], item["plugin"], item["at"][:7].replace("-", "")
        ),
        "register_sk": f"{item['at']}#{item['id']}",
    }
    if item["holder"]:
        keys |= {"mine_pk": f"M#{item['holder']}", "mine_sk": f"{item['at']}#{item['id']}"}
    if item["desk"]:
        role, place = item["desk"]
        keys |= {
            "desk_pk": desk_name(place, role, item["plugin"]),
            "desk_sk": f"{item['due'] or _NEVER_DUE}#{item['id']}",
        }
    return keys


def desk_name(place: str, role: str, plugin: str) -> str:
    """Return the partition of the desk index that holds one role's queue."""
    return f"D#{place}#{role}#{plugin}"


def register_name(place: str, plugin: str, month: str) -> str:
    """Return the partition of the register that holds the cases filed in a month, as yyyymm."""
    return f"R#{place}#{plugin}#{month}"


def event_item(
    case_id: str, n: int, prev: str, what: Mapping[str, Any], wait: str = ""
) -> dict[str, Any]:
    """Return an event, chained by hash to the one before it.

    `todo` names the effects still to be done; while it is not empty the event is in the outbox.
    They are not done before `wait`, a time as it is stored: until then they can be dropped.
    """
    todo = what.get("todo", [])
    told = {key: value for key, value in what.items() if key != "todo"}
    body = {"case": case_id, "n": n, "prev": prev, **told}
    pk, sk = event_key(case_id, n)
    return {
        "pk": pk,
        "sk": sk,
        **body,
        "hash": digest(body),
        "todo": todo,
        **(outbox_keys(case_id, n, wait or what["at"]) if todo else {}),
        **({"held": True} if todo and wait else {}),
    }


def outbox_keys(case_id: str, n: int, when: str) -> dict[str, str]:
    """Return the index keys of an event whose effects are tried again at `when`."""
    return {"desk_pk": f"OUT#{shard(case_id, SHARDS)}", "desk_sk": f"{when}#{case_id}#{n:06}"}


def counting_name(number: int) -> str:
    """Return one of the partitions of the register index that hold events still to be counted."""
    return f"COUNT#{number}"


def counting_keys(case_id: str, n: int, when: str) -> dict[str, str]:
    """Return the index keys of an event that is to be counted from `when` on."""
    name = counting_name(shard(case_id, SHARDS))
    return dict(zip(COUNTING_KEYS, (name, f"{when}#{case_id}#{n:06}"), strict=True))


def timer_item(case_id: str, entry: int, name: str, at: datetime, now: datetime) -> dict[str, Any]:
    """Return a timer; one that is already due stands in the present hour, to be found."""
    hour = max(at, now)
    return {
        "pk": timer_bucket(hour, shard(case_id, TIMER_SHARDS)),
        "sk": f"{stamp(at)}#{case_id}#{entry}#{name}",
        "case": case_id,
        "entry": entry,
        "name": name,
    }


def timer_bucket(hour: datetime, number: int) -> str:
    """Return the partition of the timers that fall in an hour."""
    return f"T#{stamp(hour)[:13]}#{number}"


_OUTSIDE = frozenset(
    {"pk", "sk", "v", "hash", "todo", "desk_pk", "desk_sk", "tries", "parked", "held"}
    | {*COUNTING_KEYS, "counted", "count_tries", "uncounted"}
)
"""What of an event changes after it was written, and so is not in its hash."""


def chain_holds(events: Iterable[Item], head: str) -> bool:
    """Tell whether a case's events are complete and unaltered up to its head."""
    prev = ""
    for event in events:
        body = {key: value for key, value in event.items() if key not in _OUTSIDE}
        if body["prev"] != prev or digest(body) != event["hash"]:
            return False
        prev = event["hash"]
    return prev == head
