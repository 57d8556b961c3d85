"""Answers in the cells of a workbook: which questions have one, what it says, how it is read back.

`written` and `read_cell` undo each other, so that what was given out can be taken in again. A cell
arrives as openpyxl gives it: None, bool, int, float, text, date, datetime, time or timedelta.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from core.tables import Cell
from forms.chosen_types import ELSEWHERE, region_way
from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Choice, Surroundings
from forms.text_types import narrow

ELSEWHERE_WORDS = "其他地方"
_ELSEWHERE = re.compile(r"(其他地方|elsewhere\b)\s*", re.IGNORECASE)
YES, NO = "是", "否"
TYPES = frozenset(
    {
        *("text", "long_text", "phone", "email", "url", "cn_id", "uscc"),
        *("integer", "decimal", "money"),
        *("date", "time", "datetime", "date_range"),
        *("choice", "choices", "yes_no", "lookup", "address"),
    }
)
"""The field types that can be answered in a cell."""
_NUMBERS = ("integer", "decimal", "money")
_DIGITS = ("phone", "cn_id", "uscc")
_EXACT = 10**15
"""From here on Excel no longer knows every digit of a number."""
_POWER = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|—{1,2}|–| to )\s*")
_PARTS = re.compile(r"[、，,;；\n]+")
_MIDNIGHT = time(0)
_Reader = Callable[[Field, Any, Surroundings], Any]
_YES = frozenset({"是", "对", "有", "yes", "y", "true", "✓", "√", "1"})
_NO = frozenset({"否", "不是", "没有", "无", "no", "n", "false", "×", "0"})


class Misread(ValueError):  # noqa: N818 — an answer, not a fault
    """A cell cannot be read; `code`: digits (Excel lost some), error, yes_no, unknown, region.

    `told` is what of the cell was not understood.
    """

    def __init__(self, code: str, told: str = "") -> None:
        self.code = code
        self.told = told
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a form: those with a column of their own, and those without one."""

    columns: tuple[Field, ...]
    left_out: tuple[Field, ...]
    """What only the person can give, or no cell can hold: consents, files, signatures, rows."""


def asked_in(form: Form) -> Asked:
    """Tell which questions of a form can be answered in a cell; the computed ask nothing."""
    asking = [one for one in form.fields.values() if one.type.answerable and not one.compute]
    columns = tuple(one for one in asking if one.type.name in TYPES)
    return Asked(columns, tuple(one for one in asking if one.type.name not in TYPES))


def offered(spec: Field, around: Surroundings) -> list[str]:
    """Return what a cell may say where only certain words are accepted, else nothing."""
    if spec.type.name == "yes_no":
        return [YES, NO] if around.language == "zh" else ["yes", "no"]
    if spec.type.name == "address":
        return [each for each, _ in _regions(spec, around)]
    return [one.label.get(around.language) for one in spec.options(around)]


def written(spec: Field, value: Any, around: Surroundings) -> Cell:
    """Return what a cell says of a clean answer, None for the unanswered."""
    if value in (None, "", [], {}):
        return None
    kind = spec.type.name
    if kind in _NUMBERS:
        return Decimal(str(value))
    if kind == "date":
        return date.fromisoformat(value)
    say = _SAID.get(kind)
    return say(spec, value, around) if say else str(value)


def read_cell(spec: Field, cell: Any, around: Surroundings) -> Any:
    """Return a cell as a raw answer for the form engine, None where nothing is in it.

    Raises Misread for what cannot be meant; whether an answer is a good one is the engine's word.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    read: _Reader = _READ.get(spec.type.name, _read_text)
    return read(spec, cell, around)


def shown(cell: Any) -> str:
    """Return a cell as the person saw it, more or less, to be given back to them."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == _MIDNIGHT else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, bool):
        return YES if cell else NO
    return _plain(cell) if isinstance(cell, int | float) else str(cell)


def _plain(number: float) -> str:
    """Return a number as people write it; Excel keeps whole ones as floats."""
    if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT * 1000:
        number = int(number)
    return str(number)


