"""What the JSON API says of a case and of its events."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for

from core.case_items import Case
from core.places import Place
from core.readers import may_read
from core.store import Item
from core.web.answers import stored_files
from core.web.json_api.entry import may
from core.web.language import language
from core.web.visit import office, visit
from forms.definition import Form
from forms.fields import Field
from forms.text import Text
from workflows.definition import SUBMIT


def told_text(text: Text) -> dict[str, str]:
    """Return a text in both languages; English where it is written."""
    return {"zh": text.zh, **({"en": text.en} if text.en else {})}


def told_place(place: Place) -> dict[str, Any]:
    """Return a place by its slug."""
    return {"slug": place.slug, "name": told_text(place.name), "kind": place.kind}


def told_case(case: Case, code: str = "", *, answers: bool = True) -> dict[str, Any]:
    """Return a case as the token may read it, with the moves that are open to it now.

    `code` is what its receipt is followed up by, told only to whoever hands it in. Without
    `answers` nothing is told of those.
    """
    form, workflow = office().cases.form(case), office().cases.workflow(case)
    state, item = workflow.states[case.state], case.item
    shown, withheld = _read(case, [form], case.answers if answers else {}, _case_file)
    return {
        "id": case.id,
        "service": item["plugin"],
        "workflow": workflow.id,
        "form": form.id,
        "place": item["place"],
        "state": {"name": state.name, "label": told_text(state.label), "kind": state.kind},
        "version": case.v,
        "submitted_at": item["at"],
        "since": item["since"],
        "due": item["due"] or None,
        "twin_of": item["twin"] or None,
        "answers": shown,
        "withheld": withheld,
        "moves": _moves(case),
        "code": code or None,
    }


def told_event(case: Case, event: Item) -> dict[str, Any]:
    """Return one event; what was written and filled in with it only to who may read it."""
    forms = office().cases.workflow(case).forms.values()
    step, withheld = _read(case, forms, case.opened(event.get("step") or {}), _no_file)
    comment = case.unseal(f"comment|{event['n']}", event["comment"]) if may("personal") else ""
    return {
        "n": event["n"],
        "at": event["at"],
        "what": event["transition"],
        "from": event["from"] or None,
        "to": event["to"],
        "role": event["role"],
        "office": event["office"] or None,
        "changed": [*event.get("changed", ())],
        "comment": comment or None,
        "step": step,
        "withheld": withheld,
    }


def personal_names(case: Case) -> list[str]:
    """Return the personal answers of a case that `told_case` shows this token in full."""
    form = office().cases.form(case)
    names = (each.name for each in form.fields.values() if each.is_personal)
    known = (name for name in names if name in case.answers)
    person = visit().person
    return [each for each in known if may("personal") and may_read(form.fields[each], case, person)]


def _moves(case: Case) -> list[dict[str, Any]]:
    person = visit().person
    if person is None:
        return []
    around, cases = office().around(language(), visit().place, person), office().cases
    found = cases.moves(case, cases.actor(case, person), around)
    return [
        {"name": each.name, "label": told_text(each.label)} for each in found if each.name != SUBMIT
    ]


def _read(
    case: Case, forms: Iterable[Form], answers: Mapping[str, Any], says: Any
) -> tuple[dict[str, Any], list[str]]:
    """Return the answers this token may read, and the names of those its scope withholds."""
    fields: dict[str, Field] = {}
    for form in forms:
        fields |= form.fields
    known = [fields[name] for name in answers if name in fields]
    open_to = [each for each in known if may_read(each, case, visit().person)]
    shown = [each for each in open_to if may("personal") or not each.is_personal]
    told = {each.name: says(case, each, answers[each.name]) for each in shown}
    return told, [each.name for each in open_to if each not in shown]


def _case_file(case: Case, field: Field, value: Any) -> Any:
    """Return an answer; of files their name and kind, and where each is to be had."""
    if field.rows or not (field.type.kind == "file" or field.type.name == "files"):
        return value
    found = [
        {
            "name": each.name,
            "type": each.media_type,
            "href": url_for(
                "json_api.file",
                place=case.item["place"],
                plugin=case.item["plugin"],
                case_id=case.id,
                path=each.path,
            ),
        }
        for each in stored_files(field, value)
    ]
    if field.type.name == "files":
        return found
    typed = {"typed": value["typed"]} if value.get("typed") else {}
    return {**typed, **(found[0] if found else {})}


def _no_file(_case: Case, field: Field, value: Any) -> Any:
    """Return what was filled in with a move; of files the names only."""
    if field.type.kind == "file" or field.type.name == "files":
        return [each.name for each in stored_files(field, value)]
    return value
