"""Kept figures compared: place by place a numerator, a denominator and their ratio.

What is counted is said by name: `all`, `finished`, `state:NAME`, `answered:FIELD` or
`answer:FIELD:VALUE`; what it is counted of: `all`, `finished`, `pupils` or `places`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.statistics.counted import counted_fields, offered
from core.statistics.keeping import Row
from core.statistics.standing import Figures
from core.tables import Cell, Chart, Column, Kind, Table
from core.tables import Row as Cells
from forms.fields import Field
from forms.text import Text
from workflows.definition import Workflow

LEAST = 5
"""Answers of fewer than so many tell who gave them: neither counts nor shares are shown."""
ALL, FINISHED, PUPILS, PLACES = "all", "finished", "pupils", "places"
SCHOOLS, DISTRICTS = "schools", "districts"
_SCHOOLS = ("school", "venue", "teaching_point")
_DONE = ("standing", "final", "final_bad")
_YES_NO = {"true": Text("是", "Yes"), "false": Text("否", "No")}
_OF: Mapping[str, tuple[Text, Text]] = {
    ALL: (Text("全部收到的", "All handed in"), Text("占比", "Share")),
    FINISHED: (Text("办结和生效的", "Finished or in force"), Text("占比", "Share")),
    PUPILS: (Text("学生数", "Pupils"), Text("每百名学生", "Per hundred pupils")),
    PLACES: (
        Text("下面的学校（场馆）数", "Schools and venues beneath"),
        Text("平均每校", "Per school"),
    ),
}
_PLACE, _FORMER = Text("地方", "Place"), Text("上次", "Before")
_MORE = Text("比上次", "Change")
_POINTS = Text("比上次（百分点）", "Change (percentage points)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: which counts, of what, at which level."""

    what: str
    of: str
    level: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One place: numerator and denominator, None for what is not told."""

    row: Row
    part: int | None
    whole: int | None

    @property
    def ratio(self) -> Decimal | None:
        """What the one is of the other, None where that is nothing."""
        if self.part is None or not self.whole:
            return None
        return Decimal(self.part) / Decimal(self.whole)


def countable(workflow: Workflow, rows: Sequence[Row]) -> dict[str, Text]:
    """Return all that can be compared, in words: what the rows have something of."""
    told = {name for row in rows for name in row.figures.get(workflow.id, ())}
    found = {ALL: _OF[ALL][0], FINISHED: _OF[FINISHED][0]}
    for state in workflow.states.values():
        if f"now.{state.name}" in told:
            found[f"state:{state.name}"] = _joined("环节：", "Step: ", state.label)
    for name, field in counted_fields(workflow.forms[workflow.form]).items():
        labels = _labels(field)
        if any(f"a.{name}.{value}" in told for value in labels):
            if field.type.name != "choices":
                found[f"answered:{name}"] = _joined("答了：", "Answered: ", field.label)
            for value, label in labels.items():
                said = Text(f"{field.label.zh} · {label.zh}", f"{field.label.en} · {label.en}")
                found[f"answer:{name}:{value}"] = said
    return found


def denominators(rows: Sequence[Row]) -> dict[str, Text]:
    """Return what can be the denominator: pupils only where some place says how many it has."""
    known = any(row.pupils for row in rows)
    return {name: label for name, (label, _) in _OF.items() if name != PUPILS or known}


def levels(rows: Sequence[Row]) -> list[str]:
    """Return at which levels the places beneath can be compared."""
    found = [SCHOOLS] if any(row.kind in _SCHOOLS for row in rows[1:]) else []
    return found + ([DISTRICTS] if any(row.kind == "district" for row in rows[1:]) else [])


def count_of(what: str, figures: Figures, workflow: Workflow) -> int:
    """Return how many cases of some figures are meant."""
    kind, _, name = what.partition(":")
    if kind == "state":
        return figures.get(f"now.{name}", 0)
    if kind == "answer":
        field, _, value = name.partition(":")
        return figures.get(f"a.{field}.{value}", 0)
    if kind == "answered":
        return sum(n for each, n in figures.items() if each.startswith(f"a.{name}."))
    states = workflow.states
    return sum(
        n
        for each, n in figures.items()
        if each.startswith("now.")
        and (kind == ALL or ((s := states.get(each[4:])) is not None and s.kind in _DONE))
    )


def compared(rows: Sequence[Row], workflow: Workflow, asked: Asked) -> list[Compared]:
    """Return the whole place, then each beneath at the level asked for.

    A venue that nothing concerns is left out: it may have nothing to do with the service.
    """
    wanted = _SCHOOLS if asked.level == SCHOOLS else ("district",)
    beneath = (
        row
        for row in rows[1:]
        if row.kind in wanted and (row.kind != "venue" or row.figures.get(workflow.id))
    )
    return [_compared(row, rows, workflow, asked) for row in (rows[0], *beneath)]


def table_of(
    lines: Sequence[Compared], title: Text, asked: Asked, former: Mapping[str, Compared] | None
) -> Table:
    """Return the comparison as a table, the whole place last; with what it was `former`ly."""
    label, per = _OF[asked.of]
    kind: Kind = "share" if asked.of in (ALL, FINISHED) else "number"
    columns = [Column(_PLACE), Column(title, "number"), Column(label, "number"), Column(per, kind)]
    if former is not None:
        columns += [Column(_FORMER, kind), Column(_POINTS if kind == "share" else _MORE, "number")]
    told = [_cells(each, asked, former) for each in lines]
    chart = Chart("bars", (3,)) if told[1:] else None
    return Table(title, columns, told[1:], Text(""), chart, total=told[0])


def is_hidden(what: str, figures: Figures, workflow: Workflow) -> bool:
    """Tell whether so few answered that nothing is told of their answers.

    Of a question with several choices, at least as many answered as gave the commonest.
    """
    kind, _, name = what.partition(":")
    if not kind.startswith("answer"):
        return False
    given = [n for each, n in figures.items() if each.startswith(f"a.{name.partition(':')[0]}.")]
    field = workflow.forms[workflow.form].fields.get(name.partition(":")[0])
    several = field is not None and field.type.name == "choices"
    return (max(given, default=0) if several else sum(given)) < LEAST


def _compared(row: Row, rows: Sequence[Row], workflow: Workflow, asked: Asked) -> Compared:
    figures = row.figures.get(workflow.id, {})
    if asked.of == PUPILS:
        whole = _pupils(row, rows)
    elif asked.of == PLACES:
        whole = sum(row.slug in each.line and each.kind in _SCHOOLS for each in rows)
    else:
        whole = count_of(asked.of, figures, workflow)
    hidden = is_hidden(asked.what, figures, workflow)
    return Compared(row, None if hidden else count_of(asked.what, figures, workflow), whole)


def _pupils(row: Row, rows: Sequence[Row]) -> int | None:
    """Return the pupils of a place, or of all beneath that say how many they have."""
    if row.pupils is not None:
        return row.pupils
    beneath = [each.pupils for each in rows if row.slug in each.line and each.pupils is not None]
    return sum(beneath) if beneath else None


def _cells(line: Compared, asked: Asked, former: Mapping[str, Compared] | None) -> Cells:
    now = _told(line, asked)
    cells: list[Cell] = [line.row.name, line.part, line.whole, now]
    if former is not None:
        before = _told(former[line.row.slug], asked) if line.row.slug in former else None
        more = None if now is None or before is None else now - before
        if more is not None and asked.of in (ALL, FINISHED):
            more = (more * 100).quantize(Decimal("0.1"))
        cells += [before, more]
    return tuple(cells)


def _told(line: Compared, asked: Asked) -> Decimal | None:
    if line.ratio is None:
        return None
    if asked.of in (ALL, FINISHED):
        return line.ratio.quantize(Decimal("0.0001"))
    return (line.ratio * (100 if asked.of == PUPILS else 1)).quantize(Decimal("0.1"))


def _labels(field: Field) -> dict[str, Text]:
    named = {each.value: each.label for each in field.choices}
    return {value: named.get(value) or _YES_NO[value] for value in offered(field)}


def _joined(zh: str, en: str, label: Text) -> Text:
    return Text(f"{zh}{label.zh}", f"{en}{label.get('en')}")
