"""The OpenAPI 3.1 document of a place's JSON API, made from the definitions in force there."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from core.plugins import Plugin
from core.web.access import anyone
from core.web.json_api.entry import answered, bp, calls_an_hour
from core.web.json_api.shapes import SCHEMAS
from core.web.visit import API, office, visit
from forms.json_schema import Schema, answers_schema
from workflows.definition import APPLICANT, SUBMIT, SYSTEM, Transition, Workflow

_CASE_ID = {
    "name": "case_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9]{16}$"},
    "description": "15 random digits and a check digit (ISO/IEC 7064 MOD 11,10).",
}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 100},
}
_CURSOR = {
    "name": "cursor",
    "in": "query",
    "schema": {"type": "string"},
    "description": "`next` of the page before; it is of no other use.",
}
_REFUSALS = {
    "400": "What was sent, or asked, cannot be read.",
    "401": "There is no good token.",
    "403": "The token is not for this.",
    "404": "There is none, or the token may not know of it.",
    "409": "The case has moved on, or other content stands under this id.",
    "413": "More than 12 MB were sent.",
    "415": "What was sent is not application/json.",
    "422": "Answers are refused; `errors` says which and why.",
    "429": "Too often, or too many at once: come again after Retry-After.",
    "503": "The service's own part failed; nothing was written.",
}


@bp.get("/<place>/openapi.json")
@anyone
def document(place: str) -> Response:  # noqa: ARG001 — the visit has read it
    """Describe what a place's API takes and gives."""
    answer = answered(described(office().offers.open_at(visit().place)))
    answer.headers["Cache-Control"] = "public, max-age=60"
    answer.add_etag()
    return answer.make_conditional(request)


