"""A form as the engine uses it, built from a definition's data (DESIGN §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from forms.canonical import digest
from forms.checks import Check
from forms.expressions import Expression, Kind, compile_expression
from forms.field_data import (
    check_from,
    field_from,
    placed,
    read_by_rows,
    row_kinds,
    with_checks_placed,
)
from forms.field_types import TYPES
from forms.fields import Field, FieldType
from forms.graph import Graph, evaluation_order
from forms.problems import Position
from forms.text import Text


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is filled in."""

    title: Text
    intro: Text
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form; equal to another where the definition's hash is.

    `order` is that of evaluation, over fields and conditions. `kinds` declares every name that
    an expression about this form may read, `rows` the names in each group's rows. `minutes` is
    how long filling in takes, 0 unsaid.
    """

    id: str
    title: Text
    intro: Text
    minutes: int
    pages: tuple[Page, ...]
    conditions: Mapping[str, Expression]
    tests: tuple[Mapping[str, Any], ...]
    hash: str
    fields: Mapping[str, Field]
    order: tuple[str, ...]
    kinds: Mapping[str, Kind]
    page_of: Mapping[str, int]
    graph: Graph
    data: Mapping[str, Any]
    rows: Mapping[str, Mapping[str, Kind]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


def form_from_data(data: Mapping[str, Any], types: Mapping[str, FieldType] = TYPES) -> Form:
    """Build a form from data that `load_form` has accepted before.

    Flaws are not looked for: bad data raises KeyError, or DefinitionError for an expression.
    """
    position = Position(str(data["id"]))
    kinds, rows = kinds_of(data, types), row_kinds_of(data, types)
    read = partial(compile_expression, names=kinds, position=position, rows=rows)
    made = [[field_from(one, types, read) for one in page["fields"]] for page in data["pages"]]
    conditions = {name: read(text) for name, text in (data.get("conditions") or {}).items()}
    graph = _graph({field.name: field for page in made for field in page}, conditions)
    page_of = {field.name: at for at, page in enumerate(made) for field in page}
    pages = [[with_checks_placed(one, graph, page_of) for one in page] for page in made]
    return Form(
        id=data["id"],
        title=Text.of(data["title"]),
        intro=Text.of(data.get("intro")),
        minutes=data.get("minutes") or 0,
        pages=tuple(
            Page(
                Text.of(page.get("title")),
                Text.of(page.get("intro")),
                tuple(pages[at]),
                tuple(
                    placed(check_from(one, read), at, graph, page_of)
                    for one in page.get("checks") or ()
                ),
            )
            for at, page in enumerate(data["pages"])
        ),
        conditions=conditions,
        tests=tuple(data.get("tests") or ()),
        hash=digest(data),
        fields={field.name: field for page in pages for field in page},
        order=tuple(evaluation_order(graph)[0]),
        kinds=kinds,
        page_of=page_of,
        graph=graph,
        data=data,
        rows=rows,
    )


def kinds_of(data: Mapping[str, Any], types: Mapping[str, FieldType] = TYPES) -> dict[str, Kind]:
    """Return the kind of every name that the form's expressions may read."""
    fields = [field for page in data["pages"] for field in page["fields"]]
    answered = {one["name"]: types[one["type"]] for one in fields}
    kinds: dict[str, Kind] = {
        name: type_.kind for name, type_ in answered.items() if type_.answerable
    }
    return {**kinds, **dict.fromkeys(data.get("conditions") or {}, "bool")}


def row_kinds_of(
    data: Mapping[str, Any], types: Mapping[str, FieldType] = TYPES
) -> dict[str, dict[str, Kind]]:
    """Return for each group the kind of every name that stands behind `row.` in its rows."""
    groups = [one for page in data["pages"] for one in page["fields"] if one.get("fields")]
    return {group["name"]: row_kinds(group["fields"], types) for group in groups}


def _graph(fields: Mapping[str, Field], conditions: Mapping[str, Expression]) -> Graph:
    def reads(*expressions: Expression | None) -> frozenset[str]:
        return frozenset(name for one in expressions if one for name in one.names)

    graph = {
        name: reads(field.show_if, field.compute)
        | read_by_rows(field)
        | frozenset(field.choices_where.values())
        for name, field in fields.items()
    }
    return {**graph, **{name: reads(one) for name, one in conditions.items()}}
