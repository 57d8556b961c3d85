"""The rules of one page as JSON for the browser, which follows them while people type."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.definition import Form
from forms.graph import all_read
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
    "compute", "condition", "here"}]}`. `order` is that of evaluation; it holds the page's ruled
    fields and what they read. `answers` holds other pages' answers that are read, of files only
    that there is one. Rules that need the county's calendar are left to the server: in the
    browser, their fields show. Whoever puts the JSON into a page escapes its `<`.
    """
    here = {name for name, page in form.page_of.items() if page == page_index}
    ruled = {
        name
        for name in here
        if (form.fields[name].show_if or form.fields[name].compute)
        and not _needs_calendar(form, name)
    }
    needed = all_read(form.graph, frozenset(ruled))
    given = answers or {}
    return {
        "today": around.today.isoformat() if around else "",
        "answers": {
            name: {"ref": "kept"} if isinstance(given[name], Mapping) else given[name]
            for name in sorted(needed - here)
            if given.get(name) is not None
        },
        "order": [_node(form, name, name in here) for name in form.order if name in needed],
    }


def _node(form: Form, name: str, here: bool) -> dict[str, Any]:  # noqa: FBT001 — one flag of the node
    if name in form.conditions:
        return {"name": name, "condition": form.conditions[name].tree}
    spec = form.fields[name]
    node: dict[str, Any] = {"name": name, "kind": spec.type.kind, "type": spec.type.name}
    node["here"] = here
    if spec.show_if:
        node["show"] = spec.show_if.tree
    if spec.compute:
        node["compute"] = spec.compute.tree
    return node


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
    yield from (rule.tree for rule in (spec.show_if, spec.compute) if rule)


def _words(tree: Any) -> Iterator[Any]:
    if isinstance(tree, list):
        for one in tree:
            yield from _words(one)
    else:
        yield tree
