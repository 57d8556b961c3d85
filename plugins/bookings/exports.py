"""What the lists of venues and of a venue's day say as tables, to be saved as workbooks."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Column, Context, Item, Table
from core.claims.opening_words import hours_words
from forms.text import Text

_NOTE = Text(
    "姓名和电话只用来接待。", "Names and telephone numbers are for receiving the visitors only."
)
_GOING = ("date", "slot", "school", "classes.class_name", "heads", "arrived", "guide")
_WITH = ("escorts.escort_name", "contact_phone")


def venue_table(context: Context, found: Sequence[Item]) -> Table:
    """Return the directory as its page shows it."""
    said = ("kind", "capacity", "groups", "guides", "address", "telephone")
    first = {
        Column(Text("场馆", "Venue")): [Text.of(each["name"]) for each in found],
        Column(Text("开放时间", "Opening times")): list(map(hours_words, found)),
    }
    return context.table(Text("场馆名录", "Venues"), said, found, first=first)


def day_table(context: Context, rows: Sequence[Mapping[str, Any]], title: Text) -> Table:
    """Return who comes to a venue on a day, in full as its page shows it."""
    told = [{**each["case"].answers, **each["case"].steps} for each in rows]
    now = {Column(Text("现在", "State")): [each["state"].label for each in rows]}
    return context.table(title, (*_GOING, *_WITH), told, last=now, note=_NOTE)
