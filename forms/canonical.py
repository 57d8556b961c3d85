"""Canonical JSON: one text for one value, so that a hash names it."""

import hashlib
import json
from typing import Any

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(value: Any) -> str:
    """Return `value` as JSON with sorted keys, no spaces and no escapes (after RFC 8785).

    Floats are refused (TypeError): decimals travel as strings.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    if type(value) is str:  # most of what there is
        return
    if isinstance(value, float):
        raise TypeError("canonical JSON has no floats; write a decimal as a string")
    if isinstance(value, dict):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_floats(each)
