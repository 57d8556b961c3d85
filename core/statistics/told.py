"""Statistics in words: titles, columns and rows, as a page, a chart or an export shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.statistics.counted import counted_fields, offered
from core.statistics.reading import Month, Statistics
from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Language
from forms.text import Text
from workflows.definition import Workflow

Cell = str | int
MINUTE, HOUR, DAY = 60, 3600, 86400
FEW = 10
"""Below so many hours or days a tenth is told, too."""
_UNITS = ((DAY, "天", "days"), (HOUR, "小时", "hours"), (MINUTE, "分钟", "minutes"))

_NOW = Text("现在各环节的件数", "Where cases stand now")
_FLOW = Text("每月收到和办结的件数", "Received and finished each month")
_SPENT = Text("各环节用了多久", "How long each step took")
_STATE, _CASES = Text("环节", "Step"), Text("件数", "Cases")
_MONTH, _FILED, _DONE = Text("月份", "Month"), Text("收到", "Received"), Text("办结", "Finished")
_LEFT, _LATE = Text("办过的件数", "Cases that left it"), Text("逾期", "Overdue")
_MEDIAN, _MOST = Text("一半不超过", "Half within"), Text("九成不超过", "Nine in ten within")
_ANSWER, _SHARE = Text("答案", "Answer"), Text("占比", "Share")
_YES_NO = {"true": Text("是", "Yes"), "false": Text("否", "No")}


@dataclass(frozen=True, slots=True)
class Told:
    """One table; `name` is the same in every language: now, months, spent, or the field asked."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def told(
    statistics: Statistics, workflow: Workflow, form: Form, language: Language = "zh"
) -> tuple[Told, ...]:
    """Return the statistics in words: where cases stand, months, times, and answers per choice.

    States and choices come in the order of their definition, those of former versions last and
    under their own names. A table without anything to tell has no rows; of a question that nobody
    has answered there is none.
    """
    fields = counted_fields(form)
    asked = _ordered(statistics.answers, fields)
    return (
        _standing(statistics, workflow, language),
        _months(statistics, workflow, language),
        _times(statistics, workflow, language),
        *(_answers(statistics, fields.get(name), name, language) for name in asked),
    )


def finished(workflow: Workflow, month: Month) -> int:
    """Return how many cases came to their end or into force, less those that came out again."""
    kinds = {each.name: each.kind for each in workflow.states.values()}
    ends = {name for name, kind in kinds.items() if kind in ("standing", "final", "final_bad")}
    came = sum(n for state, n in month.entered.items() if state in ends)
    return max(0, came - sum(n for state, n in month.left.items() if state in ends))


def span_words(seconds: float, language: Language = "zh") -> str:
    """Return a span as people say it, no finer than it is known: 12分钟, 3.5小时, 20天."""
    size, zh, en = next(unit for unit in _UNITS if seconds >= unit[0] * 1.5 or unit[0] == MINUTE)
    n = seconds / size
    said = f"{n:.1f}".removesuffix(".0") if n < FEW and size != MINUTE else f"{n:.0f}"
    return f"{said}{zh}" if language == "zh" else f"{said} {en}"


def share_words(part: int, whole: int) -> str:
    """Return a share in whole per cent; "" of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else ""


def _standing(statistics: Statistics, workflow: Workflow, language: Language) -> Told:
    rows = [
        (_label(workflow, state, language), statistics.now[state])
        for state in _ordered(statistics.now, workflow.states)
    ]
    return _table("now", _NOW, (_STATE, _CASES), rows, language)


def _months(statistics: Statistics, workflow: Workflow, language: Language) -> Told:
    rows = [
        (f"{month.name[:4]}-{month.name[4:]}", month.filed, finished(workflow, month))
        for month in statistics.months
    ]
    return _table("months", _FLOW, (_MONTH, _FILED, _DONE), rows, language)


def _times(statistics: Statistics, workflow: Workflow, language: Language) -> Told:
    spent = statistics.spent
    rows = [
        (
            _label(workflow, state, language),
            spent[state].left,
            span_words(spent[state].median, language),
            span_words(spent[state].most, language),
            _late_words(workflow, state, spent[state].late, spent[state].left),
        )
        for state in _ordered(spent, workflow.states)
    ]
    return _table("spent", _SPENT, (_STATE, _LEFT, _MEDIAN, _MOST, _LATE), rows, language)


def _late_words(workflow: Workflow, state: str, late: int, left: int) -> str:
    found = workflow.states.get(state)
    return share_words(late, left) if late or (found and found.due) else ""


def _answers(statistics: Statistics, spec: Field | None, name: str, language: Language) -> Told:
    given = statistics.answers[name]
    labels = _labels(spec) if spec else {}
    several = spec is None or spec.type.name == "choices"
    answered = statistics.filed if several else sum(given.values())
    rows = [
        (
            labels[value].get(language) if value in labels else value,
            given.get(value, 0),
            share_words(given.get(value, 0), answered),
        )
        for value in [*labels, *(each for each in given if each not in labels)]
    ]
    title = spec.label if spec else Text(name)
    return _table(name, title, (_ANSWER, _CASES, _SHARE), rows, language)


def _labels(spec: Field) -> Mapping[str, Text]:
    named = {each.value: each.label for each in spec.choices}
    return {value: named.get(value) or _YES_NO[value] for value in offered(spec)}


def _ordered(found: Mapping[str, object], known: Mapping[str, object]) -> list[str]:
    return [name for name in known if name in found] + [n for n in found if n not in known]


def _label(workflow: Workflow, state: str, language: Language) -> str:
    found = workflow.states.get(state)
    return (found.label.get(language) if found else "") or state


def _table(
    name: str,
    title: Text,
    columns: tuple[Text, ...],
    rows: Sequence[tuple[Cell, ...]],
    language: Language,
) -> Told:
    heads = tuple(each.get(language) for each in columns)
    return Told(name, title.get(language), heads, tuple(rows))
