"""Looks: who was shown personal answers in full, written down where nobody takes it out again."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.case_items import TIMER_SHARDS, shard
from core.moments import stamp
from core.people import Person
from core.store import Absent, Put


def look_at(county: str, person: Person, what: str, about: Mapping[str, Any], now: datetime) -> Put:
    """Return the record that `person` looked at `what`, told `about` which case or cases."""
    number = shard(person.id, TIMER_SHARDS)
    item = {
        "pk": f"A#{county}#{now:%Y%m%d%H}#{number}",
        "sk": f"{stamp(now)}#{secrets.token_hex(6)}",
        "look": what,
        **about,
        "by": person.id,
    }
    return Put(item, (Absent(),))
