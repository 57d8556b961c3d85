"""How much the XML parts of a workbook or a document hold, told before anything builds it (ADR 32).

A few bytes of ZIP can be millions of elements, and an element costs openpyxl some hundred bytes and
up to forty microseconds. So each part is walked through once by expat, which is what reads it
afterwards and hence sees the same, and elements are counted by name without being kept.
"""

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal
from xml.parsers.expat import ExpatError, ParserCreate

from core.active_content import Fields, active_field, active_formula

Kind = Literal["xlsx", "docx"]
MOST_TAGS = 1_000_000
"""How many `<` all parts may have together, counted before any is walked through."""
MOST_CELLS = 200_000
"""Cells of all sheets together, and the area of what is merged, linked or remarked on in them."""
_MOST: Mapping[Kind, Mapping[str, int]] = {
    "xlsx": {
        "row": 100_000,
        "c": MOST_CELLS,
        "v": MOST_CELLS,
        "is": MOST_CELLS,
        "t": MOST_CELLS,
        "f": 50_000,
        "si": 100_000,
        "r": 20_000,
        "xf": 5_000,
        "mergeCell": 5_000,
        "hyperlink": 5_000,
    },
    "docx": {"p": 50_000, "tr": 20_000, "tc": 100_000, "r": 100_000, "t": 100_000},
}
_MOST_OTHERS: Mapping[Kind, int] = {"xlsx": 100_000, "docx": 400_000}
"""Elements of all other names together."""
_MOST_SHARED = 1_000_000
"""Characters of formulas that stand for others' cells, each time they are worked out anew."""
_DEEPEST = 250
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_MACROS = ("macroenabled", "vbaproject")
_CODES: Mapping[Kind, frozenset[str]] = {
    "xlsx": frozenset({"f", "definedName", "formula", "formula1", "formula2"}),
    "docx": frozenset({"instrText"}),
}
"""Elements that hold a formula, or part of a field's code."""


class TooMuch(Exception):  # noqa: N818 — an answer, not a fault
    """The parts hold more than may be opened."""


class Walk:
    """Goes through the parts of one file and adds up what they hold."""

    def __init__(self, kind: Kind) -> None:
        self.macros = False
        """Whether a type of content is one of macros."""
        self.linked = False
        """Whether something other than a hyperlink leads out of the file."""
        self.active = ""
        """What in a formula or a field reaches out of the file."""
        self._kind, self._codes = kind, _CODES[kind]
        self._most, self._most_others = _MOST[kind], _MOST_OTHERS[kind]
        self._counts: Counter[str] = Counter()
        self._tags = self._others = self._area = self._depth = 0
        self._shared = self._longest = 0
        self._code: list[str] | None = None
        self._fields = Fields()

    def through(self, content: bytes) -> None:
        """Count the elements of a part; raise TooMuch.

        Where it is no XML the walk ends, as whoever reads it will.
        """
        self._tags += content.count(b"<")
        if self._tags > MOST_TAGS:
            raise TooMuch
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        self._depth, self._code, self._fields = 0, None, Fields()
        with suppress(ExpatError):
            parser.Parse(content, True)
        self.active = self.active or self._fields.rest()

    def _start(self, written: str, told: dict[str, str]) -> None:
        name = written.rpartition(":")[2]
        self._depth += 1
        if name in self._most:
            self._counts[name] += 1
            over = self._counts[name] > self._most[name]
        else:
            self._others += 1
            over = self._others > self._most_others
        if over or self._depth > _DEEPEST:
            raise TooMuch
        if name in self._codes:
            self._code = []
        if name in _LOOKED_AT:
            self._look(name, told)

    def _look(self, name: str, told: Mapping[str, str]) -> None:
        if name in _OVER_CELLS:
            self._area += _area(told.get("ref", ""))
        elif name == "f":
            self._shared += told.get("t") == "shared"
        elif name in ("fldChar", "fldSimple", "ddeLink"):
            self._look_at_field(name, {key.rpartition(":")[2]: told[key] for key in told})
        elif name == "Relationship":
            link = told.get("Type", "").lower().endswith("/hyperlink")
            self.linked |= told.get("TargetMode", "").strip().lower() == "external" and not link
            self.macros |= "vbaproject" in told.get("Type", "").lower()
        else:
            kind = told.get("ContentType", "").lower()
            self.macros |= any(each in kind for each in _MACROS)
        if self._area > MOST_CELLS:
            raise TooMuch

    def _look_at_field(self, name: str, told: Mapping[str, str]) -> None:
        found, kind = "", told.get("fldCharType")
        if name == "ddeLink":
            found = "DDE"
        elif name == "fldSimple":
            found = active_field(told.get("instr", ""))
        elif kind == "begin":
            self._fields.begin()
        elif kind == "end":
            found = self._fields.end()
        self.active = self.active or found

    def _said(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)

    def _end(self, written: str) -> None:
        self._depth -= 1
        if self._code is None:
            return
        code, self._code = "".join(self._code), None
        if self._kind == "docx":
            self._fields.say(code)
            return
        self.active = self.active or active_formula(code)
        if written.rpartition(":")[2] == "f":
            self._longest = max(self._longest, len(code))
        if self._longest * self._shared > _MOST_SHARED:
            raise TooMuch


_OVER_CELLS = frozenset({"mergeCell", "hyperlink", "comment"})
"""For these openpyxl makes each cell of their `ref`."""
_LOOKED_AT = _OVER_CELLS | {"f", "fldChar", "fldSimple", "ddeLink"}
_LOOKED_AT |= {"Relationship", "Default", "Override"}


def _area(written: str) -> int:
    """Return how many cells an address means; what is none of a cell (A:A) is too many."""
    found = _AREA.fullmatch(written.strip().upper())
    if found is None:
        return MOST_CELLS + 1 if written else 0
    left, top, right, bottom = found.groups()
    across = abs(_column(right or left) - _column(left)) + 1
    return across * (abs(int(bottom or top) - int(top)) + 1)


def _column(letters: str) -> int:
    at = 0
    for each in letters:
        at = at * 26 + ord(each) - 64
    return at
