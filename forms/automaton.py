"""Running a pattern's automaton over a text, in time linear in the text.

As JSON it is `{"empty": bool, "first": [state], "last": [state], "next": [[state]],
"sets": [[negated, [low, high]…]]}`: `next` and `sets` by state, ranges in code points.
"""

from collections.abc import Mapping
from typing import Any


def matches(automaton: Mapping[str, Any], text: str) -> bool:
    """Tell whether the whole of `text` matches; time grows with len(text), never faster."""
    if not text:
        return bool(automaton["empty"])
    sets, following = automaton["sets"], automaton["next"]
    active = set(automaton["first"])
    reached: set[int] = set()
    for character in text:
        reached = {state for state in active if _holds(sets[state], ord(character))}
        if not reached:
            return False
        active = {state for here in reached for state in following[here]}
    return not reached.isdisjoint(automaton["last"])


def _holds(charset: list[Any], code: int) -> bool:
    inside = any(low <= code <= high for low, high in charset[1:])
    return inside is not charset[0]
