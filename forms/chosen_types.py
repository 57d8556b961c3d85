"""Field types chosen from data of the county's own: lookups, and addresses by its regions."""

from collections.abc import Mapping
from typing import Any

from forms.fields import Field, FieldType
from forms.messages import problem
from forms.problems import Problem
from forms.surroundings import Choice, Surroundings
from forms.text_types import LINE, tidy

ELSEWHERE = "-"
"""What a page sends for an address outside the regions on its list."""


def clean_lookup(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a looked-up value, or its label where no other has it, to {value, label}.

    The label is kept as it reads today, so that an old case still does later.
    """
    wanted = raw.get("value") if isinstance(raw, Mapping) else raw
    if isinstance(wanted, str):
        wanted = tidy(wanted)
    if wanted in (None, ""):
        return None
    options = field.options(around)
    found = [one for one in options if one.value == wanted]
    found = found or [one for one in options if wanted in (one.label.zh, one.label.en)]
    if len(found) != 1:
        return problem("choice_unknown", around.language)
    return {"value": found[0].value, "label": found[0].label.zh}


def clean_address(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean {region, detail}; the region as its code or the codes of the way down to it.

    Kept as {region: [codes from the top], detail}; elsewhere, the list is empty.
    """
    if raw in (None, "", {}):
        return None
    if not isinstance(raw, Mapping) or not set(raw) <= {"region", "detail"}:
        return problem("address_region", around.language)
    detail, region = raw.get("detail"), raw.get("region")
    if not (detail is None or isinstance(detail, str)):
        return problem("not_text", around.language)
    detail = tidy(detail or "")
    if region in (None, "") and not detail:
        return None
    way = _way(region, field, around)
    return way if isinstance(way, Problem) else _detailed(way, detail, field, around)


def _way(region: Any, field: Field, around: Surroundings) -> list[str] | Problem:
    if region in (ELSEWHERE, []):
        return []
    known = {one.value: one for one in field.options(around)}
    last = region[-1] if isinstance(region, list) else region
    if not isinstance(last, str) or last not in known:
        return problem("address_region", around.language)
    if any(one.parent == last for one in known.values()):
        return problem("address_deeper", around.language)
    return region_way(last, known)


def region_way(last: str, known: Mapping[str, Choice]) -> list[str]:
    """Return the codes from the top of the tree down to `last`."""
    way = [last]
    while (parent := known[way[0]].parent) in known and parent not in way:
        way.insert(0, parent)
    return way


def _detailed(way: list[str], detail: str, field: Field, around: Surroundings) -> Any:
    if not detail and (not way or field.required):
        return problem("address_detail", around.language)
    if len(detail) > (field.max_length or LINE):
        return problem("too_long", around.language, limit=field.max_length or LINE)
    return {"region": way, "detail": detail}


TYPES = (
    FieldType(
        "lookup", "text", clean_lookup, "lookup", frozenset({"choices_from", "choices_where"})
    ),
    FieldType(
        "address",
        "address",
        clean_address,
        "address",
        frozenset({"choices_from", "max_length", "placeholder"}),
        lookup="places.regions",
    ),
)
