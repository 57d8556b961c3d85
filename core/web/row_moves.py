"""Rows of a group added, taken away and put in order by buttons: add:members, up:members.2."""

import re
from collections.abc import Iterable
from typing import Any

from forms.fields import Field

_ACTION = re.compile(r"(add|remove|up|down):([a-z][a-z0-9_]*)(?:\.([0-9]{1,6}))?")


def is_row_move(action: str) -> bool:
    """Tell whether a button asks for a change of rows."""
    return _ACTION.fullmatch(action) is not None


def move_row(fields: Iterable[Field], answers: dict[str, Any], action: str) -> bool:
    """Do what a row's button asks for; True where it was one.

    Rows count from 0 as they stand on the page.
    """
    found = _ACTION.fullmatch(action)
    spec = next((one for one in fields if found and one.name == found[2]), None)
    if found is None or spec is None or spec.rows is None:
        return False
    rows = list(answers.get(spec.name) or [])
    verb, at = found[1], int(found[3] or 0)
    if verb == "add" and len(rows) < spec.rows.most:
        rows.append({})
    elif verb != "add" and at < len(rows):
        row = rows.pop(at)
        if verb != "remove":
            rows.insert(max(0, at + (1 if verb == "down" else -1)), row)
    answers[spec.name] = rows
    return True
