"""YAML read for definitions: every node knows its line, and nothing is guessed.

Only null, true, false and numbers are resolved, so `no` and `20:30` stay text. Duplicate keys,
aliases, tags and over-long or over-deep documents are errors.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from forms.problems import DefinitionError, Flaw, Path, Position

Mark = tuple[int, int]

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, Any] = {"null": None, "true": True, "false": False, "~": None, "": None}


def parse(text: str | bytes, file: str) -> tuple[Any, dict[Path, Mark]]:
    """Read one YAML document: its data, and line and column of each node by its path.

    Raise DefinitionError with the first thing wrong.
    """
    text = _decoded(text, file) if isinstance(text, bytes) else text
    if len(text) > MAX_BYTES:
        raise DefinitionError([Flaw(Position(file), f"larger than {MAX_BYTES} characters")])
    try:
        _refuse_aliases(text, file)
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file)
        raise DefinitionError([Flaw(position, str(error.problem or error.context))]) from None
    except yaml.YAMLError as error:
        raise DefinitionError([Flaw(Position(file), str(error))]) from None
    if node is None:
        raise DefinitionError([Flaw(Position(file), "the file is empty")])
    return _Builder(file).build(node)


def _decoded(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DefinitionError([Flaw(Position(file, line), "the file is not UTF-8")]) from None


def _refuse_aliases(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DefinitionError(
                [Flaw(_position(file, event.start_mark), "anchors and aliases are not used here")]
            )
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise DefinitionError(
                [Flaw(_position(file, event.start_mark), f"nested deeper than {MAX_DEPTH}")]
            )


def _position(file: str, mark: Any) -> Position:
    return Position(file, mark.line + 1, mark.column + 1)


class _Builder:
    """Turns composed YAML nodes into plain data, noting where each stood."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[Path, Mark] = {}
        self.flaws: list[Flaw] = []

    def build(self, node: yaml.Node) -> tuple[Any, dict[Path, Mark]]:
        data = self._value(node, ())
        if self.flaws:
            raise DefinitionError(self.flaws)
        return data, self.marks

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.marks[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, (*path, index)) for index, each in enumerate(node.value)]
        return self._scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode):
                self._flaw(key_node, "a key is plain text")
                continue
            if key in seen:
                self._flaw(key_node, f"the key {key!r} stands twice")
            seen.add(key)
            value = self._value(value_node, (*path, key))
            self.marks[(*path, key)] = (
                key_node.start_mark.line + 1,
                key_node.start_mark.column + 1,
            )
            yield key, value

    def _scalar(self, node: yaml.Node) -> Any:
        text: str = node.value
        if getattr(node, "style", None) in ("'", '"', "|", ">"):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) <= 28 else self._flaw(node, "a number of over 28 digits")  # noqa: PLR2004
        return str(Decimal(text)) if _DECIMAL.fullmatch(text) else text

    def _flaw(self, node: yaml.Node, message: str) -> None:
        self.flaws.append(Flaw(_position(self.file, node.start_mark), message))
