"""The group: rows of answers that repeat, such as the members of a household."""

from collections.abc import Mapping
from typing import Any

from forms.fields import Field, FieldType
from forms.messages import problem
from forms.surroundings import Surroundings

MOST_ROWS = 50
_MOST_SENT = 500
_NOTHING: tuple[Any, ...] = (None, "", [], {})


def clean_group(raw: Any, _: Field, around: Surroundings) -> Any:
    """Clean a list of rows by their shape alone; `forms.settling` reads what stands in them."""
    if raw in (None, "", []):
        return None
    rows = isinstance(raw, list) and len(raw) <= _MOST_SENT
    if not rows or not all(isinstance(one, Mapping) for one in raw):
        return problem("rows_shape", around.language)
    return raw


def is_blank(row: Mapping[str, Any]) -> bool:
    """Tell whether nothing was answered in a row: it counts for nothing and is not kept."""
    return all(_is_nothing(value) for value in row.values())


def _is_nothing(value: Any) -> bool:
    return value in _NOTHING or (isinstance(value, str) and not value.strip())


TYPES = (
    FieldType(
        "group",
        "rows",
        clean_group,
        "group",
        frozenset({"fields", "checks", "min_rows", "max_rows", "row_label"}),
    ),
)