def _read_text(spec: Field, cell: Any, _: Surroundings) -> str:
    """Read a text; a long number that Excel has rounded off is refused, not guessed at."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= _EXACT or (spec.type.name in _DIGITS and not float(cell).is_integer()):
            raise Misread("digits", _plain(cell))
        return _plain(cell)
    text = shown(cell)
    if spec.type.name in _DIGITS and _POWER.fullmatch(text.strip()):
        raise Misread("digits", text)
    return text


def _read_number(_spec: Field, cell: Any, _: Surroundings) -> Any:
    if isinstance(cell, bool | date | time | timedelta):
        return shown(cell)
    return str(Decimal(repr(cell))) if isinstance(cell, float) else cell


def _read_date(_spec: Field, cell: Any, _: Surroundings) -> str:
    return str(cell.date()) if isinstance(cell, datetime) else shown(cell)


def _read_time(_spec: Field, cell: Any, _: Surroundings) -> str:
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{cell:%H:%M}" if isinstance(cell, datetime) else shown(cell)


def _read_moment(_spec: Field, cell: Any, _: Surroundings) -> str:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else shown(cell)


def _read_range(_spec: Field, cell: Any, _: Surroundings) -> Any:
    first, *rest = _BETWEEN.split(shown(cell).strip(), maxsplit=1)
    return {"from": first, "to": rest[0] if rest else first}


def _read_yes_no(_spec: Field, cell: Any, _: Surroundings) -> bool:
    said = shown(cell).strip().lower()
    if said not in _YES | _NO:
        raise Misread("yes_no", said)
    return said in _YES


def _read_choice(spec: Field, cell: Any, around: Surroundings) -> str:
    return _value(narrow(shown(cell)), spec.options(around))


def _read_choices(spec: Field, cell: Any, around: Surroundings) -> list[str]:
    """Read several choices; a label that itself holds a comma is found as a whole first."""
    said, options = narrow(shown(cell)), spec.options(around)
    found = []
    for each in sorted(_labels(options), key=len, reverse=True):
        if _PARTS.search(each) and each in said:
            found.append(each)
            said = said.replace(each, "、")
    found += [part.strip() for part in _PARTS.split(said) if part.strip()]
    return [_value(each, options) for each in found]


def _labels(options: Sequence[Choice]) -> set[str]:
    return {narrow(one.label.get(way)) for one in options for way in ("zh", "en")} - {""}


def _value(said: str, options: Sequence[Choice]) -> str:
    """Return the value of the choice that is meant by its value or label, in either language."""
    for one in options:
        if said == one.value:
            return one.value
    known = [one.value for one in options if said in _labels([one])]
    if len(known) != 1:
        raise Misread("several" if known else "unknown", said)
    return known[0]


def _read_address(spec: Field, cell: Any, around: Surroundings) -> Any:
    """Read an address: the region's name, all the way down or its last part, then the rest."""
    said = narrow(shown(cell))
    away = _ELSEWHERE.match(said)
    if away:
        return {"region": ELSEWHERE, "detail": said[away.end() :].strip()}
    for name, code in sorted(_regions(spec, around), key=lambda one: -len(one[0])):
        if said.startswith(name):
            return {"region": code, "detail": said.removeprefix(name).strip()}
    raise Misread("region", said)


def _regions(spec: Field, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Yield the names that an address may begin with, each with the code of its region."""
    known = {one.value: one for one in spec.options(around)}
    above = {one.parent for one in known.values()}
    for code in known:
        if code not in above:
            way = [known[each].label.get(around.language) for each in region_way(code, known)]
            yield "".join(way), code


def _say_choice(spec: Field, value: Any, around: Surroundings) -> str:
    labels = {one.value: one.label.get(around.language) for one in spec.named(around)}
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(each, str(each)) for each in values)


def _say_lookup(_spec: Field, value: Any, _: Surroundings) -> str:
    return str(value["label"]) if isinstance(value, Mapping) else str(value)


def _say_address(spec: Field, value: Any, around: Surroundings) -> str:
    labels = {one.value: one.label.get(around.language) for one in spec.options(around)}
    region = "".join(labels.get(each, str(each)) for each in value["region"]) or ELSEWHERE_WORDS
    return f"{region} {value['detail']}".strip()


def _say_moment(_spec: Field, value: Any, _: Surroundings) -> str:
    return str(value).replace("T", " ")[:16]


_SAID: dict[str, Callable[[Field, Any, Surroundings], str]] = {
    "choice": _say_choice,
    "choices": _say_choice,
    "lookup": _say_lookup,
    "address": _say_address,
    "yes_no": lambda _spec, value, _around: YES if value else NO,
    "datetime": _say_moment,
    "date_range": lambda _spec, value, _around: f"{value['from']} 至 {value['to']}",
}
_READ: dict[str, _Reader] = {
    **dict.fromkeys(_NUMBERS, _read_number),
    "date": _read_date,
    "time": _read_time,
    "datetime": _read_moment,
    "date_range": _read_range,
    "yes_no": _read_yes_no,
    "choice": _read_choice,
    "lookup": _read_choice,
    "choices": _read_choices,
    "address": _read_address,
}
