"""Answers as a table: a column for each question, a row for each who answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.tables import Cell, Column, Kind
from forms.definition import Form
from forms.fields import Field

_KINDS: Mapping[str, Kind] = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "date": "date",
}
Say = Callable[[Field, Any], str]
"""Says an answer as people read it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a column is for; `inner` is the one within the rows of a group."""

    field: Field
    inner: Field | None = None

    @property
    def column(self) -> Column:
        """Its column, under its label; numbers and dates are kept as such."""
        kind: Kind = "text" if self.inner else _KINDS.get(self.field.type.name, "text")
        return Column(self.field.label, kind)

    def cell(self, answers: Mapping[str, Any], say: Say) -> Cell:
        """Return what the column says of these answers; None for the unanswered."""
        value = answers.get(self.field.name)
        if value is None:
            return None
        if self.inner:
            said = (say(self.inner, row.get(self.inner.name)) for row in value)
            return "、".join(said)
        kind = self.column.kind
        if kind == "date":
            return date.fromisoformat(value)
        return Decimal(str(value)) if kind == "number" else say(self.field, value)


def asked_by(forms: Iterable[Form], names: Sequence[str]) -> list[Asked]:
    """Return the questions of these names, `classes.class_name` for one within a group.

    Raises KeyError for a name that no form has.
    """
    fields: dict[str, Field] = {}
    for form in forms:
        fields = {**form.fields, **fields}
    found = []
    for name in names:
        outer, _, inner = name.partition(".")
        rows = fields[outer].rows
        found.append(Asked(fields[outer], rows.fields[inner] if inner and rows else None))
    return found
