"""What asks other programs, files or the internet for something once a file is opened.

Such are formulas (DDE, other workbooks, WEBSERVICE) and the fields of Word (DDE, INCLUDEPICTURE
from the internet). Macros and relations that lead out of a file are told by `core.xml_bounds`.
"""

import re

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_OTHER_BOOK = re.compile(r"\[[^\[\]]{1,200}\][\w.]{0,40}!?")
_ASKING = re.compile(r"\b(WEBSERVICE|IMAGE|RTD)\s*\(", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_DDE = frozenset({"DDE", "DDEAUTO"})
_INCLUDING = frozenset({"INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT"})
_AFAR = ("://", "\\\\\\\\")
"""How an address begins, or another computer's name, whose backslashes a field doubles."""


def active_formula(formula: str) -> str:
    """Return what in a formula reaches out of its workbook, "" where nothing does."""
    for quoted in _QUOTED.findall(formula):
        other = _OTHER_BOOK.search(quoted) if quoted.startswith("'") else None
        if other:  # no sheet of one's own is called so
            return other[0]
    bare = _QUOTED.sub("", formula)
    if "|" in bare:
        return "DDE"
    asking = _ASKING.search(bare)
    if asking:
        return asking[1].upper()
    others = (each[0] for each in _OTHER_BOOK.finditer(bare))
    return next((each for each in others if each.endswith("!")), "")


def active_field(code: str, within: str = "") -> str:
    """Return what in a field of Word reaches out of its document, "" where nothing does.

    `within` is what the fields say that stand in it.
    """
    found = _WORD.search(code)
    word = found[0].upper() if found else ""
    afar = word in _INCLUDING and any(each in code + within for each in _AFAR)
    return word if word in _DDE or afar else ""


class Fields:
    """Gathers the codes of a part's fields, which may stand in one another and be cut into runs."""

    def __init__(self) -> None:
        self._open: list[tuple[list[str], list[str]]] = [([], [])]

    def begin(self) -> None:
        """Begin a field."""
        self._open.append(([], []))

    def say(self, text: str) -> None:
        """Add to the code of the field that is open."""
        self._open[-1][0].append(text)

    def end(self) -> str:
        """End a field; return what in it reaches out of the document."""
        code, within = map("".join, self._open.pop())
        if not self._open:
            self._open.append(([], []))
        self._open[-1][1].append(code)
        return active_field(code, within)

    def rest(self) -> str:
        """Return what in the fields that nothing ended reaches out of the document."""
        return next(filter(None, (self.end() for _ in [*self._open])), "")
