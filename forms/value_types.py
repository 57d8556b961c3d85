"""Field types with a value other than words: numbers, dates, choices, yes or no."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from forms.fields import Field, FieldType
from forms.messages import problem
from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.text_types import narrow

MAX_DIGITS = 28
_MAX_RAW = 100
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_COMMAS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.)([0-9]{1,2})")
_CHINESE_DATE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?")
_YUAN = re.compile(r"(?:RMB|CNY)?[¥￥]?(.*?)元?")
_FEN = Decimal("0.01")
_MOST_MONEY = Decimal(10) ** 15
_TRUE = (True, "true")
_FALSE = (False, "false")


def plain(number: Decimal) -> str:
    """Return a decimal as text: no exponent, no trailing zeros, no negative zero."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _read_number(raw: Any) -> Decimal | None:
    """Return the number written, None where there is none."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return None
    if isinstance(raw, Decimal):
        return raw
    text = narrow(raw) if isinstance(raw, str) else str(raw) if abs(raw) < 10**MAX_DIGITS else ""
    text = text.replace(",", "") if _COMMAS.fullmatch(text) else text
    if not _NUMBER.fullmatch(text) or len(text) > MAX_DIGITS + 2:
        return None
    return Decimal(text)


def unanswered(raw: Any) -> bool:
    """Tell whether nothing was typed."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _bounded(number: Decimal, field: Field, around: Surroundings) -> Problem | None:
    if field.min and number < Decimal(field.min):
        return problem("too_small", around.language, limit=field.min)
    if field.max and number > Decimal(field.max):
        return problem("too_large", around.language, limit=field.max)
    return None


def clean_integer(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a whole number; full-width digits and thousands commas may be typed."""
    if unanswered(raw):
        return None
    number = None if isinstance(raw, str) and len(raw) > _MAX_RAW else _read_number(raw)
    if number is None or number != number.to_integral_value():
        return problem("not_integer", around.language)
    return _bounded(number, field, around) or number.to_integral_value()


def clean_decimal(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a number of at most 28 digits."""
    if unanswered(raw):
        return None
    number = None if isinstance(raw, str) and len(raw) > _MAX_RAW else _read_number(raw)
    if number is None:
        return problem("not_decimal", around.language)
    return _bounded(number, field, around) or number


def _bare_amount(raw: str) -> str:
    found = _YUAN.fullmatch(re.sub(r"\s", "", narrow(raw)))
    return found[1] if found else raw


def clean_money(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean an amount in yuan, at most two places; ¥, 元 and thousands commas may be typed."""
    if unanswered(raw):
        return None
    if isinstance(raw, str) and len(raw) <= _MAX_RAW:
        raw = _bare_amount(raw)
    number = None if isinstance(raw, str) and len(raw) > _MAX_RAW else _read_number(raw)
    if number is None or abs(number) >= _MOST_MONEY or number != number.quantize(_FEN):
        return problem("not_money", around.language)
    return _bounded(number, field, around) or number.quantize(_FEN) + 0  # never minus nothing


def read_day(raw: Any) -> date | None:
    """Return the day as people write it, None where there is none."""
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str) or len(raw) > _MAX_RAW:
        return None
    text = re.sub(r"\s", "", narrow(raw))
    found = _DATE.fullmatch(text) or _CHINESE_DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def clean_date(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a date: 2026-09-03, 2026-9-3, 2026/9/3, 2026.9.3 or 2026年9月3日."""
    if unanswered(raw):
        return None
    day = read_day(raw)
    return problem("not_date", around.language) if day is None else day_within(day, field, around)


def day_within(day: date, field: Field, around: Surroundings) -> date | Problem:
    """Return a day that is within the field's bounds, or the problem."""
    low, high = _day(field.min, around), _day(field.max, around)
    if low and day < low:
        return problem("too_early", around.language, limit=low.isoformat())
    if high and day > high:
        return problem("too_late", around.language, limit=high.isoformat())
    return day


def _day(bound: str, around: Surroundings) -> date | None:
    if not bound:
        return None
    return around.today if bound == "today" else date.fromisoformat(bound)


def clean_choice(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean one chosen value, which must be on the list now."""
    if unanswered(raw):
        return None
    if all(raw != choice.value for choice in field.options(around)):
        return problem("choice_unknown", around.language)
    return raw


def clean_choices(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean several chosen values to a list in the order of the form, each once."""
    if raw in (None, "", []):
        return None
    if not isinstance(raw, list | tuple):
        return problem("choice_unknown", around.language)
    known = [choice.value for choice in field.options(around)]
    if any(one not in known for one in raw):
        return problem("choice_unknown", around.language)
    chosen = [value for value in known if value in raw]
    if field.max_choices and len(chosen) > field.max_choices:
        return problem("too_many_choices", around.language, limit=field.max_choices)
    return chosen


def _is(raw: Any, accepted: tuple[bool, str]) -> bool:
    return raw is accepted[0] or (isinstance(raw, str) and raw == accepted[1])


def clean_yes_no(raw: Any, _: Field, around: Surroundings) -> Any:
    """Clean true or false; a page sends the words."""
    if raw is None or raw == "":
        return None
    if _is(raw, _TRUE) or _is(raw, _FALSE):
        return _is(raw, _TRUE)
    return problem("not_yes_no", around.language)


def clean_consent(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a consent: true, or unanswered; a consent is never refused by false."""
    return clean_yes_no(raw, field, around) or None


def _whole(value: Decimal) -> int:
    return int(value)


_BOUNDS = frozenset({"min", "max", "placeholder", "example"})
_CHOICES = frozenset({"choices", "choices_from", "choices_where"})
TYPES = (
    FieldType("integer", "number", clean_integer, "integer", _BOUNDS, _whole),
    FieldType("decimal", "number", clean_decimal, "decimal", _BOUNDS, plain),
    FieldType("money", "number", clean_money, "money", _BOUNDS, str),
    FieldType("date", "date", clean_date, "date", _BOUNDS | {"autocomplete"}, date.isoformat),
    FieldType("choice", "text", clean_choice, "radio", _CHOICES),
    FieldType("choices", "list", clean_choices, "checkboxes", _CHOICES | {"max_choices"}),
    FieldType("yes_no", "bool", clean_yes_no, "yes_no"),
    FieldType("consent", "bool", clean_consent, "consent", frozenset({"text"})),
)
