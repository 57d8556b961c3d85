"""A form's answers as JSON Schema (2020-12), for whoever hands a case in by machine.

The schema says what an answer has to look like; rules that rest on other answers (`show_if`, the
checks) are the form engine's, which has the last word. It accepts nothing that the engine does not
know. A file comes within the answers, its content as Base64.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from forms.attached_types import MAX_FILES, MAX_NAME, MAX_SIGNED_NAME
from forms.chosen_types import ELSEWHERE
from forms.definition import Form
from forms.fields import Field
from forms.row_types import MOST_ROWS
from forms.text_types import LINE, PARAGRAPHS

Schema = dict[str, Any]
_DAY: Schema = {"type": "string", "format": "date", "examples": ["2026-09-03"]}
_TEXT: Schema = {"type": "string"}
FILE: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": MAX_NAME},
        "content": {"type": "string", "contentEncoding": "base64"},
    },
    "required": ["name", "content"],
    "additionalProperties": False,
}
"""A file on its way in; the form engine sees it as stored."""


def answers_schema(form: Form) -> Schema:
    """Return the schema of the raw answers to a whole form."""
    return _asked(form.fields) | {"title": form.title.zh}


def field_schema(field: Field) -> Schema:
    """Return the schema of the raw answer to one field, titled by its label."""
    shape = _rows(field) if field.rows else _SHAPES.get(field.type.name, _anything)(field)
    told = {"title": field.label.zh, "description": field.hint.zh or field.text.zh}
    return {name: text for name, text in told.items() if text} | shape


def _asked(fields: Mapping[str, Field]) -> Schema:
    asked = [each for each in fields.values() if each.type.answerable and not each.compute]
    needed = [each.name for each in asked if each.required and not each.show_if]
    return {
        "type": "object",
        "properties": {each.name: field_schema(each) for each in asked},
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def _rows(field: Field) -> Schema:
    rows = field.rows
    least, most = (rows.least, rows.most) if rows else (0, MOST_ROWS)
    items = _asked(rows.fields) if rows else {}
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _anything(_: Field) -> Schema:
    """Return what is said of a type that a service's own Python reads."""
    return {}


def _text(most: int) -> Callable[[Field], Schema]:
    def shape(field: Field) -> Schema:
        least = {"minLength": field.min_length} if field.min_length else {}
        return {**_TEXT, "maxLength": field.max_length or most, **least}

    return shape


def _written(**more: Any) -> Callable[[Field], Schema]:
    return lambda _: {**_TEXT, **more}


def _number(kind: str) -> Callable[[Field], Schema]:
    def shape(field: Field) -> Schema:
        bounds = (("minimum", field.min), ("maximum", field.max))
        return {"type": kind} | {key: _plain(said) for key, said in bounds if said}

    return shape


def _plain(said: str) -> int | float:
    number = Decimal(said)
    return int(number) if number == number.to_integral_value() else float(number)


def _choice(field: Field) -> Schema:
    values = [one.value for one in field.choices]
    return {**_TEXT, "enum": values} if values else {**_TEXT, "description": _looked_up(field)}


def _choices(field: Field) -> Schema:
    most = {"maxItems": field.max_choices} if field.max_choices else {}
    return {"type": "array", "items": _choice(field), "uniqueItems": True, **most}


def _looked_up(field: Field) -> str:
    return f"One of the values that {field.choices_from} offers at this place, now."


def _lookup(field: Field) -> Schema:
    return {**_TEXT, "description": _looked_up(field)}


def _address(field: Field) -> Schema:
    region = f"The code of a region that has none beneath it, or {ELSEWHERE} for elsewhere."
    return _object(
        region={**_TEXT, "description": region},
        detail={**_TEXT, "maxLength": field.max_length or LINE},
    )


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _files(field: Field) -> Schema:
    return {"type": "array", "items": FILE, "maxItems": field.max_files or MAX_FILES}


_SHAPES: Mapping[str, Callable[[Field], Schema]] = {
    "text": _text(LINE),
    "long_text": _text(PARAGRAPHS),
    "phone": _written(description="A mainland mobile number of 11 digits.", maxLength=LINE),
    "email": _written(maxLength=254),
    "url": _written(maxLength=500),
    "cn_id": _written(description="A resident identity number of 18 characters.", maxLength=LINE),
    "uscc": _written(description="A unified social credit code of 18 characters.", maxLength=LINE),
    "integer": _number("integer"),
    "decimal": _number("number"),
    "money": _written(description="Yuan, at most two places.", examples=["12.50"], maxLength=100),
    "date": lambda _: _DAY,
    "time": _written(examples=["20:30"], maxLength=100),
    "datetime": _written(description="China time.", examples=["2026-09-03T20:30"], maxLength=100),
    "date_range": lambda _: _object(**{"from": _DAY, "to": _DAY}),
    "choice": _choice,
    "choices": _choices,
    "yes_no": lambda _: {"type": "boolean"},
    "consent": lambda _: {"type": "boolean"},
    "lookup": _lookup,
    "address": _address,
    "file": lambda _: FILE,
    "files": _files,
    "signature": lambda _: _object(
        typed={**_TEXT, "maxLength": MAX_SIGNED_NAME},
        drawn={**_TEXT, "description": "A small PNG as a data: address."},
    ),
}
