"""Use of slots as tables: by whose they are, by month, by weekday and by time of day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.api import Chart, Column, Table, months
from core.claims.opening_words import WEEKDAYS, month_words
from core.claims.usage import Use
from forms.text import Text

_FIGURES = (
    Column(Text("场次使用率", "Share of slots used"), "share"),
    Column(Text("用了的场次", "Slots used"), "number"),
    Column(Text("空着的场次", "Slots left free"), "number"),
    Column(Text("提供的场次", "Slots offered"), "number"),
    Column(Text("预约的学生人次", "Pupils booked"), "number"),
    Column(Text("名额使用率", "Share of places used"), "share"),
    Column(Text("团队数", "Groups"), "number"),
)
_SHARE = (1,)
_NOTE = Text(
    "按现在的档案排场次。临时停开的、校历还没公布的日子不算提供；还没到的日子，约了就算用了；"
    "约了没来的也算用了。",
    "Slots follow the records as they stand now. What was closed at short notice, and days without"
    " a published calendar, are not offered. What is booked counts as used, also for days to come,"
    " and where nobody came.",
)


@dataclass(frozen=True, slots=True)
class _Look:
    title: Text
    head: Text
    chart: Chart


def use_by_whose(uses: Sequence[Use], names: Mapping[str, Text], title: Text, head: Text) -> Table:
    """Return a row for each of `names`, by whose slots they are."""
    look = _Look(title, head, Chart("stacked", (2, 3)))
    return _table(look, names, uses, lambda use: use.whose)


def use_by_month(uses: Sequence[Use], first: date, last: date) -> Table:
    """Return a row for each month of a span of days."""
    look = _Look(Text("各月的使用", "Use by month"), Text("月份", "Month"), Chart("series", _SHARE))
    names = {month: month_words(date.fromisoformat(f"{month}-01")) for month in months(first, last)}
    return _table(look, names, uses, lambda use: f"{use.slot.date:%Y-%m}")


def use_by_weekday(uses: Sequence[Use]) -> Table:
    """Return a row for each day of the week."""
    title, head = Text("一周各天的使用", "Use by weekday"), Text("星期", "Weekday")
    look = _Look(title, head, Chart("bars", _SHARE))
    return _table(look, dict(enumerate(WEEKDAYS)), uses, lambda use: use.slot.date.weekday())


def use_by_hour(uses: Sequence[Use]) -> Table:
    """Return a row for each hour of the day in which some slot begins."""
    title, head = Text("各时段的使用", "Use by time of day"), Text("开始的时间", "Begins at")
    hours = sorted({use.slot.starts[:2] for use in uses})
    names = {each: Text(f"{int(each)}:00–{int(each)}:59") for each in hours}
    look = _Look(title, head, Chart("bars", _SHARE))
    return _table(look, names, uses, lambda use: use.slot.starts[:2])


def _table(
    look: _Look, names: Mapping[Any, Text], uses: Sequence[Use], key: Callable[[Use], Any]
) -> Table:
    """Return one row for each name, of the slots whose `key` it stands for, and the sum of all."""
    rows = [
        (name, *_counted([each for each in uses if key(each) == one]))
        for one, name in names.items()
    ]
    total = (Text("合计", "All"), *_counted(uses))
    return Table(look.title, (Column(look.head), *_FIGURES), rows, _NOTE, look.chart, total)


def _counted(uses: Sequence[Use]) -> tuple[int | float | None, ...]:
    """Return what the columns say of these slots; a share of nothing is not known."""
    offered, used = len(uses), sum(each.heads > 0 for each in uses)
    places, heads = sum(each.places for each in uses), sum(each.heads for each in uses)
    shares = [n / of if of else None for n, of in ((used, offered), (heads, places))]
    groups = sum(each.groups for each in uses)
    return shares[0], used, offered - used, offered, heads, shares[1], groups
