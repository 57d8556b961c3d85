"""Reading a form's definition: every flaw at once, each at its line."""

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.definition import Form, form_from_data
from forms.expressions import RESERVED, Expression, compile_expression
from forms.field_rules import field_flaws
from forms.field_types import TYPES
from forms.fields import FieldType
from forms.form_shape import FORM
from forms.graph import all_read, evaluation_order
from forms.kinds import KIND_NAMES, Kind
from forms.problems import DefinitionError, Flaw, Path, nearest
from forms.shape import check_shape
from forms.source import Source


def load_form(source: Source, types: Mapping[str, FieldType] = TYPES) -> Form:
    """Return the form that `source` defines; raise DefinitionError with all that is wrong.

    `types` are the field types known here: the engine's own and those that plugins registered.
    """
    flaws = [*check_shape(source, FORM), *_Review(source, types).flaws()]
    if flaws:
        raise DefinitionError(dict.fromkeys(flaws))
    return form_from_data(source.data, types)


def _items(value: Any) -> list[tuple[int, Any]]:
    return list(enumerate(value)) if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@dataclass
class _Review:
    """Looks for what the shape cannot see: names, kinds, cycles. Passes over misshapen parts."""

    source: Source
    types: Mapping[str, FieldType]
    kinds: dict[str, Kind] = field(default_factory=dict)
    fields: dict[str, tuple[Path, dict[str, Any]]] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)
    rows: dict[str, dict[str, Kind]] = field(default_factory=dict)
    row_fields: dict[str, dict[str, tuple[Path, dict[str, Any]]]] = field(default_factory=dict)

    def flaws(self) -> Iterator[Flaw]:
        yield from self._names()
        yield from self._conditions()
        for path, data in self.fields.values():
            yield from self._field(path, data)
            yield from self._group(path, data)
        yield from self._checks()
        yield from self._cycles()
        yield from self._told_on()
        yield from self._tests()

    def _parts(self, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        for page_at, page in _items(_mapping(self.source.data).get("pages")):
            for at, one in _items(_mapping(page).get(key)):
                if isinstance(one, dict):
                    yield ("pages", page_at, key, at), one

    def _names(self) -> Iterator[Flaw]:
        """Gather fields and conditions by name."""
        for path, data in self._parts("fields"):
            name = data.get("name")
            if isinstance(name, str):
                yield from self._named(name, (*path, "name"))
                self.fields.setdefault(name, (path, data))
                self._declare(self.kinds, name, data)
                yield from self._row_names(name, path, data)
        for name in _mapping(_mapping(self.source.data).get("conditions")):
            yield from self._named(name, ("conditions", name))
            self.kinds[name] = "bool"

    def _declare(self, kinds: dict[str, Kind], name: str, data: dict[str, Any]) -> None:
        type_ = self.types.get(str(data.get("type")))
        if type_ is None or type_.answerable:
            kinds[name] = type_.kind if type_ else "any"

    def _row_names(self, group: str, path: Path, data: dict[str, Any]) -> Iterator[Flaw]:
        """Gather the fields of a group's rows by name."""
        known = self.row_fields.setdefault(group, {})
        kinds = self.rows.setdefault(group, {})
        for at, one in _items(data.get("fields")):
            name = _mapping(one).get("name")
            if isinstance(name, str):
                if name in known:
                    yield self.source.flaw(
                        f"the name “{name}” stands twice in this group", *path, "fields", at, "name"
                    )
                known.setdefault(name, ((*path, "fields", at), one))
                self._declare(kinds, name, one)

    def _named(self, name: str, path: Path) -> Iterator[Flaw]:
        if name in self.fields or name in self.kinds:
            yield self.source.flaw(f"the name “{name}” stands twice in this form", *path)
        if name in RESERVED or keyword.iskeyword(name):
            yield self.source.flaw(f"“{name}” has a meaning in expressions; choose another", *path)

    def _conditions(self) -> Iterator[Flaw]:
        for name, text in _mapping(_mapping(self.source.data).get("conditions")).items():
            rule, flaws = self._expression(text, ("conditions", name), "bool")
            self.reads[name] = rule.names if rule else frozenset()
            yield from flaws

    def _field(self, path: Path, data: dict[str, Any], group: str = "") -> Iterator[Flaw]:
        type_ = self.types.get(str(data.get("type")))
        if type_ is None:
            meant = nearest(str(data.get("type")), list(self.types))
            if isinstance(data.get("type"), str):
                message = f"there is no field type “{data['type']}”"
                yield self.source.flaw(message, *path, "type", meant=meant)
        else:
            yield from field_flaws(self.source, path, data, type_)
        kinds: dict[str, Kind] = {"show_if": "bool", "compute": type_.kind if type_ else "any"}
        rules = []
        for key, kind in kinds.items():
            rule, flaws = self._expression(data.get(key), (*path, key), kind, group)
            rules += [rule] if rule else []
            yield from flaws
        of_row = frozenset(f"{group}.{name}" for rule in rules for name in rule.row_names)
        bare = frozenset(name for rule in rules for name in rule.names)
        facts = _mapping(data.get("choices_where"))
        if facts and group:
            message = "“choices_where” does not narrow what the rows of a group offer"
            yield self.source.flaw(message, *path, "choices_where")
        for fact, name in facts.items():
            if isinstance(name, str) and name not in self.fields:
                meant = nearest(name, list(self.fields))
                message = f"there is no field “{name}”"
                yield self.source.flaw(message, *path, "choices_where", fact, meant=meant)
        bare |= frozenset(name for name in facts.values() if name in self.fields)
        self.reads[f"{group}.{data['name']}" if group else data["name"]] = bare | of_row

    def _group(self, path: Path, data: dict[str, Any]) -> Iterator[Flaw]:
        """Look at the fields and checks of a group's rows; the group reads what they read."""
        group = data["name"]
        inner = self.row_fields.get(group, {})
        for name, (at, one) in inner.items():
            if self.types.get(str(one.get("type"))) is self.types.get("group"):
                yield self.source.flaw("a group stands in no other group", *at, "type")
            yield from self._field(at, one, group)
            self.reads[group] |= {f"{group}.{name}"}
        for index, check in _items(data.get("checks")):
            if isinstance(check, dict):
                at = (*path, "checks", index)
                yield from self._expression(check.get("expr"), (*at, "expr"), "bool", group)[1]
                if isinstance(check.get("field"), str) and check["field"] not in inner:
                    meant = nearest(check["field"], list(inner))
                    message = f"the rows have no field “{check['field']}”"
                    yield self.source.flaw(message, *at, "field", meant=meant)

    def _expression(
        self, text: Any, path: Path, kind: Kind, group: str = ""
    ) -> tuple[Expression | None, list[Flaw]]:
        """Compile one expression, which must give `kind`; in a group's rows, `row.` is known."""
        if not isinstance(text, str):
            return None, []
        row = self.rows.get(group) if group else None
        try:
            rule = compile_expression(
                text, self.kinds, self.source.at(*path), row=row, rows=self.rows
            )
        except DefinitionError as error:
            return None, list(error.flaws)
        flaws = list(self._unknown_choices(rule.tree, path, group))
        if rule.kind not in (kind, "any", "null") and kind != "any":
            flaws.append(
                self.source.flaw(
                    f"this gives {KIND_NAMES[rule.kind]} where {KIND_NAMES[kind]} is needed", *path
                )
            )
        return rule, flaws

    def _unknown_choices(self, tree: Any, path: Path, group: str) -> Iterator[Flaw]:
        """Find texts that a choice is compared with and that are not among its choices."""
        if not isinstance(tree, list) or not tree or tree[0] in ("const", "matches"):
            return
        if tree[0] == "rows":
            group = tree[2][1]
        if tree[0] in ("==", "!=", "in", "not in"):
            left, right = tree[1], tree[2]
            for name, other in ((left, right), (right, left)):
                if name[0] in ("name", "row"):
                    fields = self.fields if name[0] == "name" else self.row_fields.get(group, {})
                    yield from self._not_among(name[1], fields, other, path)
        for one in tree[1:]:
            yield from self._unknown_choices(one, path, group)

    def _not_among(
        self,
        name: str,
        fields: Mapping[str, tuple[Path, dict[str, Any]]],
        other: list[Any],
        path: Path,
    ) -> Iterator[Flaw]:
        _, data = fields.get(name, ((), {}))
        known = [
            one.get("value") for _, one in _items(data.get("choices")) if isinstance(one, dict)
        ]
        texts = other[1:] if other[0] == "list" else [other]
        for one in texts if known else ():
            if one[0] == "const" and one[1] not in known:
                meant = nearest(str(one[1]), [each for each in known if isinstance(each, str)])
                message = f"“{one[1]}” is not among the choices of {name}"
                yield self.source.flaw(message, *path, meant=meant)

    def _checks(self) -> Iterator[Flaw]:
        for path, data in self._parts("checks"):
            yield from self._expression(data.get("expr"), (*path, "expr"), "bool")[1]
            if isinstance(data.get("field"), str):
                yield from self._known_field(data["field"], (*path, "field"))

    def _known_field(self, name: Any, path: Path) -> Iterator[Flaw]:
        if isinstance(name, str) and name not in self.fields:
            meant = nearest(name, list(self.fields))
            yield self.source.flaw(f"there is no field “{name}”", *path, meant=meant)

    def _told_on(self) -> Iterator[Flaw]:
        """Find what is computed from answers that only some may read, and that others could."""
        readers = {name: data.get("readers") for name, (_, data) in self.fields.items()}
        closed = {name: set(each) for name, each in readers.items() if isinstance(each, list)}
        for name, (path, data) in self.fields.items():
            for read in sorted(all_read(self.reads, frozenset({name})) & closed.keys() - {name}):
                own = closed.get(name)
                if data.get("compute") is not None and (own is None or not own <= closed[read]):
                    message = f"“{name}” would tell of “{read}” to others than its readers"
                    yield self.source.flaw(message, *path, "compute")

    def _cycles(self) -> Iterator[Flaw]:
        for cycle in evaluation_order(self.reads)[1]:
            path = self._where(cycle[0])
            yield self.source.flaw(f"these depend on each other: {' → '.join(cycle)}", *path)

    def _where(self, name: str) -> Path:
        group, _, inner = name.partition(".")
        if inner:
            return self.row_fields[group][inner][0]
        return self.fields[name][0] if name in self.fields else ("conditions", name)

    def _tests(self) -> Iterator[Flaw]:
        for at, test in _items(_mapping(self.source.data).get("tests")):
            for key in ("visible", "hidden"):
                for index, name in _items(_mapping(test).get(key)):
                    yield from self._known_field(name, ("tests", at, key, index))
            for index, name in _items(_mapping(test).get("problems")):
                if isinstance(name, str) and name != "unknown_field":
                    field_name = name.partition("/")[0].partition(".")[0]
                    yield from self._known_field(field_name, ("tests", at, "problems", index))
            for name in _mapping(_mapping(test).get("computed")):
                yield from self._known_field(name, ("tests", at, "computed", name))
