"""What the figures of the service say: use by venue, of one venue by month; by weekday and hour."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from core.api import Chart, Column, Context, Table
from forms.text import Text
from plugins.bookings.usage import Use, months_between, uses_of
from plugins.bookings.venues import VENUE, venues
from plugins.bookings.words import WEEKDAYS, month_words

_FIGURES = (
    Column(Text("场次使用率", "Share of slots used"), "share"),
    Column(Text("用了的场次", "Slots used"), "number"),
    Column(Text("空着的场次", "Slots left free"), "number"),
    Column(Text("提供的场次", "Slots offered"), "number"),
    Column(Text("预约的学生人次", "Pupils booked"), "number"),
    Column(Text("名额使用率", "Share of places used"), "share"),
    Column(Text("批次", "Groups"), "number"),
)
_SHARE = (1,)
_BY_VENUE = (Text("各场馆的使用", "Use by venue"), Text("场馆", "Venue"), Chart("stacked", (2, 3)))
_BY_MONTH = (Text("各月的使用", "Use by month"), Text("月份", "Month"), Chart("series", _SHARE))
_BY_DAY = (Text("一周各天的使用", "Use by weekday"), Text("星期", "Weekday"), Chart("bars", _SHARE))
_BY_HOUR = (
    Text("各时段的使用", "Use by time of day"),
    Text("开始的时间", "Begins at"),
    Chart("bars", _SHARE),
)
_NOTE = Text(
    "按场馆现在的档案排场次。临时闭馆的、校历还没公布的日子不算提供；还没到的日子，约了就算用了；"
    "约了没来的也算用了。",
    "Slots follow the venues' records as they stand now. What was closed at short notice, and days"
    " without a published calendar, are not offered. What is booked counts as used, also for days"
    " to come, and where nobody came.",
)


def figures(context: Context, first: date, last: date) -> list[Table]:
    """Return how far the venues at and beneath a place are used; [] where there are none."""
    place = context.place
    here = {place.slug, *(each.slug for each in place.below)}
    whole = place.slug == place.county
    known = {each["sk"]: each for each in venues(context) if whole or each["sk"] in here}
    uses = [use for each in known.values() for use in uses_of(context, each, first, last)]
    if not known:
        return []
    hours = {each: Text(f"{each}:00–{each}:59") for each in sorted(set(map(_hour, uses)))}
    if place.kind == VENUE:
        months = {each: month_words(each) for each in months_between(first, last)}
        by_what = _table(_BY_MONTH, months, uses, _month)
    else:
        names = {slug: Text.of(each["name"]) for slug, each in known.items()}
        by_what = _table(_BY_VENUE, names, uses, _venue)
    by_day = _table(_BY_DAY, dict(enumerate(WEEKDAYS)), uses, _weekday)
    return [by_what, by_day, _table(_BY_HOUR, hours, uses, _hour)]


def _table(
    looks: tuple[Text, Text, Chart],
    names: Mapping[Any, Text],
    uses: Sequence[Use],
    key: Callable[[Use], Any],
) -> Table:
    """Return one row for each name, of the slots whose `key` it stands for, and the sum of all."""
    title, head, chart = looks
    rows = [
        (name, *_counted([each for each in uses if key(each) == one]))
        for one, name in names.items()
    ]
    total = (Text("合计", "All"), *_counted(uses))
    return Table(title, (Column(head), *_FIGURES), rows, _NOTE, chart, total)


def _counted(uses: Sequence[Use]) -> tuple[int | float | None, ...]:
    """Return what the columns say of these slots; a share of nothing is not known."""
    offered, used = len(uses), sum(each.heads > 0 for each in uses)
    places, heads = sum(each.places for each in uses), sum(each.heads for each in uses)
    shares = [n / of if of else None for n, of in ((used, offered), (heads, places))]
    groups = sum(each.groups for each in uses)
    return shares[0], used, offered - used, offered, heads, shares[1], groups


def _venue(use: Use) -> str:
    return use.venue


def _month(use: Use) -> date:
    return use.slot.date.replace(day=1)


def _weekday(use: Use) -> int:
    return use.slot.date.weekday()


def _hour(use: Use) -> int:
    return int(use.slot.starts[:2])
