"""A form as the engine uses it, built from a definition's data (DESIGN §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from forms.canonical import digest
from forms.expressions import Expression, Kind, compile_expression
from forms.field_types import TYPES
from forms.fields import Field, FieldType, Privacy
from forms.graph import Graph, all_read, evaluation_order
from forms.problems import Level, Position
from forms.surroundings import Choice
from forms.text import Text

_TEXTS = ("label", "hint", "text", "placeholder", "example")
_PLAIN = (
    "required",
    "choices_from",
    "unique",
    "min_length",
    "max_length",
    "max_choices",
    "when_hidden",
    "basis",
    "autocomplete",
    "searchable",
    "locked",
)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over answers; where `expr` is not true, a problem with this message.

    `reads` are all the names it depends on, near and far; `page` is the first page (from 0) on
    which all of them have been asked.
    """

    expr: Expression
    message: Text
    code: str
    field: str | None
    level: Level
    basis: str | None
    reads: frozenset[str]
    page: int


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
    an expression about this form may read. `minutes` is how long filling in takes, 0 unsaid.
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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


def form_from_data(data: Mapping[str, Any], types: Mapping[str, FieldType] = TYPES) -> Form:
    """Build a form from data that `load_form` has accepted before.

    Flaws are not looked for: bad data raises KeyError, or DefinitionError for an expression.
    """
    position = Position(str(data["id"]))
    kinds = kinds_of(data, types)
    read = partial(compile_expression, names=kinds, position=position)
    pages = [[_field(one, types, read) for one in page["fields"]] for page in data["pages"]]
    fields = {field.name: field for page in pages for field in page}
    conditions = {name: read(text) for name, text in (data.get("conditions") or {}).items()}
    graph = _graph(fields, conditions)
    page_of = {field.name: at for at, page in enumerate(pages) for field in page}
    check = partial(_check, read=read, graph=graph, page_of=page_of)
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
                tuple(check(one, at) for one in page.get("checks") or ()),
            )
            for at, page in enumerate(data["pages"])
        ),
        conditions=conditions,
        tests=tuple(data.get("tests") or ()),
        hash=digest(data),
        fields=fields,
        order=tuple(evaluation_order(graph)[0]),
        kinds=kinds,
        page_of=page_of,
        graph=graph,
        data=data,
    )


def kinds_of(data: Mapping[str, Any], types: Mapping[str, FieldType] = TYPES) -> dict[str, Kind]:
    """Return the kind of every name that the form's expressions may read."""
    fields = [field for page in data["pages"] for field in page["fields"]]
    answered = {one["name"]: types[one["type"]] for one in fields}
    kinds: dict[str, Kind] = {
        name: type_.kind for name, type_ in answered.items() if type_.answerable
    }
    return {**kinds, **dict.fromkeys(data.get("conditions") or {}, "bool")}


def _field(data: Mapping[str, Any], types: Mapping[str, FieldType], read: Any) -> Field:
    given = {key: value for key, value in data.items() if value is not None}
    values: dict[str, Any] = {key: given[key] for key in _PLAIN if key in given}
    values |= {key: Text.of(given[key]) for key in _TEXTS if key in given}
    values |= {key: read(given[key]) for key in ("show_if", "compute") if key in given}
    values |= {key: str(given[key]) for key in ("min", "max") if key in given}
    if "privacy" in given:
        privacy = given["privacy"]
        values["privacy"] = Privacy(
            privacy["class"], privacy.get("retain") or "", privacy.get("erase") or "remove"
        )
    if "choices" in given:
        values["choices"] = tuple(
            Choice(one["value"], Text.of(one["label"])) for one in given["choices"]
        )
    values.setdefault("label", Text(""))
    return Field(name=given["name"], type=types[given["type"]], **values)


def _graph(fields: Mapping[str, Field], conditions: Mapping[str, Expression]) -> Graph:
    def reads(*expressions: Expression | None) -> frozenset[str]:
        return frozenset(name for one in expressions if one for name in one.names)

    graph = {name: reads(field.show_if, field.compute) for name, field in fields.items()}
    return {**graph, **{name: reads(one) for name, one in conditions.items()}}


def _check(
    data: Mapping[str, Any], at: int, *, read: Any, graph: Graph, page_of: Mapping[str, int]
) -> Check:
    expr = read(data["expr"])
    reads = all_read(graph, expr.names)
    return Check(
        expr=expr,
        message=Text.of(data["message"]),
        code=data.get("code") or "check",
        field=data.get("field"),
        level=data.get("level") or "block",
        basis=data.get("basis"),
        reads=reads,
        page=max([at, *(page_of[name] for name in reads if name in page_of)]),
    )
