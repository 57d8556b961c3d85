"""Items as DynamoDB's typed attributes and back, without loss.

Scalars and sets keep DynamoDB's own types, so that conditions and counters work on them. A list or
mapping is one JSON text inside a map of the single key `$`: DynamoDB's nested form costs five times
as much to parse, and no write of the port reaches inside.
"""

from collections.abc import Callable, Mapping
from typing import Any

from infra.encoding import bounded, decoded, encoded
from infra.writes import is_set, set_kind

Attribute = dict[str, Any]
"""One typed value, such as `{"S": "text"}`."""


def typed_item(item: Mapping[str, Any]) -> dict[str, Attribute]:
    """Return the item's attributes, typed; empty sets are left out."""
    return {k: typed(value) for k, value in item.items() if not is_set(value) or value}


def plain_item(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the item that `typed_item` was given."""
    return {name: _plain(value) for name, value in attributes.items()}


def typed(value: Any) -> Attribute:
    """Return one typed value; raise TypeError or ValueError for what the port does not keep."""
    if value is None:
        return {"NULL": True}
    for kinds, to_typed in _TYPED:
        if isinstance(value, kinds):
            return to_typed(value)
    raise TypeError(f"the store does not keep {type(value).__name__}: {value!r}")


def _typed_set(values: set[Any] | frozenset[Any]) -> Attribute:
    if not values:
        raise ValueError("an empty set is no value")
    if set_kind(values) is str:
        return {"SS": sorted(values)}
    return {"NS": [str(bounded(value)) for value in sorted(values)]}


def _plain(attribute: Mapping[str, Any]) -> Any:
    ((kind, content),) = attribute.items()
    return _PLAIN[kind](content)


def _same(content: Any) -> Any:
    return content


_TYPED: tuple[tuple[Any, Callable[[Any], Attribute]], ...] = (
    (str, lambda value: {"S": value}),
    (bool, lambda value: {"BOOL": value}),
    (int, lambda value: {"N": str(bounded(value))}),
    (bytes | bytearray, lambda value: {"B": bytes(value)}),
    (set | frozenset, _typed_set),
    (list | tuple | Mapping, lambda value: {"M": {"$": {"S": encoded(value)}}}),
)
"""In the order asked: every bool is an int too."""
_PLAIN: dict[str, Callable[[Any], Any]] = {
    "S": _same,
    "BOOL": _same,
    "N": int,
    "NULL": lambda _: None,
    "B": bytes,
    "SS": frozenset,
    "NS": lambda content: frozenset(map(int, content)),
    "M": lambda content: decoded(content["$"]["S"]),
}
