"""The shapes of what the JSON API answers, as JSON Schema."""

from collections.abc import Mapping

from core.web.problem_json import MOST_ACCEPTED
from forms.json_schema import Schema

_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_NAMES: Schema = {"type": "array", "items": _TEXT}
_MOMENT: Schema = {**_TEXT, "format": "date-time", "description": "UTC."}


def _told(**members: Schema) -> Schema:
    """Return an object that always has all of these members, and no others."""
    return {
        "type": "object",
        "properties": members,
        "required": [*members],
        "additionalProperties": False,
    }


def _many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_BOTH: Schema = {
    "type": "object",
    "properties": {"zh": _TEXT, "en": _TEXT},
    "required": ["zh"],
    "additionalProperties": False,
}
_PLACE = {"slug": _TEXT, "name": _BOTH, "kind": _TEXT}
_ANSWERS: Schema = {
    "type": "object",
    "description": (
        "By field, as the form says under which the case was accepted. After a move they are told "
        "only to a token with the scope `read`; to others this is empty, and so is `withheld`."
    ),
}
_WITHHELD: Schema = {**_NAMES, "description": "Fields that need the scope `personal`."}
_CASE = _told(
    id=_TEXT,
    service=_TEXT,
    workflow=_TEXT,
    form=_TEXT,
    place=_TEXT,
    state=_told(name=_TEXT, label=_BOTH, kind=_TEXT),
    version={"type": "integer"},
    submitted_at=_MOMENT,
    since=_MOMENT,
    due=_MAYBE,
    twin_of=_MAYBE,
    answers=_ANSWERS,
    withheld=_WITHHELD,
    moves=_many(_told(name=_TEXT, label=_BOTH)),
    code=_MAYBE,
)
_EVENT: Schema = _told(
    n={"type": "integer"},
    at=_MOMENT,
    what=_TEXT,
    **{"from": _MAYBE},
    to=_TEXT,
    role=_TEXT,
    office=_MAYBE,
    changed=_NAMES,
    comment=_MAYBE,
    step={"type": "object"},
    withheld=_WITHHELD,
)
_ERROR = _told(field=_MAYBE, level=_TEXT, code=_TEXT, message=_TEXT, basis=_MAYBE)
_ACCEPTED: Schema = {
    "accepted": {
        **_NAMES,
        "description": "The values on offer, where the answer is none of them and there are few.",
    },
    "accepted_count": {
        "type": "integer",
        "description": f"How many values are on offer, where there are more than {MOST_ACCEPTED}.",
    },
    "schema": {**_TEXT, "description": "Where the form's fields are described."},
}
_PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": _TEXT,
        "version": {"type": "integer", "description": "At which version the case stands now."},
        "errors": _many(
            {**_ERROR, "properties": {**_ERROR["properties"], **_ACCEPTED}},
        ),
    },
    "required": ["type", "title", "status", "detail", "code"],
    "additionalProperties": False,
}
SCHEMAS: Mapping[str, Schema] = {
    "Index": _told(
        **_PLACE,
        services=_many(_told(id=_TEXT, name=_BOTH, workflows=_NAMES)),
        below=_many(_told(**_PLACE)),
    ),
    "Case": _CASE,
    "CasePage": _told(items=_many(_CASE), next=_MAYBE),
    "EventPage": _told(items=_many(_EVENT), next=_MAYBE),
    "Problem": _PROBLEM,
}
