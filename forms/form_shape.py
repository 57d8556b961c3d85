"""The keys of a form's definition (DESIGN §4)."""

import re

from forms.shape import (
    Shape,
    anything,
    day,
    decimal_text,
    either,
    flag,
    identifier,
    listed,
    mapped,
    one_of,
    pattern,
    record,
    text,
    whole,
    words,
)

MAX_FIELDS = 300
MAX_ROW_FIELDS = 40
MOST_ROWS = 200
_expression = text(most=1000)
_bound = either(
    decimal_text(),
    one_of("today"),
    day(),
    pattern(re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}"), "a time"),
    meaning="a number, a date as 2026-09-01, a time as 20:30, or today",
)
_lookup = pattern(
    re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+"), "a lookup's name, such as places.schools"
)

PRIVACY: Shape = record(
    {
        "class": one_of("identity", "contact", "child", "sensitive"),
        "retain": pattern(re.compile(r"P[0-9]{1,4}[YMD]"), "a span such as P3Y, P6M or P30D"),
        "erase": one_of("remove", "keep"),
    },
    ["class"],
)
CHECK: Shape = record(
    {
        "expr": _expression,
        "message": words(1000),
        "code": identifier(),
        "field": identifier(),
        "level": one_of("block", "explain"),
        "basis": text(most=300),
    },
    ["expr", "message"],
)
ROW_FIELD_KEYS: dict[str, Shape] = {
    "name": identifier(),
    "type": text(most=60),
    "label": words(200),
    "hint": words(1000),
    "text": words(),
    "placeholder": words(200),
    "example": words(200),
    "required": flag(),
    "show_if": _expression,
    "compute": _expression,
    "choices": listed(
        record({"value": text(most=100), "label": words(200)}, ["value", "label"]), 1, 500
    ),
    "choices_from": _lookup,
    "privacy": PRIVACY,
    "min": _bound,
    "max": _bound,
    "min_length": whole(1, 20_000),
    "max_length": whole(1, 20_000),
    "max_choices": whole(1, 500),
    "max_files": whole(1, 50),
    "when_hidden": one_of("drop", "keep"),
    "basis": text(most=300),
    "autocomplete": text(most=60),
}
FIELD_KEYS: dict[str, Shape] = {
    **ROW_FIELD_KEYS,
    "choices_where": mapped(identifier()),
    "unique": identifier(),
    "searchable": flag(),
    "locked": flag(),
    "public": flag(),
    "readers": listed(identifier(), 1),
    "fields": listed(record(ROW_FIELD_KEYS, ["name", "type"]), 1, MAX_ROW_FIELDS),
    "checks": listed(CHECK),
    "min_rows": whole(1, MOST_ROWS),
    "max_rows": whole(1, MOST_ROWS),
    "row_label": words(60),
}
PAGE: Shape = record(
    {
        "title": words(200),
        "intro": words(4000),
        "fields": listed(record(FIELD_KEYS, ["name", "type"]), 1, MAX_FIELDS),
        "checks": listed(CHECK),
    },
    ["fields"],
)
TEST: Shape = record(
    {
        "name": text(most=200),
        "today": day(),
        "answers": mapped(anything()),
        "visible": listed(identifier()),
        "hidden": listed(identifier()),
        "computed": mapped(anything()),
        "problems": listed(text(most=130)),
    },
    ["answers"],
)
FORM: Shape = record(
    {
        "id": identifier(),
        "title": words(200),
        "intro": words(4000),
        "minutes": whole(1, 240),
        "pages": listed(PAGE, 1, 40),
        "conditions": mapped(_expression),
        "tests": listed(TEST),
    },
    ["id", "title", "pages"],
)
