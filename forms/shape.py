"""The shape a definition must have: which keys, of which types. Forms, workflows and manifests.

A shape is a function from a node to its flaws. Small ones (`text`, `flag`, `whole`) are put
together by `record`, `listed` and `mapped`; `check_shape` runs one over a source:

    PERSON = record({"name": text(), "age": whole(0, 150), "pets": listed(text())}, ["name"])
    flaws = check_shape(source, PERSON)
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.problems import Flaw, Path, nearest
from forms.source import Source

MAX_TEXT = 20_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a definition and where it stands."""

    source: Source
    path: Path
    value: Any

    def child(self, key: str | int, value: Any) -> "Node":
        """Return the node one step below."""
        return Node(self.source, (*self.path, key), value)

    def flaw(self, message: str, meant: str = "") -> Flaw:
        """Make a flaw of this node."""
        return self.source.flaw(message, *self.path, meant=meant)


Shape = Callable[[Node], Iterator[Flaw]]


def check_shape(source: Source, shape: Shape, *path: str | int) -> list[Flaw]:
    """Return every flaw of the part of `source` at `path` (the whole, without one)."""
    value = source.data
    for step in path:
        value = value[step]
    return list(shape(Node(source, tuple(path), value)))


def record(keys: Mapping[str, Shape], required: Collection[str] = ()) -> Shape:
    """Shape a mapping with these keys and no others; a key without value counts as missing."""

    def check(node: Node) -> Iterator[Flaw]:
        if not isinstance(node.value, dict):
            yield node.flaw(f"keys are expected here ({', '.join(keys)}), not {_said(node.value)}")
            return
        for key in required:
            if node.value.get(key) is None:
                yield node.flaw(f"the key “{key}” is missing")
        for key, value in node.value.items():
            if key not in keys:
                yield node.child(key, value).flaw(
                    f"the key “{key}” is not known here", nearest(key, list(keys))
                )
            elif value is not None:
                yield from keys[key](node.child(key, value))

    return check


def listed(of: Shape, least: int = 0, most: int = 1000) -> Shape:
    """Shape a list of `least` to `most` items."""

    def check(node: Node) -> Iterator[Flaw]:
        if not isinstance(node.value, list):
            yield node.flaw(f"a list is expected here, not {_said(node.value)}")
            return
        if not least <= len(node.value) <= most:
            yield node.flaw(f"{least} to {most} items are expected here, not {len(node.value)}")
        for index, value in enumerate(node.value):
            yield from of(node.child(index, value))

    return check


def mapped(of: Shape, name: Shape | None = None) -> Shape:
    """Shape a mapping whose keys the author chooses, each shaped by `name` (an identifier)."""
    named = name or identifier()

    def check(node: Node) -> Iterator[Flaw]:
        if not isinstance(node.value, dict):
            yield node.flaw(f"names with values are expected here, not {_said(node.value)}")
            return
        for key, value in node.value.items():
            child = node.child(key, value)
            yield from named(Node(child.source, child.path, key))
            yield from of(child)

    return check


def text(least: int = 1, most: int = MAX_TEXT) -> Shape:
    """Shape a text of `least` to `most` characters."""

    def check(node: Node) -> Iterator[Flaw]:
        if not isinstance(node.value, str):
            yield node.flaw(f"a text is expected here, not {_said(node.value)}; put it in quotes")
        elif not least <= len(node.value) <= most:
            yield node.flaw(f"a text of {least} to {most} characters is expected here")

    return check


def words(most: int = MAX_TEXT) -> Shape:
    """Shape what people read: a Chinese text, or {zh: …, en: …}."""
    translated = record({"zh": text(most=most), "en": text(least=0, most=most)}, ["zh"])

    def check(node: Node) -> Iterator[Flaw]:
        return (translated if isinstance(node.value, dict) else text(most=most))(node)

    return check


def identifier() -> Shape:
    """Shape a name: a lower-case letter, then letters, digits and _ (at most 60)."""
    return pattern(_NAME, "a name of a-z, 0-9 and _ that begins with a letter")


def pattern(expression: re.Pattern[str], meaning: str) -> Shape:
    """Shape a text that the regular expression matches in full; `meaning` says it in words."""

    def check(node: Node) -> Iterator[Flaw]:
        if not isinstance(node.value, str) or not expression.fullmatch(node.value):
            yield node.flaw(f"{meaning} is expected here, not {_said(node.value)}")

    return check


def day() -> Shape:
    """Shape a date that exists, as 2026-09-01."""

    def check(node: Node) -> Iterator[Flaw]:
        if not _is_day(node.value):
            yield node.flaw(f"a date as 2026-09-01 is expected here, not {_said(node.value)}")

    return check


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


def one_of(*options: str) -> Shape:
    """Shape one of these words."""

    def check(node: Node) -> Iterator[Flaw]:
        if node.value not in options:
            meant = nearest(node.value, options) if isinstance(node.value, str) else ""
            expected = ", ".join(options)
            yield node.flaw(f"one of {expected} is expected here, not {_said(node.value)}", meant)

    return check


def flag() -> Shape:
    """Shape true or false."""

    def check(node: Node) -> Iterator[Flaw]:
        if not isinstance(node.value, bool):
            yield node.flaw(f"true or false is expected here, not {_said(node.value)}")

    return check


def whole(least: int, most: int) -> Shape:
    """Shape a whole number from `least` to `most`."""

    def check(node: Node) -> Iterator[Flaw]:
        good = isinstance(node.value, int) and not isinstance(node.value, bool)
        if not good or not least <= node.value <= most:
            expected = f"a whole number from {least} to {most}"
            yield node.flaw(f"{expected} is expected here, not {_said(node.value)}")

    return check


def either(*shapes: Shape, meaning: str) -> Shape:
    """Shape a value that at least one of `shapes` accepts; `meaning` says what is accepted."""

    def check(node: Node) -> Iterator[Flaw]:
        if all(next(shape(node), None) for shape in shapes):
            yield node.flaw(f"{meaning} is expected here, not {_said(node.value)}")

    return check


def anything() -> Shape:
    """Shape a value that another reader checks."""
    return lambda _: iter(())


def decimal_text() -> Shape:
    """Shape a number with or without decimals (YAML decimals arrive as text)."""
    return either(
        whole(-(10**28), 10**28),
        pattern(re.compile(r"-?[0-9]{1,28}(\.[0-9]{1,28})?"), "a number"),
        meaning="a number",
    )


def _said(value: Any) -> str:
    """Say in a few words what stands there, for the end of a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "keys with values" if isinstance(value, dict) else "a list"
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    shown = shown if len(shown) <= 40 else shown[:40] + "…"  # noqa: PLR2004 — one line of a terminal
    number = isinstance(value, int) and not isinstance(value, bool)
    return f"the number {shown}" if number else f"“{shown}”"
