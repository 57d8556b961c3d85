"""Conditions and changes, applied to an item in memory."""

from typing import Any

from core.store import Absent, Below, Change, Condition, Item, Version
from infra.writes import is_number, is_set, set_kind


def holds(condition: Condition, item: Item | None) -> bool:
    """Tell whether the condition is true of what stands (None: nothing does)."""
    match condition:
        case Absent():
            return item is None
        case Version(v):
            return item is not None and item["v"] == v
        case Below(attr, limit):
            number = (item or {}).get(attr, 0)
            return is_number(number) and number <= limit
        case _:
            there = (item or {}).get(condition.attr, ())
            return not is_set(there) or there.isdisjoint(condition.values)


def changed(item: Item | None, change: Change) -> dict[str, Any]:
    """Return the item after the change, version included; raise TypeError where it cannot be."""
    after: dict[str, Any] = {"pk": change.key[0], "sk": change.key[1], "v": 0, **(item or {})}
    after["v"] += 1
    after.update(change.set)
    for name, value in change.add.items():
        after[name] = _sum(after[name], value) if name in after else value
    for name in change.remove:
        after.pop(name, None)
    for name, values in change.take.items():
        after[name] = _rest(after.get(name, frozenset()), values)
    return after


def _sum(before: Any, more: Any) -> Any:
    if is_number(before) and is_number(more):
        return int(before) + int(more)
    if is_set(before) and is_set(more):
        return frozenset((*before, *more))
    raise TypeError(f"cannot add {more!r} to {before!r}")


def _rest(before: Any, values: frozenset[Any]) -> Any:
    if is_set(before) and (not before or not values or set_kind(before) is set_kind(values)):
        return before - values
    raise TypeError(f"cannot take {values!r} from {before!r}")
