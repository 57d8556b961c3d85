"""The rules of one page as JSON for the browser, which follows them while people type."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.definition import Form
from forms.fields import Field, Rows
from forms.graph import all_read
from forms.problems import Problem
from forms.surroundings import Surroundings

_SERVER_ONLY = "working_days_between"


def rules_for_browser(
    form: Form,
    page_index: int,
    answers: Mapping[str, Any] | None = None,
    around: Surroundings | None = None,
) -> dict[str, Any]:
    """Return what `forms.js` needs to show and hide the fields of a page (from 0).

    `{"today": ISO date, "answers": {name: value}, "order": [{"name", "kind", "type", "show",
    "compute", "condition", "here", "row"}]}`. `order` is that of evaluation; it holds the page's
    ruled fields and what they read; `row` is a group's own order. `answers` holds other pages'
    answers that are read, clean, of files only that there is one. Rules that need the county's
    calendar are left to the server: in the browser, their fields show. Whoever puts the JSON into
    a page escapes its `<`.
    """
    here = {name for name, page in form.page_of.items() if page == page_index}
    ruled = {
        name for name in here if _is_ruled(form.fields[name]) and not _needs_calendar(form, name)
    }
    needed = all_read(form.graph, frozenset(ruled))
    told = _told_of(form, needed, answers or {}, around)
    return {
        "today": around.today.isoformat() if around else "",
        "answers": {name: told[name] for name in sorted(needed - here) if name in told},
        "order": [_node(form, name, name in here) for name in form.order if name in needed],
    }


def _node(form: Form, name: str, here: bool) -> dict[str, Any]:  # noqa: FBT001 — one flag of the node
    if name in form.conditions:
        return {"name": name, "condition": form.conditions[name].tree}
    return {**_field_node(form.fields[name]), "here": here}


def _field_node(spec: Field) -> dict[str, Any]:
    node: dict[str, Any] = {"name": spec.name, "kind": spec.type.kind, "type": spec.type.name}
    if spec.show_if:
        node["show"] = spec.show_if.tree
    if spec.compute:
        node["compute"] = spec.compute.tree
    if spec.rows:
        asked = (spec.rows.fields[name] for name in spec.rows.order)
        node["row"] = [_field_node(one) for one in asked]
    return node


def _is_ruled(spec: Field) -> bool:
    within = spec.rows.fields.values() if spec.rows else ()
    return bool(spec.show_if or spec.compute or any(map(_is_ruled, within)))


def _told_of(
    form: Form, needed: frozenset[str], answers: Mapping[str, Any], around: Surroundings | None
) -> dict[str, Any]:
    """Return the needed answers as the rules read them, each offered what those before it leave."""
    told: dict[str, Any] = {}
    for name in form.order:
        if name in needed and name in form.fields:
            spec = form.fields[name]
            one = _told(spec, answers.get(name), around and spec.narrowed(told, around))
            told |= {} if one is None else {name: one}
    return told


def _told(spec: Field, value: Any, around: Surroundings | None) -> Any:
    """Return an answer of another page as the rules read it: clean, and nothing of a file."""
    if value in (None, "", [], {}):
        return None
    if spec.type.kind == "file":
        return {"ref": "kept"}
    if spec.type.name == "files":
        return [{"ref": "kept"}] * len(value)
    if spec.rows:
        return _told_rows(spec.rows, value, around)
    clean = spec.type.clean(value, spec, around) if around else value
    if clean is None or isinstance(clean, Problem):
        return None
    return spec.type.to_json(clean) if around else clean


def _told_rows(rows: Rows, value: Any, around: Surroundings | None) -> Any:
    sent = value if isinstance(value, list) else ()
    return [
        {name: _told(one, row.get(name), around) for name, one in rows.fields.items()}
        for row in sent
        if isinstance(row, Mapping)
    ]


def _needs_calendar(form: Form, name: str) -> bool:
    return any(
        _SERVER_ONLY in _words(tree)
        for one in all_read(form.graph, frozenset({name}))
        for tree in _trees(form, one)
    )


def _trees(form: Form, name: str) -> Iterator[Any]:
    if name in form.conditions:
        yield form.conditions[name].tree
        return
    spec = form.fields[name]
    within = spec.rows.fields.values() if spec.rows else ()
    for one in (spec, *within):
        yield from (rule.tree for rule in (one.show_if, one.compute) if rule)


def _words(tree: Any) -> Iterator[Any]:
    if isinstance(tree, list):
        for one in tree:
            yield from _words(one)
    else:
        yield tree
