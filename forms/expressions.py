"""Expressions: Python-like text, read once into a JSON tree, evaluated here and in the browser.

DESIGN §4 fixes the language. A tree is a list that begins with its operator, e.g.
`["==", ["name", "kind"], ["const", "parent"]]`; `forms.evaluate` lists the operators.
"""

import ast
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.evaluate import value_of
from forms.grammar import Reader
from forms.kinds import GrammarError, Kind
from forms.problems import DefinitionError, Flaw, Position
from forms.surroundings import Surroundings

__all__ = ["Expression", "Kind", "compile_expression"]

MAX_LENGTH = 1000
RESERVED = frozenset({"today", "row", "step"})
"""Names that no field may take."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One rule: its text, its JSON tree, the bare names it reads and the kind of its value.

    `row_names` are the names it reads behind `row.`.
    """

    text: str
    tree: list[Any]
    names: frozenset[str]
    kind: Kind = "any"
    row_names: frozenset[str] = frozenset()

    def value(self, scope: Mapping[str, Any], around: Surroundings) -> Any:
        """Return None, bool, str, Decimal, date, list or (for a file) mapping.

        `scope` maps names to answers, JSON-ready or Python values; a missing name is null.
        `scope["step"]` and `scope["row"]`, where the rule uses them, are mappings themselves.
        """
        return value_of(self.tree, scope, around)

    def holds(self, scope: Mapping[str, Any], around: Surroundings) -> bool:
        """Tell whether the value is true; null is not."""
        return self.value(scope, around) is True


def compile_expression(  # noqa: PLR0913 — what may stand in the text, by kind
    text: str,
    names: Mapping[str, Kind],
    position: Position,
    *,
    step: Mapping[str, Kind] | None = None,
    row: Mapping[str, Kind] | None = None,
    rows: Mapping[str, Mapping[str, Kind]] | None = None,
) -> Expression:
    """Read `text` against the declared `names`; raise DefinitionError at `position`.

    `step` and `row` declare what may stand behind `step.` and `row.`; None forbids the dot.
    `rows` declares the names in the rows of each group among `names`.
    """
    groups = {"step": step, "row": row}
    reader = Reader(
        " ".join(text.split("\n")).strip(),
        names,
        {name: kinds for name, kinds in groups.items() if kinds is not None},
        rows or {},
    )
    try:
        tree, kind = reader.read(_parsed(reader.text))
    except GrammarError as error:
        raise DefinitionError([Flaw(position, error.message, error.meant)]) from None
    return Expression(text, tree, frozenset(reader.used), kind, frozenset(reader.used_of_row))


def _parsed(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise GrammarError(f"an expression is at most {MAX_LENGTH} characters long")
    if not text:
        raise GrammarError("the expression is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        where = f" at its character {error.offset}" if error.offset else ""
        raise GrammarError(f"“{text[:60]}” cannot be read{where}") from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise GrammarError(f"“{text[:60]}” cannot be read") from None
