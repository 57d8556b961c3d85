"""A level's changed copy of a form it was given: only the changes are kept, and laid over anew.

A county may retitle, hint, relabel, add and withdraw choices, add fields, hide fields and order
them, but not touch a field that is `locked`. When the form it was given moves on, the changes are
laid over the newer one; where both changed the same thing, that is a conflict for a person.
"""

import copy
from collections.abc import Mapping
from typing import Any

from forms.differences import fields_by_name
from forms.form_shape import FIELD_KEYS
from forms.problems import DefinitionError
from forms.shape import Shape, check_shape, identifier, listed, mapped, record, text, whole, words
from forms.source import Source

Data = Mapping[str, Any]
_TEXTS = {"label": words(200), "hint": words(1000), "text": words(), "example": words(200)}
_CHOICE = record({"value": text(most=100), "label": words(200)}, ["value", "label"])
COPY_KEYS: dict[str, Shape] = {
    "of": identifier(),
    "title": words(200),
    "intro": words(4000),
    "texts": mapped(record(_TEXTS)),
    "choices": mapped(
        record(
            {
                "relabel": mapped(words(200), text(most=100)),
                "add": listed(_CHOICE),
                "withdraw": listed(text(most=100)),
            }
        )
    ),
    "add": listed(
        record(
            {
                "page": whole(1, 40),
                "after": identifier(),
                "field": record(FIELD_KEYS, ["name", "type", "label"]),
            },
            ["field"],
        )
    ),
    "hide": listed(identifier()),
    "order": listed(identifier()),
}
_SHAPE = record(COPY_KEYS, ["of"])
_NEVER = "False"


def load_copy(source: Source) -> Data:
    """Return the changes that `source` declares; raise DefinitionError with all that is wrong."""
    flaws = check_shape(source, _SHAPE)
    if flaws:
        raise DefinitionError(flaws)
    return dict(source.data)


def laid_over(base: Data, changes: Data) -> dict[str, Any]:
    """Return `base` with the changes laid over it; what they name and is gone is passed over."""
    data = copy.deepcopy(dict(base))
    data |= {key: changes[key] for key in ("title", "intro") if changes.get(key)}
    fields = fields_by_name(data)
    for name, texts in (changes.get("texts") or {}).items():
        _own(fields, name).update(texts)
    for name, change in (changes.get("choices") or {}).items():
        field = _own(fields, name)
        if field.get("choices"):
            field["choices"] = _choices(field["choices"], change)
    for name in changes.get("hide") or ():
        _own(fields, name).update(show_if=_NEVER)
    for addition in changes.get("add") or ():
        _added(data, addition)
    if changes.get("order"):
        for page in data["pages"]:
            page["fields"] = _ordered(page["fields"], changes["order"])
    return data


def _own(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the field to be changed, or a scrap where it is gone."""
    field: dict[str, Any] = fields.get(name, {})
    return field


def _choices(given: list[Data], change: Data) -> list[Data]:
    called, gone = change.get("relabel") or {}, set(change.get("withdraw") or ())
    kept = [
        {**one, "label": called.get(one["value"], one["label"])}
        for one in given
        if one["value"] not in gone
    ]
    known = {one["value"] for one in kept}
    return kept + [one for one in change.get("add") or () if one["value"] not in known]


def _added(data: dict[str, Any], addition: Data) -> None:
    """Put a new field after the one named, else at the end of the page named, else of the last."""
    if addition["field"]["name"] in fields_by_name(data):
        return
    pages = [page["fields"] for page in data["pages"]]
    for fields in pages:
        for at, field in enumerate(fields):
            if field["name"] == addition.get("after"):
                fields.insert(at + 1, addition["field"])
                return
    pages[min(addition.get("page") or len(pages), len(pages)) - 1].append(addition["field"])


def _ordered(fields: list[Data], order: list[str]) -> list[Data]:
    """Put the fields named into that order, on the places they hold; others stay where they are."""
    named = [field for field in fields if field["name"] in order]
    queue = iter(sorted(named, key=lambda field: order.index(field["name"])))
    return [next(queue) if field["name"] in order else field for field in fields]
