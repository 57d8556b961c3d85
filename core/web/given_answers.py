"""Answers that the address of a form's first page carries: ?venue=museum&date=2026-12-02."""

from typing import Any

from flask import request

from core.web.attachments import is_stored
from forms.definition import Form
from forms.evaluation import evaluate
from forms.fields import Field
from forms.surroundings import Surroundings
from forms.wtf import bind, raw_answers


def given_answers(form: Form, around: Surroundings) -> dict[str, Any]:
    """Return the clean answers in this request's address; what would not be accepted is left out.

    Nothing personal is taken from an address, nothing computed, no rows, and nothing that somebody
    has to sign, agree to or hand in themselves.
    """
    known = {name for name, spec in form.fields.items() if _may_be_given(spec)}
    if not any(name.partition(".")[0] in known for name in request.args):
        return {}
    raw: dict[str, Any] = {}
    for index in range(len(form.pages)):
        raw |= raw_answers(bind(form, index, around, request.args))
    given = {name: raw[name] for name in known if raw.get(name) not in (None, "", [])}
    clean = evaluate(form, given, around).data
    return {name: clean[name] for name in given if name in clean}


def _may_be_given(spec: Field) -> bool:
    own = spec.is_personal or is_stored(spec) or spec.type.name == "consent"
    return not own and not spec.rows
