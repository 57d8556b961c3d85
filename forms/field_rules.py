"""What must hold between the keys of one field."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.fields import FieldType
from forms.problems import Flaw
from forms.source import Path, Source

_BY_TYPE = frozenset(
    {
        "choices",
        "choices_from",
        "min",
        "max",
        "min_length",
        "max_length",
        "max_choices",
        "placeholder",
        "autocomplete",
        "text",
        "example",
    }
)
_UNASKED = ("required", "compute", "privacy", "unique", "searchable", "when_hidden")
_COMPUTABLE = ("text", "number", "date", "bool")


def field_flaws(
    source: Source, path: Path, data: Mapping[str, Any], type_: FieldType
) -> Iterator[Flaw]:
    """Yield the flaws of one field of a known type; misshapen keys are passed over."""
    for key in data:
        if key in _BY_TYPE - type_.keys:
            yield source.flaw(f"“{key}” does not go with the type {type_.name}", *path, key)
    yield from _shown(source, path, data, type_)
    yield from _computed(source, path, data, type_)
    yield from _choices(source, path, data, type_)
    yield from _bounds(source, path, data, type_)


def _shown(source: Source, path: Path, data: Mapping[str, Any], type_: FieldType) -> Iterator[Flaw]:
    wanted = "label" if type_.answerable else "text"
    if data.get(wanted) is None:
        yield source.flaw(f"the key “{wanted}” is missing", *path)
    for key in _UNASKED if not type_.answerable else ():
        if data.get(key) is not None:
            yield source.flaw(
                f"“{key}” does not go with a {type_.name}: nothing is asked", *path, key
            )


def _computed(
    source: Source, path: Path, data: Mapping[str, Any], type_: FieldType
) -> Iterator[Flaw]:
    if data.get("compute") is None or not type_.answerable:
        return
    if type_.kind not in _COMPUTABLE or type_.name == "consent":
        yield source.flaw(f"a {type_.name} is given, never computed", *path, "compute")
    if data.get("required"):
        yield source.flaw(
            "a computed field is never asked, so it cannot be required", *path, "required"
        )


def _choices(
    source: Source, path: Path, data: Mapping[str, Any], type_: FieldType
) -> Iterator[Flaw]:
    own, looked_up = data.get("choices"), data.get("choices_from")
    if "choices" in type_.keys and own is None and looked_up is None:
        yield source.flaw(f"a {type_.name} needs “choices” or “choices_from”", *path)
    if own is not None and looked_up is not None:
        yield source.flaw("give “choices” or “choices_from”, not both", *path, "choices_from")
    seen: set[str] = set()
    for at, one in enumerate(own if isinstance(own, list) else ()):
        value = one.get("value") if isinstance(one, dict) else None
        if isinstance(value, str) and value in seen:
            yield source.flaw(f"the choice “{value}” stands twice", *path, "choices", at)
        seen |= {value} if isinstance(value, str) else set()


def _bounds(
    source: Source, path: Path, data: Mapping[str, Any], type_: FieldType
) -> Iterator[Flaw]:
    for key in ("min", "max"):
        bound = data.get(key)
        if not isinstance(bound, str | int) or key not in type_.keys:
            continue
        if type_.kind == "date" and _is_number(bound):
            yield source.flaw("a date as 2026-09-01, or today, is expected here", *path, key)
        if type_.kind == "number" and not _is_number(bound):
            yield source.flaw("a number is expected here", *path, key)
    low, high = data.get("min_length"), data.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield source.flaw("“min_length” is more than “max_length”", *path, "min_length")


def _is_number(bound: str | int) -> bool:
    return isinstance(bound, int) or bound.removeprefix("-").replace(".", "", 1).isdigit()
