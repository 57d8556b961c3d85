"""Form definitions and answers at random: types, conditions, computed values, groups."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Drawn = dict[str, Any]
CHOICES = [{"value": one, "label": one} for one in ("a", "b", "c")]
KINDS: dict[str, str] = {
    "text": "text",
    "choice": "text",
    "choices": "list",
    "yes_no": "bool",
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "date_range": "range",
    "files": "list",
}
COMPUTED = ("integer", "decimal", "money", "date", "time", "datetime", "yes_no")
DATES = st.dates().filter(lambda day: 1900 <= day.year <= 2100)
TIMES = st.times().map(lambda at: at.strftime("%H:%M"))
ISO = DATES.map(lambda day: day.isoformat())
FILE = {"ref": "r", "name": "n.png", "size": 1, "type": "image/png"}
NUMBERS = st.decimals(-(10**6), 10**6, places=2).map(lambda one: format(one, "f"))
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text("ab 甲", min_size=1, max_size=3).map(str.strip),
    "choice": st.sampled_from(["a", "b", "c"]),
    "choices": st.sampled_from([["a"], ["b", "c"], ["a", "b", "c"]]),
    "yes_no": st.booleans(),
    "integer": st.integers(-(10**6), 10**6),
    "decimal": NUMBERS,
    "money": NUMBERS,
    "date": ISO,
    "time": TIMES,
    "datetime": st.builds("{}T{}+08:00".format, ISO, TIMES),
    "date_range": st.tuples(ISO, ISO).map(lambda two: {"from": min(two), "to": max(two)}),
    "files": st.lists(st.integers(0, 9), max_size=3, unique=True).map(
        lambda them: [{**FILE, "ref": f"r{one}"} for one in them]
    ),
}


class Rules:
    """Draws expressions of a wanted kind over the names known so far."""

    def __init__(
        self, draw: Callable[[Any], Any], names: dict[str, str], rows: dict[str, Drawn]
    ) -> None:
        self.draw, self.names, self.rows = draw, names, rows

    def of(self, kind: str, depth: int = 2) -> str:
        """Return an expression of this kind."""
        known = [name for name, has in self.names.items() if has == kind]
        if known and (depth == 0 or self.draw(st.booleans())):
            return str(self.draw(st.sampled_from(known)))
        return str(getattr(self, f"a_{kind}")(depth))

    def a_text(self, _: int) -> str:
        return f"'{self.draw(st.sampled_from('abc'))}'"

    def a_list(self, _: int) -> str:
        return "['a', 'b']"

    def a_number(self, depth: int) -> str:
        if depth == 0:
            return str(self.draw(st.sampled_from(["0", "1", "3", "0.5", "1000"])))
        ways = [
            self._sum,
            self._days,
            self._minutes,
            self._count,
            self._either("number"),
            self._rows,
        ]
        return str(self.draw(st.sampled_from(ways))(depth - 1))

    def a_bool(self, depth: int) -> str:
        if depth == 0:
            return str(self.draw(st.sampled_from(["True", "False"])))
        ways = [self._compared, self._joined, self._empty, self._among, self._rows_hold]
        return str(self.draw(st.sampled_from(ways))(depth - 1))

    def a_date(self, depth: int) -> str:
        ranges = [name for name, has in self.names.items() if has == "range"]
        moments = [name for name, has in self.names.items() if has == "datetime"]
        ways = ["today", *(f"{side}({one})" for one in ranges for side in ("start", "end"))]
        ways += [f"date_of({one})" for one in moments]
        if depth:
            ways.append(f"max({self.of('date', depth - 1)}, {self.of('date', depth - 1)})")
        return str(self.draw(st.sampled_from(ways)))

    def a_time(self, depth: int) -> str:
        if depth:
            return self._either("time")(depth - 1)
        moments = [f"time_of({one})" for one in self._known("datetime")]
        return str(self.draw(st.sampled_from([*moments, *self._known("time")])))

    def a_datetime(self, depth: int) -> str:
        if depth:
            return self._either("datetime")(depth - 1)
        return str(self.draw(st.sampled_from(self._known("datetime"))))

    def can(self, kind: str) -> bool:
        """Tell whether there is a way to an expression of this kind."""
        moments = bool(self._known("datetime"))
        return {"time": moments or bool(self._known("time")), "datetime": moments}.get(kind, True)

    def _known(self, kind: str) -> list[str]:
        return [name for name, has in self.names.items() if has == kind]

    def _either(self, kind: str) -> Callable[[int], str]:
        def made(depth: int) -> str:
            return (
                f"({self.of(kind, depth)} if {self.of('bool', depth)} else {self.of(kind, depth)})"
            )

        return made

    def _sum(self, depth: int) -> str:
        sign = self.draw(st.sampled_from("+-*/"))
        return f"({self.of('number', depth)} {sign} {self.of('number', depth)})"

    def _days(self, depth: int) -> str:
        return f"days_between({self.of('date', depth)}, {self.of('date', depth)})"

    def _minutes(self, depth: int) -> str:
        kinds = [kind for kind in ("time", "datetime") if self.can(kind)]
        if not kinds:
            return self.of("number", 0)
        kind = self.draw(st.sampled_from(kinds))
        return f"minutes_between({self.of(kind, depth)}, {self.of(kind, depth)})"

    def _count(self, depth: int) -> str:
        given = ", ".join(self.of(kind, depth) for kind in ("text", "number", "bool"))
        return f"count({given})"

    def _compared(self, depth: int) -> str:
        kinds = [one for one in ("number", "date", "time", "datetime", "text") if self.can(one)]
        kind = self.draw(st.sampled_from(kinds))
        signs = ["==", "!="] if kind == "text" else ["==", "!=", "<", "<=", ">", ">="]
        left, right = self.of(kind, depth), self.of(kind, depth)
        return f"({left} {self.draw(st.sampled_from(signs))} {right})"

    def _joined(self, depth: int) -> str:
        sign = self.draw(st.sampled_from(["and", "or", "and not"]))
        return f"({self.of('bool', depth)} {sign} {self.of('bool', depth)})"

    def _empty(self, _: int) -> str:
        known = [*self.names]
        return f"is_empty({self.draw(st.sampled_from(known))})" if known else "True"

    def _among(self, depth: int) -> str:
        lists = self._known("list")
        return (
            f"({self.of('text', depth)} in {self.draw(st.sampled_from([*lists, self.a_list(0)]))})"
        )

    def _in_row(self, kind: str, depth: int) -> tuple[str, str]:
        """Return a group and an expression over its rows; there `row.` means theirs alone."""
        group = self.draw(st.sampled_from([*self.rows]))
        names = {one: has for one, has in self.names.items() if not one.startswith("row.")}
        names |= {f"row.{one}": has for one, has in self.rows[group].items()}
        return group, Rules(self.draw, names, {}).of(kind, depth)

    def _rows(self, depth: int) -> str:
        if not self.rows:
            return self.of("number", 0)
        name = self.draw(st.sampled_from(["sum", "min", "max", "count"]))
        group, inner = self._in_row("bool" if name == "count" else "number", depth)
        return f"{name}({group}, {inner})"

    def _rows_hold(self, depth: int) -> str:
        if not self.rows:
            return self.of("bool", 0)
        name = self.draw(st.sampled_from(["any", "all", "all_different"]))
        group, inner = self._in_row("text" if name == "all_different" else "bool", depth)
        return f"{name}({group}, {inner})"


def _field(draw: Callable[[Any], Any], name: str, rules: Rules) -> Drawn:
    if draw(st.integers(0, 3)) == 0:
        type_ = draw(st.sampled_from([one for one in COMPUTED if rules.can(KINDS[one])]))
        field: Drawn = {"compute": rules.of(KINDS[type_])}
    else:
        type_ = draw(st.sampled_from([*KINDS]))
        field = {"choices": CHOICES} if type_ in ("choice", "choices") else {}
    if draw(st.integers(0, 2)) == 0:
        field["show_if"] = rules.of("bool")
    return {"name": name, "type": type_, "label": name, **field}


def _answers(draw: Callable[[Any], Any], fields: list[Drawn]) -> Drawn:
    asked = [one for one in fields if "compute" not in one and "fields" not in one]
    given = {
        one["name"]: draw(st.none() | ANSWERS[one["type"]])
        for one in asked
        if one["type"] in ANSWERS
    }
    return {name: value for name, value in given.items() if value not in (None, [], "")}


@st.composite
def forms_and_answers(draw: Callable[[Any], Any]) -> tuple[Drawn, Drawn]:
    """Return a form's data and answers to it that its types accept."""
    names: dict[str, str] = {}
    rows: dict[str, Drawn] = {}
    rules = Rules(draw, names, rows)
    fields: list[Drawn] = []
    answers: Drawn = {}
    conditions: Drawn = {}
    for at in range(draw(st.integers(2, 7))):
        if draw(st.integers(0, 3)) == 0:
            _group(draw, f"g{at}", rules, fields, answers)
        else:
            field = _field(draw, f"f{at}", rules)
            fields.append(field)
            names[f"f{at}"] = KINDS[field["type"]]
        if draw(st.integers(0, 4)) == 0:
            conditions[f"c{at}"] = rules.of("bool")
            names[f"c{at}"] = "bool"
    answers |= _answers(draw, fields)
    data = {"id": "f", "title": "表", "pages": [{"fields": fields}], "conditions": conditions}
    return data, answers


def _group(
    draw: Callable[[Any], Any], name: str, rules: Rules, fields: list[Drawn], answers: Drawn
) -> None:
    """Put a group beside the fields, with rows of answers."""
    kinds: dict[str, str] = {}
    inner: list[Drawn] = []
    for at in range(draw(st.integers(1, 4))):
        known = {**rules.names, **{f"row.{one}": kind for one, kind in kinds.items()}}
        inner.append(_field(draw, f"r{at}", Rules(draw, known, rules.rows)))
        kinds[f"r{at}"] = KINDS[inner[-1]["type"]]
    group = {"name": name, "type": "group", "label": name, "fields": inner}
    if draw(st.integers(0, 3)) == 0:
        group["show_if"] = rules.of("bool")
    fields.append(group)
    answers[name] = [_answers(draw, inner) for _ in range(draw(st.integers(0, 3)))]
    rules.rows[name] = kinds
