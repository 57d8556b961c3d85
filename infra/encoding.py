"""What an item holds as JSON text and back, without loss.

What JSON lacks stands as a mapping of one key: `$b` bytes (base64), `$s` a set of texts, `$n` a set
of numbers. A key of the item's own that begins with `$` gets one more.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from infra.writes import BIGGEST, is_set, set_kind

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SCALARS = frozenset({str, bool, type(None)})


def encoded(value: Any) -> str:
    """Return the value as JSON; raise TypeError or ValueError for what the port does not keep.

    Refused are floats, dates and the like, whole numbers of more than 38 digits and empty sets.
    """
    return _ENCODER.encode(_plain(value))


def decoded(text: str) -> Any:
    """Return what `encoded` was given; sets come back as frozensets, tuples as lists."""
    return json.loads(text, object_hook=_untagged if '"$' in text else None)


def bounded(value: int) -> int:
    """Return the number; raise ValueError where it has more than 38 digits."""
    if -BIGGEST <= value <= BIGGEST:
        return value
    raise ValueError("a number of more than 38 digits")


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is int:
        return bounded(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes | bytearray):
        return {"$b": base64.b64encode(value).decode()}
    if is_set(value):
        return _set(value)
    raise TypeError(f"the store does not keep {kind.__name__}: {value!r}")


def _mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    plain = {}
    for key, each in value.items():
        if type(key) is not str:
            raise TypeError(f"the keys of a mapping are texts, not {key!r}")
        plain["$" + key if key[:1] == "$" else key] = each if type(each) is str else _plain(each)
    return plain


def _set(values: frozenset[Any]) -> dict[str, Any]:
    if not values:
        raise ValueError("an empty set is no value")
    if set_kind(values) is str:
        return {"$s": sorted(values)}
    return {"$n": [bounded(value) for value in sorted(values)]}


def _untagged(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        (key, content), *_ = value.items()
        if key == "$b":
            return base64.b64decode(content)
        if key in {"$s", "$n"}:
            return frozenset(content)
    return {key[1:] if key[:1] == "$" else key: each for key, each in value.items()}
