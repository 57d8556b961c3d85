"""What the lists of venues and of a venue's day say as tables, to be saved as workbooks."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Column, Context, Item, Table
from forms.text import Text
from plugins.bookings.words import hours_words

_VENUES = (
    Column(Text("场馆", "Venue")),
    Column(Text("种类", "Kind")),
    Column(Text("开放时间", "Opening times")),
    Column(Text("一场最多人数", "Pupils in a slot"), "number"),
    Column(Text("一场最多组数", "Groups in a slot"), "number"),
    Column(Text("讲解员", "Guides"), "number"),
    Column(Text("地址", "Address")),
    Column(Text("咨询电话", "Telephone")),
)
_DAY = (
    Column(Text("日期", "Date"), "date"),
    Column(Text("时段", "Time")),
    Column(Text("学校", "School")),
    Column(Text("班级", "Classes")),
    Column(Text("人数", "Pupils"), "number"),
    Column(Text("到了的人数", "Arrived"), "number"),
    Column(Text("讲解员", "Guides"), "number"),
    Column(Text("带队教师", "Escorts")),
    Column(Text("电话", "Telephone")),
    Column(Text("现在", "State")),
)


def venue_table(context: Context, found: Sequence[Item]) -> Table:
    """Return the directory as its page shows it."""
    rows = [
        (
            Text.of(each["name"]),
            context.choice("kind", each["kind"]),
            hours_words(each),
            *(int(each[name]) for name in ("capacity", "groups", "guides")),
            each["address"],
            each.get("telephone", ""),
        )
        for each in found
    ]
    return Table(Text("场馆名录", "Venues"), _VENUES, rows)


def day_table(rows: Sequence[Mapping[str, Any]], title: Text) -> Table:
    """Return who comes to a venue on a day, in full as its page shows it."""
    return Table(
        title,
        _DAY,
        list(map(_visit, rows)),
        Text(
            "姓名和电话只用来接待。",
            "Names and telephone numbers are for receiving the visitors only.",
        ),
    )


def _visit(row: Mapping[str, Any]) -> Sequence[Any]:
    visit, told, steps = row["visit"], row["case"].answers, row["case"].steps
    return (
        visit.day,
        "–".join(visit.span),
        row["school"],
        "、".join(each["class_name"] for each in told["classes"]),
        visit.heads,
        steps.get("arrived"),
        visit.guides,
        "、".join(each["escort_name"] for each in told["escorts"]),
        told["contact_phone"],
        row["state"].label,
    )
