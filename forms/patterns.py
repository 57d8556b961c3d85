r"""Patterns for `matches`: a small regular language, run as an automaton in linear time.

Literals, `.`, `[a-z]`, `[^…]`, `\d \w \s` and their opposites (ASCII), groups, `|` and the
quantifiers `? * + {n} {n,} {n,m}`. The whole text must match; `^` at the start and `$` at the end
are read and mean nothing more. There are no look-arounds and no back-references, so that the
browser, which runs the same automaton, always agrees.

The automaton is Glushkov's: one state for each character written. `forms.automaton` runs it.
"""

from dataclasses import dataclass
from typing import Any

MAX_STATES = 200
MAX_ATOMS = 2000
MAX_STEPS = 2000
_TOO_LONG = f"it is longer than {MAX_STATES} characters when written out"
_CLASSES: dict[str, list[list[int]]] = {
    "d": [[48, 57]],
    "w": [[48, 57], [65, 90], [95, 95], [97, 122]],
    "s": [[9, 13], [32, 32], [0xA0, 0xA0], [0x3000, 0x3000]],
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_SPECIAL = frozenset("()[]{}|*+?.^$\\")


class PatternError(ValueError):
    """The pattern is outside the small language; the message says how."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the automaton: can it be empty, where it begins and where it ends."""

    empty: bool
    first: frozenset[int]
    last: frozenset[int]


_NOTHING = _Part(True, frozenset(), frozenset())


def compile_pattern(pattern: str) -> dict[str, Any]:
    """Return the automaton of `pattern` as JSON; raise PatternError."""
    return _Builder(pattern).build()


class _Builder:
    """A recursive-descent reader that grows the automaton as it goes."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern.removeprefix("^")
        if self.text.endswith("$") and not self.text.endswith("\\$"):
            self.text = self.text[:-1]
        self.at = 0
        self.atoms = 0
        self.sets: list[list[Any]] = []
        self.following: list[set[int]] = []

    def build(self) -> dict[str, Any]:
        part = self._alternatives()
        if self.at < len(self.text):
            raise PatternError(f"{self._peek()!r} closes nothing")
        if sum(len(states) for states in self.following) > MAX_STEPS:
            raise PatternError("too many ways lead through it; repeat fewer optional parts")
        return {
            "empty": part.empty,
            "first": sorted(part.first),
            "last": sorted(part.last),
            "next": [sorted(states) for states in self.following],
            "sets": self.sets,
        }

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise PatternError("it ends too early")
        self.at += 1
        return character

    def _alternatives(self) -> _Part:
        part = self._sequence()
        while self._peek() == "|":
            self.at += 1
            other = self._sequence()
            part = _Part(
                part.empty or other.empty, part.first | other.first, part.last | other.last
            )
        return part

    def _sequence(self) -> _Part:
        part = _NOTHING
        while self._peek() not in ("", "|", ")"):
            part = self._joined(part, self._repeated())
        return part

    def _joined(self, left: _Part, right: _Part) -> _Part:
        for state in left.last:
            self.following[state] |= right.first
        return _Part(
            left.empty and right.empty,
            left.first | (right.first if left.empty else frozenset()),
            right.last | (left.last if right.empty else frozenset()),
        )

    def _repeated(self) -> _Part:
        start = self.at
        part = self._atom()
        bounds = self._quantifier()
        if bounds is None:
            return part
        if self._peek() in ("*", "+", "?", "{"):
            raise PatternError("two quantifiers in a row")
        end = self.at
        least, most = bounds
        copies = max(least, most or 0, 1)
        parts = [part] + [self._again(start) for _ in range(copies - 1)]
        self.at = end
        return self._copies(parts, least, most)

    def _again(self, start: int) -> _Part:
        self.at = start
        return self._atom()

    def _copies(self, parts: list[_Part], least: int, most: int | None) -> _Part:
        if most == 0:
            return _NOTHING
        if most is None:
            tail = parts[-1]
            for state in tail.last:
                self.following[state] |= tail.first
        result = _NOTHING
        for index in range(len(parts) - 1, -1, -1):
            result = self._joined(parts[index], result)
            if index >= least:
                result = _Part(True, result.first, result.last)
        return result

    def _quantifier(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        sign = self._peek()
        if sign in simple:
            self.at += 1
            return simple[sign]
        return self._counted() if sign == "{" else None

    def _counted(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : max(end, 0)].partition(",")
        good = end > 0 and _digits(low) and (not high or _digits(high))
        if not good:
            raise PatternError("write {n}, {n,} or {n,m}")
        self.at = end + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > MAX_STATES or (most is not None and most < least):
            raise PatternError(f"a count goes from low to high, up to {MAX_STATES}")
        return least, most

    def _atom(self) -> _Part:
        self.atoms += 1
        if self.atoms > MAX_ATOMS:
            raise PatternError(_TOO_LONG)
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return self._state(self._bracket())
        if character == "\\":
            return self._state(self._escape(self._take()))
        if character == ".":
            return self._state([True, [10, 10]])
        if character in _SPECIAL:
            raise PatternError(
                f"{character!r} cannot stand here; for the character write \\{character}"
            )
        return self._state([False, [ord(character)] * 2])

    def _group(self) -> _Part:
        if self._peek() == "?":
            if not self.text.startswith("?:", self.at):
                raise PatternError("groups are ( ) or (?: ); there is no looking ahead or behind")
            self.at += 2
        part = self._alternatives()
        if self._peek() != ")":
            raise PatternError("a ( is not closed")
        self.at += 1
        return part

    def _escape(self, character: str) -> list[Any]:
        if character.lower() in _CLASSES:
            return [character.isupper(), *_CLASSES[character.lower()]]
        if character in _ESCAPES:
            return [False, [ord(_ESCAPES[character])] * 2]
        if character.isalnum():
            raise PatternError(f"\\{character} is not known; there are \\d \\w \\s \\D \\W \\S")
        return [False, [ord(character)] * 2]

    def _bracket(self) -> list[Any]:
        negated = self._peek() == "^"
        self.at += negated
        ranges: list[list[int]] = []
        while (character := self._take()) != "]" or not ranges:
            low = self._member(character)
            if isinstance(low, list):
                ranges += low
            elif self._peek() == "-" and not self.text.startswith("-]", self.at):
                self.at += 1
                ranges.append(self._range(low))
            else:
                ranges.append([low, low])
        return [negated, *ranges]

    def _range(self, low: int) -> list[int]:
        high = self._member(self._take())
        if isinstance(high, list) or high < low:
            raise PatternError("a range goes from a lower character to a higher one")
        return [low, high]

    def _member(self, character: str) -> int | list[list[int]]:
        if character != "\\":
            return ord(character)
        negated, *ranges = self._escape(self._take())
        if negated:
            raise PatternError("\\D, \\W and \\S do not stand inside [ ]")
        return ranges if len(ranges) > 1 or ranges[0][0] != ranges[0][1] else int(ranges[0][0])

    def _state(self, charset: list[Any]) -> _Part:
        if len(self.sets) >= MAX_STATES:
            raise PatternError(_TOO_LONG)
        self.sets.append(charset)
        self.following.append(set())
        here = frozenset([len(self.sets) - 1])
        return _Part(False, here, here)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3  # noqa: PLR2004 — counts to 200
