"""What a commit costs in DynamoDB's write capacity units (WCU).

A transaction takes 2 WCU for each started KB of each item it names, the larger of before and after;
a false condition costs the same. Each index takes 1 WCU for each started KB of an item it gains,
loses or carries changed; an item whose index keys change is lost and gained. A partition gives
1,000 WCU a second.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.store import Change, Check, Delete, Item, Key, Put, Write
from infra.aws.attributes import Attribute, typed_item
from infra.changes import changed

_KB = 1024
_INDEXES = ("desk", "mine", "register")


def capacity(writes: tuple[Write, ...], stood: Mapping[Key, Item] | None = None) -> int:
    """Return the WCU of one commit of `writes`; `stood` has the items at their keys before it."""
    before = stood or {}
    return sum(_capacity(write, before.get(write.key)) for write in writes)


def item_size(item: Item | None) -> int:
    """Return the bytes DynamoDB counts for an item: its names and values."""
    attributes = typed_item(item or {})
    return sum(len(name.encode()) + _size(value) for name, value in attributes.items())


def _capacity(write: Write, before: Item | None) -> int:
    after = _after(write, before)
    units = 2 * max(_units(before), _units(after), 1)
    if not isinstance(write, Check):
        units += sum(_index_units(index, before, after) for index in _INDEXES)
    return units


def _after(write: Write, before: Item | None) -> Item | None:
    match write:
        case Put():
            return {**write.item, "v": write.v}
        case Change():
            return changed(before, write)
        case Delete():
            return None
        case _:
            return before


def _index_units(index: str, before: Item | None, after: Item | None) -> int:
    old, new = _index_key(index, before), _index_key(index, after)
    if old == new:
        return max(_units(before), _units(after)) if new else 0
    return (_units(before) if old else 0) + (_units(after) if new else 0)


def _index_key(index: str, item: Item | None) -> tuple[Any, Any] | None:
    key = ((item or {}).get(f"{index}_pk"), (item or {}).get(f"{index}_sk"))
    return None if None in key else key


def _units(item: Item | None) -> int:
    return -(-item_size(item) // _KB)


def _size(attribute: Attribute) -> int:
    ((kind, content),) = attribute.items()
    return _SIZES[kind](content)


def _text_size(text: str) -> int:
    return len(text.encode())


def _number_size(digits: str) -> int:
    """Return the bytes of a number: about one for two significant digits, and one more."""
    significant = digits.lstrip("-").rstrip("0") or "0"
    return (len(significant) + 1) // 2 + 1 + digits.startswith("-")


def _map_size(content: Mapping[str, Attribute]) -> int:
    return 3 + sum(1 + _text_size(name) + _size(value) for name, value in content.items())


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": _text_size,
    "N": _number_size,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda content: sum(map(_text_size, content)),
    "NS": lambda content: sum(map(_number_size, content)),
    "M": _map_size,
}
