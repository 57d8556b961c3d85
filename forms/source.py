"""A definition's data, with the line of every node.

How YAML is read stands in `forms.yaml_reader`, which is imported when a text has to be parsed and
not before: where a deployment has read everything already, no parser is loaded.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.problems import Flaw, Path, Position

_readings: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Source:
    """A definition's data with the position of each node, looked up by its path."""

    file: str
    data: Any
    _marks: dict[Path, tuple[int, int]] = field(default_factory=dict, repr=False)

    def at(self, *path: str | int) -> Position:
        """Return where `path` stands, or the nearest parent that was written down."""
        for end in range(len(path), -1, -1):
            mark = self._marks.get(path[:end])
            if mark:
                return Position(self.file, *mark)
        return Position(self.file)

    def flaw(self, message: str, *path: str | int, meant: str = "") -> Flaw:
        """Make a flaw of the node at `path`."""
        return Flaw(self.at(*path), message, meant)


def read_yaml(text: str | bytes, file: str) -> Source:
    """Read one YAML document; raise DefinitionError with the first thing wrong.

    A text that was read before, here or where the deployment was made, is not parsed again, and
    its nodes have no lines.
    """
    known = _readings.get(mark_of(text)) if _readings else None
    if known is not None:
        return Source(file, known)
    from forms.yaml_reader import parse  # noqa: PLC0415 — 20 ms that a cold start can do without

    return Source(file, *parse(text, file))


def mark_of(text: str | bytes) -> str:
    """Return the name under which the reading of a text is remembered."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def remember_readings(readings: Mapping[str, Any]) -> None:
    """Take over what was read elsewhere: data by the mark of its text."""
    _readings.update(readings)