def described(services: list[Plugin]) -> dict[str, Any]:
    """Return the document of the place in the address."""
    here = visit().place
    paths: dict[str, Any] = {"/": {"get": _read("index", "The place and its services", "Index")}}
    schemas = dict(SCHEMAS)
    for service in services:
        paths |= _paths(service)
        schemas |= {
            _name(service, form): answers_schema(service.forms[form]) for form in _forms(service)
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{here.name.zh} · 课后",
            "version": "1",
            "description": f"A token may be used {calls_an_hour()} times an hour.",
        },
        "servers": [{"url": f"{request.script_root}{API}{here.slug}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {f"Refused{code}": _refused(said) for code, said in _REFUSALS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths(service: Plugin) -> dict[str, Any]:
    """Return the operations on the cases of a service."""
    root, name = f"/{service.id}/cases", service.manifest.name.zh
    month = {"name": "month", "in": "query", "schema": {"type": "string", "pattern": _MONTH}}
    state = {"name": "state", "in": "query", "schema": {"type": "string", "enum": _states(service)}}
    one: dict[str, Any] = {
        "parameters": [_CASE_ID],
        "get": _read(f"{service.id}_show", f"{name}: one case", "Case"),
    }
    begun = [each for each in service.begun if each.starters]
    if begun:
        one["put"] = _hand_in(service, begun)
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
    listed = _read(f"{service.id}_list", f"{name}: the cases of a month", "CasePage")
    events = _read(f"{service.id}_events", f"{name}: what happened", "EventPage")
    return {
        root: {"get": listed | {"parameters": [month, state, _LIMIT, _CURSOR]}},
        f"{root}/{{case_id}}": one,
        f"{root}/{{case_id}}/events": {
            "parameters": [_CASE_ID],
            "get": events | {"parameters": [_LIMIT, _CURSOR]},
        },
        f"{root}/{{case_id}}/files/{{path}}": {
            "parameters": [_CASE_ID, path],
            "get": _file(f"{service.id}_file", name),
        },
        **{
            f"{root}/{{case_id}}/moves/{move}": {
                "parameters": [_CASE_ID],
                "post": _move(service, move, asked),
            }
            for move, asked in _moves(service).items()
        },
    }


_MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"


def _read(name: str, summary: str, schema: str) -> dict[str, Any]:
    return _operation(name, summary, {"200": _json(_ref(schema))})


def _file(name: str, service: str) -> dict[str, Any]:
    content: dict[str, Schema] = {kind: {} for kind in _KINDS}
    found = {"200": {"description": "The file.", "content": content}}
    return _operation(name, f"{service}: a file of a case's answers", found)


_KINDS = (
    *("application/pdf", "image/jpeg", "image/png", "image/webp", "image/heic"),
    "application/octet-stream",
)


def _hand_in(service: Plugin, begun: list[Workflow]) -> dict[str, Any]:
    first = service.manifest.workflows[0]
    bodies = [
        _object(
            {
                "workflow": {"const": each.id},
                "answers": _ref(_name(service, each.form)),
                "reason": _REASON,
            },
            ["answers"] if each.id == first else ["workflow", "answers"],
        )
        for each in begun
    ]
    body = bodies[0] if len(bodies) == 1 else {"oneOf": bodies}
    found = {"200": _json(_ref("Case"), "It was taken in before."), "201": _json(_ref("Case"))}
    said = f"{service.manifest.name.zh}: hand a case in, once under this id"
    return _operation(f"{service.id}_hand_in", said, found) | _body(body)


_REASON: Schema = {
    "type": "string",
    "description": "Why all the same, where problems of level `explain` stand against it.",
}


def _move(service: Plugin, name: str, asked: list[Transition]) -> dict[str, Any]:
    """Return the operation of a move; `asked` is what it is in each state."""
    steps = list({each.form: None for each in asked if each.form})
    step: Schema = {"type": "object"}
    if len(steps) == 1:
        step = _ref(_name(service, str(steps[0])))
    needs_step = bool(steps) and all(each.form for each in asked)
    members: dict[str, Schema] = {
        "version": {"type": "integer", "description": "The `version` of the case as you saw it."},
        "comment": {"type": "string"},
        **({"step": step} if steps else {}),
        **(
            {"marks": {"type": "array", "items": {"type": "string"}}}
            if any(e.marks for e in asked)
            else {}
        ),
        **({"amend": {"type": "object"}} if any(e.amend for e in asked) else {}),
    }
    summary = f"{service.manifest.name.zh}: {asked[0].label.zh}"
    body = _object(members, ["version", "step"] if needs_step else ["version"])
    found = {"200": _json(_ref("Case"))}
    return _operation(f"{service.id}_{name}", summary, found) | _body(body)


def _moves(service: Plugin) -> Mapping[str, list[Transition]]:
    """Return the moves that people make in a service's workflows, by name."""
    found: dict[str, list[Transition]] = {}
    for workflow in service.workflows.values():
        for each in workflow.transitions:
            if each.name != SUBMIT and not {*each.by} <= {SYSTEM, APPLICANT}:
                found.setdefault(each.name, []).append(each)
    return found


def _states(service: Plugin) -> list[str]:
    names = (name for each in service.workflows.values() for name in each.states)
    return list(dict.fromkeys(names))


def _forms(service: Plugin) -> Iterator[str]:
    """Yield the forms that cases and moves of a service are filled in with, each once."""
    moves = (each.form for asked in _moves(service).values() for each in asked)
    begun = (each.form for each in service.begun)
    yield from dict.fromkeys(each for each in (*begun, *moves) if each)


def _name(service: Plugin, form: str) -> str:
    return f"{service.id}.{form}"


def _operation(name: str, summary: str, found: Mapping[str, Any]) -> dict[str, Any]:
    refused = {code: {"$ref": f"#/components/responses/Refused{code}"} for code in _REFUSALS}
    return {"operationId": name, "summary": summary, "responses": {**found, **refused}}


def _body(schema: Schema) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _json(schema: Schema, said: str = "As it stands now.") -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _refused(said: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {"description": said, "content": content}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(members: Mapping[str, Schema], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": dict(members),
        "required": required,
        "additionalProperties": False,
    }
