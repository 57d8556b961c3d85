"""The kinds of values in expressions: their names, and which fit together."""

import re
from datetime import date
from typing import Any, Literal

Kind = Literal["text", "number", "date", "bool", "list", "file", "any", "null"]
"""What an expression's value can be; `any` is unknown until the answer, `null` only None."""

Tree = list[Any]
Typed = tuple[Tree, Kind]

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
KIND_NAMES: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "bool": "yes or no",
    "list": "a list",
    "file": "a file",
    "any": "anything",
    "null": "None",
}


class GrammarError(ValueError):
    """What the text says is outside the grammar or the declared kinds."""

    def __init__(self, message: str, meant: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.meant = meant


def dated(typed: Typed, beside: Kind) -> Typed:
    """Return ISO text as a date where it stands beside one; raise GrammarError for other text."""
    tree, kind = typed
    if beside != "date" or tree[0] != "const" or kind != "text":
        return typed
    if not _ISO.fullmatch(tree[1]) or not _is_date(tree[1]):
        raise GrammarError(f"“{tree[1]}” is not a date; write it as 2026-09-01")
    return ["date", tree[1]], "date"


def reference(group: str, name: str, kind: Kind) -> Typed:
    """Return the node that reads a name; it tells its kind where JSON answers do not."""
    return ([group, name, kind] if kind in ("number", "date") else [group, name]), kind


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


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def plain_text(text: str) -> str:
    """Return the text; raise GrammarError where it cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise GrammarError("half a character (a lone surrogate) cannot stand in a text") from None
    return text
