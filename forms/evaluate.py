"""Values of expression trees. `core/web/static/forms.js` is the same in the browser.

The operators: `const num date list` hold values, `name step row today` read them, `null?` tells
whether the unanswered; `== != < <= > >= in "not in"` compare two, `chain` several in a row; then
`and or not`, `+ - * /`, `if` (test, then, else), `call` (function, arguments…) and `matches`
(text, automaton). `name`, `step` and `row` end with the kind where it is number or date.

Answers are read as JSON keeps them (dates as ISO text, decimals as text) or as Python values.
Text, booleans and lists come out as they are, numbers as Decimal, dates as date.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from forms.automaton import matches
from forms.functions import DECIMAL, FUNCTIONS
from forms.surroundings import Surroundings

Tree = Sequence[Any]
Scope = Mapping[str, Any]

_NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def value_of(tree: Tree, scope: Scope, around: Surroundings) -> Any:
    """Return the value of a tree that `compile_expression` made; never raises for its answers."""
    return _NODES[tree[0]](tree, scope, around)


def read_value(value: Any, kind: str = "any") -> Any:
    """Read one answer as an expression sees it; what is not of its kind is null."""
    if kind == "number":
        return _number(value)
    if kind == "date":
        return _date(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return None if value in ("", []) else value


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        good = isinstance(value, str) and _DATE.fullmatch(value)
        return date.fromisoformat(value) if good else None
    except ValueError:
        return None


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
_KINDS: tuple[tuple[Any, str], ...] = (
    (str, "text"),
    (bool, "bool"),
    (int | Decimal, "number"),
    (date, "date"),
    (list | tuple, "list"),
    (Mapping, "file"),
)


def _holds(operator: str, a: Any, b: Any) -> bool:
    if a is None or b is None:
        return False
    if operator in _LISTS:
        return isinstance(b, list | tuple) and _COMPARE[operator](a, b)
    if operator not in ("==", "!="):
        ordered = type(a) is type(b) and isinstance(a, Decimal | date)
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
        if _kind(argument) not in function.takes[min(at, len(function.takes) - 1)]:
            arguments[at] = None
    return function.call(arguments, around)


def _kind(value: Any) -> str:
    return next((kind for type_, kind in _KINDS if isinstance(value, type_)), "null")


def _matches(tree: Tree, scope: Scope, around: Surroundings) -> bool:
    text = value_of(tree[1], scope, around)
    return isinstance(text, str) and matches(tree[2], text)


_NODES: dict[str, Callable[[Tree, Scope, Surroundings], Any]] = {
    "const": lambda tree, _s, _a: tree[1],
    "num": lambda tree, _s, _a: Decimal(tree[1]),
    "date": lambda tree, _s, _a: date.fromisoformat(tree[1]),
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
    "matches": _matches,
    **dict.fromkeys(_COMPARE, _comparison),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
}
