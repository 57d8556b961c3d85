"""Values of expression trees. `core/web/static/rules.js` is the same in the browser.

The operators: `const num date time datetime list` hold values, `name step row today` read them,
`null?` tells whether the unanswered; `== != < <= > >= in "not in"` compare two, `chain` several in
a row; then `and or not`, `+ - * /`, `if` (test, then, else), `call` (function, arguments…) and
`matches` (text, automaton). `rows` (function, group, expression) goes through a group's rows, each
as `row` to the expression. `name`, `step` and `row` end with the kind where it has an order.

Answers are read as JSON keeps them (dates as ISO text, decimals as text) or as Python values; a
looked-up {value, label} as its value. Text, booleans, lists and mappings come out as they are,
numbers as Decimal, days and times as date, time and datetime.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from forms.automaton import matches
from forms.functions import DECIMAL, FUNCTIONS
from forms.moments import read_date, read_moment, read_time
from forms.surroundings import Surroundings

Tree = Sequence[Any]
Scope = Mapping[str, Any]

_NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")


def value_of(tree: Tree, scope: Scope, around: Surroundings) -> Any:
    """Return the value of a tree that `compile_expression` made; never raises for its answers."""
    return _NODES[tree[0]](tree, scope, around)


def read_value(value: Any, kind: str = "any") -> Any:
    """Read one answer as an expression sees it; what is not of its kind is null."""
    reader = _READERS.get(kind)
    if reader:
        return reader(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Mapping) and "value" in value:
        return value["value"]
    return None if value in ("", []) else value


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _temporal(type_: type, read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def value_of_kind(value: Any) -> Any:
        if type(value) is type_:
            return value
        return read(value) if isinstance(value, str) else None

    return value_of_kind


_READERS: dict[str, Callable[[Any], Any]] = {
    "number": _number,
    "date": _temporal(date, read_date),
    "time": _temporal(time, read_time),
    "datetime": _temporal(datetime, read_moment),
}


def _named(tree: Tree, scope: Scope, _: Surroundings) -> Any:
    return read_value(scope.get(tree[1]), tree[2] if len(tree) > 2 else "any")  # noqa: PLR2004


def _within(tree: Tree, scope: Scope, around: Surroundings) -> Any:
    return _named(tree, scope.get(tree[0]) or {}, around)


def _list(tree: Tree, scope: Scope, around: Surroundings) -> list[Any]:
    return [value_of(one, scope, around) for one in tree[1:]]


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "!=": lambda a, b: not _same(a, b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "in": lambda a, b: any(_same(a, read_value(one)) for one in b),
    "not in": lambda a, b: not any(_same(a, read_value(one)) for one in b),
}
_LISTS = ("in", "not in")
_KINDS: dict[type, frozenset[str]] = {
    str: frozenset({"text"}),
    bool: frozenset({"bool"}),
    int: frozenset({"number"}),
    Decimal: frozenset({"number"}),
    date: frozenset({"date"}),
    time: frozenset({"time"}),
    datetime: frozenset({"datetime"}),
    list: frozenset({"list", "rows"}),
    tuple: frozenset({"list", "rows"}),
    dict: frozenset({"file", "range", "address"}),
    type(None): frozenset(),
}


def _holds(operator: str, a: Any, b: Any) -> bool:
    if a is None or b is None:
        return False
    if operator in _LISTS:
        return isinstance(b, list | tuple) and _COMPARE[operator](a, b)
    if operator not in ("==", "!="):
        ordered = type(a) is type(b) and isinstance(a, Decimal | date | time)
        return ordered and _COMPARE[operator](a, b)
    return _COMPARE[operator](a, b)


def _comparison(tree: Tree, scope: Scope, around: Surroundings) -> bool:
    return _holds(tree[0], value_of(tree[1], scope, around), value_of(tree[2], scope, around))


def _chain(tree: Tree, scope: Scope, around: Surroundings) -> bool:
    left = value_of(tree[1], scope, around)
    for at in range(2, len(tree), 2):
        right = value_of(tree[at + 1], scope, around)
        if not _holds(tree[at], left, right):
            return False
        left = right
    return True


_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": DECIMAL.add,
    "-": DECIMAL.subtract,
    "*": DECIMAL.multiply,
    "/": DECIMAL.divide,
}


def _arithmetic(tree: Tree, scope: Scope, around: Surroundings) -> Decimal | None:
    numbers = [value_of(one, scope, around) for one in tree[1:]]
    if not all(isinstance(one, Decimal) for one in numbers):
        return None
    if len(numbers) == 1:
        return DECIMAL.minus(numbers[0])
    result = _ARITHMETIC[tree[0]](*numbers)
    return result if result.is_finite() else None


def _true(tree: Tree, scope: Scope, around: Surroundings) -> bool:
    return value_of(tree, scope, around) is True


def _if(tree: Tree, scope: Scope, around: Surroundings) -> Any:
    return value_of(tree[2] if _true(tree[1], scope, around) else tree[3], scope, around)


def _call(tree: Tree, scope: Scope, around: Surroundings) -> Any:
    function = FUNCTIONS[tree[1]]
    arguments = [value_of(one, scope, around) for one in tree[2:]]
    for at, argument in enumerate(arguments):
        takes = function.takes[min(at, len(function.takes) - 1)]
        if not takes & _KINDS.get(type(argument), takes):
            arguments[at] = None
    return function.call(arguments, around)


def _rows(tree: Tree, scope: Scope, around: Surroundings) -> Any:
    found = value_of(tree[2], scope, around)
    rows = found if isinstance(found, list | tuple) else ()
    if len(tree) == 3:  # noqa: PLR2004 — count(group): nothing is asked of the rows
        return Decimal(len(rows))
    inner = {**scope}
    values = []
    for row in rows:
        inner["row"] = row
        values.append(value_of(tree[3], inner, around))
    if tree[1] == "count":
        return Decimal(sum(one is True for one in values))
    return FUNCTIONS[tree[1]].call(values, around)


def _matches(tree: Tree, scope: Scope, around: Surroundings) -> bool:
    text = value_of(tree[1], scope, around)
    return isinstance(text, str) and matches(tree[2], text)


_NODES: dict[str, Callable[[Tree, Scope, Surroundings], Any]] = {
    "const": lambda tree, _s, _a: tree[1],
    "num": lambda tree, _s, _a: Decimal(tree[1]),
    "date": lambda tree, _s, _a: date.fromisoformat(tree[1]),
    "time": lambda tree, _s, _a: time.fromisoformat(tree[1]),
    "datetime": lambda tree, _s, _a: datetime.fromisoformat(tree[1]),
    "list": _list,
    "name": _named,
    "step": _within,
    "row": _within,
    "today": lambda _t, _s, around: around.today,
    "null?": lambda tree, scope, around: value_of(tree[1], scope, around) is None,
    "chain": _chain,
    "and": lambda tree, scope, around: all(_true(one, scope, around) for one in tree[1:]),
    "or": lambda tree, scope, around: any(_true(one, scope, around) for one in tree[1:]),
    "not": lambda tree, scope, around: not _true(tree[1], scope, around),
    "if": _if,
    "call": _call,
    "rows": _rows,
    "matches": _matches,
    **dict.fromkeys(_COMPARE, _comparison),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
}
