"""Fields and checks made of a definition's data, which was accepted before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from forms.checks import Check
from forms.expressions import Expression
from forms.fields import Field, FieldType, Privacy, Rows
from forms.graph import Graph, all_read, evaluation_order
from forms.row_types import MOST_ROWS
from forms.surroundings import Choice
from forms.text import Text

Read = Callable[..., Expression]
"""Compiles an expression; `row` declares the names behind `row.`."""

_TEXTS = ("label", "hint", "text", "placeholder", "example")
_PLAIN = (
    "required",
    "choices_from",
    "choices_where",
    "unique",
    "min_length",
    "max_length",
    "max_choices",
    "max_files",
    "when_hidden",
    "basis",
    "autocomplete",
    "searchable",
    "locked",
    "public",
)


def field_from(data: Mapping[str, Any], types: Mapping[str, FieldType], read: Read) -> Field:
    """Make a field; the checks of a group's rows are not `placed` yet."""
    given = {key: value for key, value in data.items() if value is not None}
    type_ = types[given["type"]]
    values: dict[str, Any] = {key: given[key] for key in _PLAIN if key in given}
    values |= {key: Text.of(given[key]) for key in _TEXTS if key in given}
    values |= {key: read(given[key]) for key in ("show_if", "compute") if key in given}
    values |= {key: str(given[key]) for key in ("min", "max") if key in given}
    if "privacy" in given:
        values["privacy"] = _privacy(given["privacy"])
    if "readers" in given:
        values["readers"] = frozenset(given["readers"])
    if "choices" in given:
        values["choices"] = tuple(
            Choice(one["value"], Text.of(one["label"])) for one in given["choices"]
        )
    if "fields" in given:
        values["rows"] = _rows(given, types, read)
    if type_.lookup:
        values.setdefault("choices_from", type_.lookup)
    values.setdefault("label", Text(""))
    return Field(name=given["name"], type=type_, **values)


def _privacy(data: Mapping[str, Any]) -> Privacy:
    return Privacy(data["class"], data.get("retain") or "", data.get("erase") or "remove")


def row_kinds(fields: Any, types: Mapping[str, FieldType]) -> dict[str, Any]:
    """Return the kind of every name that stands behind `row.` in rows of these fields."""
    typed = ((one["name"], types[one["type"]]) for one in fields)
    return {name: type_.kind for name, type_ in typed if type_.answerable}


def _rows(data: Mapping[str, Any], types: Mapping[str, FieldType], read: Read) -> Rows:
    row = row_kinds(data["fields"], types)

    def read_in_row(text: str) -> Expression:
        return read(text, row=row)

    fields = {one["name"]: field_from(one, types, read_in_row) for one in data["fields"]}
    return Rows(
        fields=fields,
        order=tuple(evaluation_order(row_graph(fields))[0]),
        checks=tuple(check_from(one, read_in_row) for one in data.get("checks") or ()),
        least=data.get("min_rows") or 0,
        most=data.get("max_rows") or MOST_ROWS,
        label=Text.of(data.get("row_label") or data["label"]),
    )


def row_graph(fields: Mapping[str, Field]) -> Graph:
    """Return what each field of a row reads of the row."""
    return {
        name: frozenset(
            read for rule in (one.show_if, one.compute) if rule for read in rule.row_names
        )
        for name, one in fields.items()
    }


def read_by_rows(field: Field) -> frozenset[str]:
    """Return the bare names that the rules within a group's rows read."""
    within = field.rows.fields.values() if field.rows else ()
    rules = (rule for one in within for rule in (one.show_if, one.compute) if rule)
    return frozenset(name for rule in rules for name in rule.names)


def check_from(data: Mapping[str, Any], read: Read) -> Check:
    """Make a check, not `placed` yet."""
    expr = read(data["expr"])
    return Check(
        expr=expr,
        message=Text.of(data["message"]),
        code=data.get("code") or "check",
        field=data.get("field"),
        level=data.get("level") or "block",
        basis=data.get("basis"),
        reads=expr.names,
        page=0,
    )


def placed(check: Check, at: int, graph: Graph, page_of: Mapping[str, int]) -> Check:
    """Return a check of page `at` with all it reads, on the page that completes it."""
    reads = all_read(graph, check.expr.names)
    page = max([at, *(page_of[name] for name in reads if name in page_of)])
    return replace(check, reads=reads, page=page)


def with_checks_placed(field: Field, graph: Graph, page_of: Mapping[str, int]) -> Field:
    """Return a field with the checks of its rows placed."""
    if field.rows is None or not field.rows.checks:
        return field
    at = page_of[field.name]
    checks = tuple(placed(one, at, graph, page_of) for one in field.rows.checks)
    return replace(field, rows=replace(field.rows, checks=checks))
