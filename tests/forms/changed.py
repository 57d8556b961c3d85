"""Forms changed by chance: one edit at a time, as an author would make it."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
Edit = Callable[[Data, int], None]


def _fields(data: Data) -> list[tuple[list[Data], int]]:
    return [(page["fields"], at) for page in data["pages"] for at in range(len(page["fields"]))]


def _at(data: Data, number: int) -> Data:
    fields, at = _fields(data)[number % len(_fields(data))]
    return fields[at]


def relabel(data: Data, number: int) -> None:
    field = _at(data, number)
    field["label"] = f"{field.get('label', '')}改{number}"


def hint(data: Data, number: int) -> None:
    _at(data, number)["hint"] = f"说明{number}"


def add(data: Data, number: int) -> None:
    fields, at = _fields(data)[number % len(_fields(data))]
    new = {
        "name": f"extra_{number}",
        "type": "text",
        "label": "新问题",
        "required": number % 2 == 0,
    }
    if all(each["name"] != new["name"] for page in data["pages"] for each in page["fields"]):
        fields.insert(at, new)


def require(data: Data, number: int) -> None:
    field = _at(data, number)
    if field["type"] != "note" and "compute" not in field and not field.pop("required", False):
        field["required"] = True


def widen(data: Data, number: int) -> None:
    field = _at(data, number)
    if field["type"] == "text":
        field["type"] = "long_text"


def more_choices(data: Data, number: int) -> None:
    field = _at(data, number)
    if "choices" in field:
        field["choices"].append({"value": f"v{number}", "label": f"选项{number}"})


def relabel_choice(data: Data, number: int) -> None:
    field = _at(data, number)
    if "choices" in field:
        one = field["choices"][number % len(field["choices"])]
        one["label"] = f"{one['label']}改"


def reorder(data: Data, number: int) -> None:
    fields = data["pages"][number % len(data["pages"])]["fields"]
    fields.reverse()


def shorten(data: Data, number: int) -> None:
    field = _at(data, number)
    if field["type"] in ("text", "long_text"):
        field["max_length"] = 1 + number % 40


def another_check(data: Data, number: int) -> None:
    page = data["pages"][number % len(data["pages"])]
    page.setdefault("checks", []).append({"expr": "kind != None", "message": f"核对{number}"})


def title(data: Data, number: int) -> None:
    data["title"] = f"表{number}"


def remove(data: Data, number: int) -> None:
    fields, at = _fields(data)[number % len(_fields(data))]
    if fields[at]["name"] in ("full_name", "since", "rules") and len(fields) > 1:
        del fields[at]


def withdraw_choice(data: Data, number: int) -> None:
    field = _at(data, number)
    if field["name"] == "specialties" and len(field["choices"]) > 1:
        del field["choices"][number % len(field["choices"])]


def retype(data: Data, number: int) -> None:
    field = _at(data, number)
    if field["name"] == "full_name":
        field["type"] = "integer"
        field.pop("max_length", None)


def other_consent(data: Data, number: int) -> None:
    field = next(f for page in data["pages"] for f in page["fields"] if f["name"] == "agreed")
    field["text"] = f"我同意{number}"


COMPATIBLE: tuple[Edit, ...] = (
    relabel, hint, add, require, widen, more_choices, relabel_choice, reorder, shorten,
    another_check, title,
)  # fmt: skip
ANY: tuple[Edit, ...] = (*COMPATIBLE, remove, withdraw_choice, retype, other_consent)


def changed(data: Data, edits: list[tuple[Edit, int]]) -> Data:
    """Return a copy of a definition with the edits made in turn."""
    after = copy.deepcopy(data)
    for edit, number in edits:
        edit(after, number)
    return after


def edits(of: tuple[Edit, ...]) -> st.SearchStrategy[list[tuple[Edit, int]]]:
    """Make lists of one to four edits."""
    return st.lists(st.tuples(st.sampled_from(of), st.integers(0, 60)), min_size=1, max_size=4)
