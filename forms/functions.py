"""The functions an expression may call, each with the kinds it takes and gives.

Null rules: a scalar function of null is null. The aggregates (`sum count any all min max
all_different`) take one list or several values and pass over nulls; of nothing, `sum`, `min` and
`max` are null, `count` is 0, `any` false, `all` and `all_different` true. A single null counts as
nothing but for `all`, where it is a no. Over a group they take the group and an expression of
`row.…`, worked out in each row (`ROW_FUNCTIONS`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from typing import Any

from forms.kinds import Kind
from forms.moments import read_date
from forms.surroundings import Surroundings

__all__ = ["DECIMAL", "FUNCTIONS", "Function", "Kind", "age_on", "birth_date"]

DECIMAL = Context(prec=28, rounding="ROUND_HALF_EVEN", traps=[])
_ID_NUMBER = re.compile(r"[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its work, the kinds of its arguments, the kind of its result.

    With `many` the last argument repeats. Where `gives` is None, the arguments' own kind.
    """

    call: Callable[[Sequence[Any], Surroundings], Any]
    takes: tuple[frozenset[Kind], ...]
    gives: Kind | None
    many: bool = False


def birth_date(id_number: str) -> date | None:
    """Return the birth date written in an 18-digit identity number, None where there is none."""
    found = _ID_NUMBER.fullmatch(id_number)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def age_on(born: date | str, day: date) -> int | None:
    """Return the full years on `day` of one born on a date, or of an identity number's holder.

    None before birth and for text that is no identity number.
    """
    birth = birth_date(born) if isinstance(born, str) else born
    if birth is None or birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _strict(work: Callable[..., Any]) -> Callable[[Sequence[Any], Surroundings], Any]:
    def call(arguments: Sequence[Any], _: Surroundings) -> Any:
        return None if None in arguments else work(*arguments)

    return call


def _each(arguments: Sequence[Any]) -> list[Any]:
    flat: list[Any] = []
    for one in arguments:
        flat += one if isinstance(one, list | tuple) else [one]
    return flat


def _numbers(values: Iterable[Any]) -> list[Decimal]:
    return [
        Decimal(one)
        for one in values
        if isinstance(one, int | Decimal) and not isinstance(one, bool)
    ]


def _sum(arguments: Sequence[Any], _: Surroundings) -> Decimal | None:
    total: Decimal | None = None
    for one in _numbers(_each(arguments)):
        total = one if total is None else DECIMAL.add(total, one)
    return total


def _extreme(pick: Callable[..., Any]) -> Callable[[Sequence[Any], Surroundings], Any]:
    def call(arguments: Sequence[Any], _: Surroundings) -> Any:
        values = _each(arguments)
        dated = [one for one in values if isinstance(one, date | time)]
        return pick(dated or _numbers(values), default=None)

    return call


def _count(arguments: Sequence[Any], _: Surroundings) -> Decimal:
    return Decimal(sum(one is not None for one in _each(arguments)))


def _any(arguments: Sequence[Any], _: Surroundings) -> bool:
    return any(one is True for one in _each(arguments))


def _all(arguments: Sequence[Any], _: Surroundings) -> bool:
    return all(one is True for one in _each(arguments))


def _age(arguments: Sequence[Any], _: Surroundings) -> Decimal | None:
    age = None if None in arguments else age_on(arguments[0], arguments[1])
    return None if age is None else Decimal(age)


def _working_days(arguments: Sequence[Any], around: Surroundings) -> Decimal | None:
    if None in arguments or around.calendar is None:
        return None
    days = around.calendar.working_days_between(arguments[0], arguments[1])
    return None if days is None else Decimal(days)


def _empty(arguments: Sequence[Any], _: Surroundings) -> bool:
    return arguments[0] is None or arguments[0] in ("", [], ())


