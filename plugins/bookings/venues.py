"""The county's venues: an entry for each, written in the commit of whatever changes its case.

An entry holds what the venue says of itself, but for what is personal, so that the pages of a
whole county cost one query and those of one venue one read. It stands while the case is open.
"""

from collections.abc import Iterator
from typing import Any

from core.api import Absent, CaseView, Context, Delete, Item, Put, Version, Write
from core.claims.openings import overlapping
from forms.problems import Problem

OPEN = "open"
VENUE = "venue"
PERSONAL = frozenset({"contact", "phone"})
UNSAID = {
    "guides": 0,
    "lead_days": 1,
    "ahead_days": 60,
    "auto_heads": 0,
    "term_limit": 0,
    "escort_ratio": 20,
}
"""What holds where a venue leaves one of its terms out; the form's hints say so."""
_ = str  # marks what is translated where it is shown


def venue(context: Context, slug: str) -> Item | None:
    """Return a venue's entry, with `name` (zh, en) and `case`; None where it is not open."""
    [entry] = context.get(_key(context, slug))
    return entry


def venues(context: Context) -> list[Item]:
    """Return the entries of the county's venues, each with its slug as `sk`."""
    return list(context.all(_key(context, "")[0]))


def against(context: Context, case: CaseView) -> Iterator[Problem]:
    """Yield what stands against a venue's entry, new or changed."""
    if context.place.kind != VENUE:
        yield Problem("not_a_venue", _("这里不是场馆。请到场馆自己的页面登记"), "kind")
        return
    entry = venue(context, case.place)
    if entry and entry["case"] != case.id:
        words = _("这个场馆已经登记过了。要改情况，请在原来的档案里修改")
        yield Problem("entered_already", words, "kind")
    for name, at in overlapping(case.answers):
        words = _("和前面一行的时间重叠了，请改开")
        yield Problem("overlap", words, f"{name}.{at}.starts")


def kept(context: Context, case: CaseView) -> list[Write]:
    """Return what brings the entry in step with its case; fails where another case has it."""
    pk, sk = key = _key(context, case.place)
    if case.state != OPEN:
        return [Delete(key)]
    stood = venue(context, case.place)
    own = stood is not None and stood["case"] == case.id
    when = Version(int(stood["v"])) if stood and own else Absent()
    return [Put({"pk": pk, "sk": sk, **_told(context, case)}, (when,))]


def _told(context: Context, case: CaseView) -> dict[str, Any]:
    said = {
        name: value
        for name, value in case.answers.items()
        if name not in PERSONAL and value is not None
    }
    name = context.place.name
    return {**UNSAID, **said, "name": {"zh": name.zh, "en": name.get("en")}, "case": case.id}


def _key(context: Context, slug: str) -> tuple[str, str]:
    return context.key("venues", context.place.county, slug)
