"""What must hold between the keys of one field."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forms.fields import FieldType
from forms.kinds import Kind
from forms.moments import read_date, read_moment, read_time
from forms.problems import Flaw, Path
from forms.source import Source

_BY_TYPE = frozenset(
    {
        "choices",
        "choices_from",
        "choices_where",
        "min",
        "max",
        "min_length",
        "max_length",
        "max_choices",
        "placeholder",
        "autocomplete",
        "max_files",
        "text",
        "example",
        "fields",
        "checks",
        "min_rows",
        "max_rows",
        "row_label",
    }
)
_UNASKED = (
    "required",
    "compute",
    "privacy",
    "unique",
    "searchable",
    "public",
    "readers",
    "when_hidden",
)
_COMPUTABLE = ("text", "number", "date", "time", "datetime", "bool")
_GIVEN = ("consent", "lookup")


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
    yield from _rows(source, path, data, type_)


def _shown(source: Source, path: Path, data: Mapping[str, Any], type_: FieldType) -> Iterator[Flaw]:
    wanted = "label" if type_.answerable else "text"
    if data.get(wanted) is None:
        yield source.flaw(f"the key “{wanted}” is missing", *path)
    if data.get("public") and _is_personal(data):
        yield source.flaw("what is personal is never “public”", *path, "public")
    yield from _read_by(source, path, data)
    written = type_.kind == "text" and type_.name != "choice"
    if data.get("searchable") and type_.answerable and not written:
        message = f"“searchable” is of what is written, not of a {type_.name}"
        yield source.flaw(message, *path, "searchable")
    for key in _UNASKED if not type_.answerable else ():
        if data.get(key) is not None:
            yield source.flaw(
                f"“{key}” does not go with a {type_.name}: nothing is asked", *path, key
            )


def _read_by(source: Source, path: Path, data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what does not go with `readers`: they are of what is personal, and told by nothing."""
    if data.get("readers") is None:
        return
    if not _is_personal(data):
        yield source.flaw("“readers” are of what is personal: give “privacy”", *path, "readers")
    for key in ("unique", "searchable"):
        if data.get(key):
            message = f"“{key}” would tell others what only its readers may know"
            yield source.flaw(message, *path, key)


def _is_personal(data: Mapping[str, Any]) -> bool:
    within = data.get("fields")
    rows = within if isinstance(within, list) else ()
    return any(one.get("privacy") for one in (data, *rows) if isinstance(one, Mapping))


def _computed(
    source: Source, path: Path, data: Mapping[str, Any], type_: FieldType
) -> Iterator[Flaw]:
    if data.get("compute") is None or not type_.answerable:
        return
    if type_.kind not in _COMPUTABLE or type_.name in _GIVEN:
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
    if type_.name == "lookup" and looked_up is None:
        yield source.flaw("a lookup needs “choices_from”", *path)
    if data.get("choices_where") is not None and looked_up is None:
        yield source.flaw("“choices_where” narrows a lookup: give “choices_from”", *path)
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
        if not isinstance(bound, str | int) or key not in type_.keys or type_.kind not in _BOUNDS:
            continue
        wrong = _misfit(bound, type_)
        if wrong:
            yield source.flaw(wrong, *path, key)
    low, high = data.get("min_length"), data.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield source.flaw("“min_length” is more than “max_length”", *path, "min_length")


def _misfit(bound: str | int, type_: FieldType) -> str:
    """Return what is expected of a bound of this kind where it is something else."""
    fits, expected = _BOUNDS[type_.kind]
    return "" if fits(bound) else f"{expected} is expected here"


def _rows(source: Source, path: Path, data: Mapping[str, Any], type_: FieldType) -> Iterator[Flaw]:
    if type_.name == "group" and data.get("fields") is None:
        yield source.flaw("a group needs “fields”: what each of its rows asks", *path)
    low, high = data.get("min_rows"), data.get("max_rows")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield source.flaw("“min_rows” is more than “max_rows”", *path, "min_rows")


def _is_day(bound: str | int) -> bool:
    return bound == "today" or (isinstance(bound, str) and read_date(bound) is not None)


def _is_time(bound: str | int) -> bool:
    return isinstance(bound, str) and read_time(bound) is not None


def _is_moment(bound: str | int) -> bool:
    return _is_day(bound) or (isinstance(bound, str) and read_moment(bound) is not None)


def _is_number(bound: str | int) -> bool:
    return isinstance(bound, int) or bound.removeprefix("-").replace(".", "", 1).isdigit()


_BOUNDS: dict[Kind, tuple[Callable[[str | int], bool], str]] = {
    "number": (_is_number, "a number"),
    "date": (_is_day, "a date as 2026-09-01, or today,"),
    "range": (_is_day, "a date as 2026-09-01, or today,"),
    "time": (_is_time, "a time as 20:30"),
    "datetime": (_is_moment, "a date with or without time, as 2026-09-01 20:30,"),
}