def _all_different(arguments: Sequence[Any], _: Surroundings) -> bool:
    values = [
        Decimal(one) if isinstance(one, int) and not isinstance(one, bool) else one
        for one in _each(arguments)
        if one not in (None, "")
    ]
    return len({(type(one), one) for one in values}) == len(values)


def _side(key: str) -> Callable[[Sequence[Any], Surroundings], Any]:
    def call(arguments: Sequence[Any], _: Surroundings) -> Any:
        written = arguments[0].get(key) if isinstance(arguments[0], Mapping) else None
        return read_date(written) if isinstance(written, str) else written

    return call


def _region(arguments: Sequence[Any], _: Surroundings) -> Any:
    return (arguments[0].get("region") or None) if isinstance(arguments[0], Mapping) else None


def _minutes(a: time | datetime, b: time | datetime) -> Decimal | None:
    if type(a) is not type(b):
        return None
    if isinstance(a, datetime) and isinstance(b, datetime):
        return Decimal(int((b - a).total_seconds()) // 60)
    return Decimal(b.hour * 60 + b.minute - a.hour * 60 - a.minute)


def school_year_end(day: date) -> date | None:
    """Return the last day (31 August) of the school year that a day lies in."""
    year = day.year + ((day.month, day.day) > (8, 31))
    return date(year, 8, 31) if year <= date.max.year else None


def _lower(text: str) -> str:
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)


def _kinds(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


_SCALAR: tuple[Kind, ...] = ("text", "number", "date", "time", "datetime", "bool")
_ANSWER = _kinds(*_SCALAR, "list", "file", "range", "address")
_ORDERED = _kinds("number", "date", "time", "datetime", "list")
_DAY = _kinds("date")
_CLOCK = _kinds("time", "datetime")
_MOMENT = _kinds("datetime")
FUNCTIONS: dict[str, Function] = {
    "len": Function(_strict(lambda one: Decimal(len(one))), (_kinds("text", "list"),), "number"),
    "sum": Function(_sum, (_kinds("number", "list"),), "number", many=True),
    "count": Function(_count, (_ANSWER,), "number", many=True),
    "any": Function(_any, (_kinds("bool", "list"),), "bool", many=True),
    "all": Function(_all, (_kinds("bool", "list"),), "bool", many=True),
    "min": Function(_extreme(min), (_ORDERED,), None, many=True),
    "max": Function(_extreme(max), (_ORDERED,), None, many=True),
    "all_different": Function(_all_different, (_kinds(*_SCALAR, "list"),), "bool", many=True),
    "age_on": Function(_age, (_kinds("text", "date"), _DAY), "number"),
    "days_between": Function(_strict(lambda a, b: Decimal((b - a).days)), (_DAY, _DAY), "number"),
    "working_days_between": Function(_working_days, (_DAY, _DAY), "number"),
    "school_year_end": Function(_strict(school_year_end), (_DAY,), "date"),
    "minutes_between": Function(_strict(_minutes), (_CLOCK, _CLOCK), "number"),
    "date_of": Function(_strict(datetime.date), (_MOMENT,), "date"),
    "time_of": Function(_strict(datetime.time), (_MOMENT,), "time"),
    "start": Function(_side("from"), (_kinds("range"),), "date"),
    "end": Function(_side("to"), (_kinds("range"),), "date"),
    "region": Function(_region, (_kinds("address"),), "list"),
    "lower": Function(_strict(_lower), (_kinds("text"),), "text"),
    "is_empty": Function(_empty, (_ANSWER | {"rows"},), "bool"),
}
"""Every function but `matches`, whose pattern is compiled at load."""

ROW_FUNCTIONS: dict[str, frozenset[Kind]] = {
    "sum": _kinds("number"),
    "count": _kinds("bool"),
    "any": _kinds("bool"),
    "all": _kinds("bool"),
    "min": _kinds("number", "date", "time", "datetime"),
    "max": _kinds("number", "date", "time", "datetime"),
    "all_different": _kinds(*_SCALAR),
}
"""What goes through a group's rows, and the kinds that its expression may give there."""
