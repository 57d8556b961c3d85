"""The kinds of values in expressions: their names, and which fit together."""

from collections.abc import Callable
from typing import Any, Literal

from forms.moments import date_text, moment_text, time_text

Kind = Literal[
    "text",
    "number",
    "date",
    "time",
    "datetime",
    "bool",
    "list",
    "file",
    "range",
    "address",
    "rows",
    "any",
    "null",
]
"""What an expression's value can be; `any` is unknown until the answer, `null` only None."""

Tree = list[Any]
Typed = tuple[Tree, Kind]

ORDERED: frozenset[Kind] = frozenset({"number", "date", "time", "datetime"})
"""The kinds of which one can be more than another; their names carry them in the tree."""
KIND_NAMES: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "time": "a time",
    "datetime": "a date with time",
    "bool": "yes or no",
    "list": "a list",
    "file": "a file",
    "range": "a range of dates",
    "address": "an address",
    "rows": "repeated rows",
    "any": "anything",
    "null": "None",
}
WRITTEN: dict[Kind, tuple[Callable[[str], str | None], str]] = {
    "date": (date_text, "2026-09-01"),
    "time": (time_text, "20:30"),
    "datetime": (moment_text, "2026-09-01 20:30"),
}
"""How a text beside a date or time is read, and an example of one."""


class GrammarError(ValueError):
    """What the text says is outside the grammar or the declared kinds."""

    def __init__(self, message: str, meant: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.meant = meant


def dated(typed: Typed, beside: Kind) -> Typed:
    """Return text as a date or time where it stands beside one; raise GrammarError for others."""
    tree, kind = typed
    if beside not in WRITTEN or tree[0] != "const" or kind != "text":
        return typed
    read, example = WRITTEN[beside]
    found = read(tree[1])
    if found is None:
        what = KIND_NAMES[beside]
        raise GrammarError(f"“{tree[1]}” is not {what}; write it as {example}")
    return [beside, found], beside


def reference(group: str, name: str, kind: Kind) -> Typed:
    """Return the node that reads a name; it tells its kind where JSON answers do not."""
    return ([group, name, kind] if kind in ORDERED else [group, name]), kind


def joined(one: Kind, other: Kind) -> Kind | None:
    """Return the kind that both can be, None where there is none."""
    if one == other or other in ("null", "any"):
        return one
    return other if one in ("null", "any") else None


def literal_kind(tree: Tree) -> Kind:
    """Return the kind of a plain value inside a list."""
    if tree[0] == "const":
        return "bool" if isinstance(tree[1], bool) else "text"
    return "number"


def plain_text(text: str) -> str:
    """Return the text; raise GrammarError where it cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise GrammarError("half a character (a lone surrogate) cannot stand in a text") from None
    return text
