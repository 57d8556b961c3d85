"""What does not lie on an officer's desk: done, or waiting for somebody else.

By the place and month it was filed in, state, and words. An organisation's list opens on what
concerns it, filed with itself or with its district; another's on the first place that has any.
"""

from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from itertools import islice

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case, register_name
from core.moments import local_date
from core.places import Place
from core.store import Item
from core.web.access import is_officer_of, signed_in
from core.web.answer_lists import answer_table, near, record_looks
from core.web.case_lists import case_table, every_sheet
from core.web.happenings import place_names
from core.web.language import translate, words
from core.web.sheet import CaseSheet
from core.web.sought import is_forgotten, sought_in_list
from core.web.tables import workbook_response
from core.web.trays import (
    Tray,
    matches,
    name_of,
    officer,
    page_after,
    sheet_of,
    tray_asked_for,
    tray_names,
    trays_of,
)
from core.web.visit import office
from core.workbooks import MOST_ROWS

bp = Blueprint("finished", __name__)
_PAGE = 50
_MONTHS = 24
_NO_MORE = "-"
_TRIED = 6
"""How many places are looked at for one that has any, where none was asked for."""


@bp.get("/desk/finished/")
@signed_in
def finished() -> ResponseReturnValue:
    """Show one page of a tray's cases that do not lie on its desk."""
    person = officer()
    if is_forgotten(person):
        return redirect(url_for("finished.finished", tray=request.args.get("tray", "")))
    trays = trays_of(person)
    tray = tray_asked_for(trays)
    if tray is None:
        return render_template("finished.html", tray=None)
    here, months = office().places.get(tray.place), _months()
    places, called = _places(here), place_names(here)
    month = _one_of(months, "month")
    at, done, after = _opened(here, places, tray, month)
    state, asked = request.args.get("state", ""), sought_in_list(person)
    rows = [each for each in done if state in ("", each.case.state) and matches(each, tray, asked)]
    around = near(rows)
    return render_template(
        "finished.html",
        trays=trays,
        tray=tray,
        names=tray_names(trays),
        places={slug: called.get(slug, slug) for slug in places},
        own=here.slug if _is_inside(here) else "",
        months=months,
        at=at,
        month=month,
        states={each.case.state: each.state.label for each in done},
        state=state,
        q=asked,
        seek=request.args.get("seek", ""),
        rows=[replace(each, around=around[each.case.item["place"]]) for each in rows],
        after=after,
    )


@bp.get("/desk/finished.xlsx")
@signed_in
def workbook() -> Response:
    """Send what the filter shows of these cases, all its pages, as a workbook."""
    tray, title, sheets = asked_for()
    return workbook_response([case_table(title, sheets, tray, gist=False)], title)


@bp.post("/desk/finished/answers.xlsx")
@signed_in
def answers() -> Response:
    """Send the same cases with every answer they may read, in full; that look is recorded."""
    tray, title, sheets = asked_for()
    found = list(islice(sheets, MOST_ROWS))
    record_looks(found, officer(), f"{tray.plugin.id}.finished")
    whole = translate("全部内容")
    return workbook_response([answer_table(title, found)], f"{title} {whole}")


def asked_for() -> tuple[Tray, str, Iterator[CaseSheet]]:
    """Return the tray, the title and the cases that the filter shows; 404 for nobody's tray."""
    person, asked = officer(), request.values
    tray = tray_asked_for(trays_of(person))
    if tray is None or tray.name != asked.get("tray", tray.name):
        abort(404)
    here, state, called = (
        office().places.get(tray.place),
        asked.get("state", ""),
        sought_in_list(person),
    )
    at, month = _one_of(_places(here), "at"), _one_of(_months(), "month")
    parts = [
        every_sheet(name, index="register", reverse=True)
        for name in _registers(here, at, tray, month)
    ]
    sheets = (
        each
        for each in merge(*parts, key=_filed_at, reverse=True)
        if _is_away(each, tray) and state in ("", each.case.state) and matches(each, tray, called)
    )
    done = translate("已办的")
    title = f"{words(tray.plugin.manifest.name)} {name_of(at)} {month} {done}"
    return tray, title, sheets


def _opened(
    here: Place, places: list[str], tray: Tray, month: str
) -> tuple[str, list[CaseSheet], str]:
    """Return the place that is looked at, what its page shows of a tray, and the cursors onward.

    The place that the address names; else the first of six that has any.
    """
    asked, tried = _one_of(places, "at"), []
    is_named = asked == request.args.get("at") or _is_inside(here)
    for at in [asked] if is_named else places[:_TRIED]:
        items, after = _page(_registers(here, at, tray, month))
        sheets = (sheet_of(Case(item, office().vault)) for item in items)
        tried.append((at, [sheet for sheet in sheets if _is_away(sheet, tray)], after))
        if tried[-1][1]:
            return tried[-1]
    return tried[0]


def _registers(here: Place, at: str, tray: Tray, month: str) -> list[str]:
    """Return the partitions of the register to look in: an organisation's own and its district's.

    Elsewhere that of the place alone.
    """
    district = here.at("district")
    both = _is_inside(here) and at == here.slug and district
    places = [at, district] if both and district else [at]
    return [register_name(each, tray.plugin.id, month) for each in places]


def _is_inside(here: Place) -> bool:
    """Tell whether a place lies within a district, as schools and venues do."""
    return here.at("district") not in (None, here.slug)


def _page(registers: list[str]) -> tuple[list[Item], str]:
    """Return the latest of some partitions from the address's cursors on, and those to go on from.

    A cursor for each, `-` where there is nothing more; "" where none has more.
    """
    asked = request.args.get("after", "")
    afters: list[str | None] = [*asked.split(",")] if asked else [None] * len(registers)
    if len(afters) != len(registers):
        abort(404)
    pages = {
        name: page_after(after, name, index="register", limit=_PAGE, reverse=True)
        for name, after in zip(registers, afters, strict=True)
        if after != _NO_MORE
    }
    items = [item for page in pages.values() for item in page.items]
    onward = [pages[name].cursor or _NO_MORE if name in pages else _NO_MORE for name in registers]
    more = any(each != _NO_MORE for each in onward)
    return sorted(items, key=_at, reverse=True), ",".join(onward) if more else ""


def _at(item: Item) -> str:
    return str(item["at"])


def _filed_at(sheet: CaseSheet) -> str:
    return _at(sheet.case.item)


def _is_away(sheet: CaseSheet, tray: Tray) -> bool:
    """Tell whether a case concerns this tray and does not lie on its desk now."""
    item = sheet.case.item
    is_theirs = tray.place in sheet.case.reach and is_officer_of(sheet.case)
    return is_theirs and not item["twin"] and tuple(item["desk"]) != (tray.role, tray.place)


def _places(here: Place) -> list[str]:
    """Return where a place's cases may have been filed: with itself, its district, below, above."""
    below = [each.slug for each in here.below]
    above = [slug for slug, kind, _ in reversed(here.line) if kind not in ("province", "city")]
    return list(dict.fromkeys([here.slug, here.at("district") or here.slug, *below, *above]))


def _months() -> list[str]:
    """Return this month and those before it, as yyyymm, the latest first."""
    day = local_date(office().ports.clock.now())
    count = day.year * 12 + day.month - 1
    return [f"{n // 12}{n % 12 + 1:02}" for n in range(count, count - _MONTHS, -1)]


def _one_of(known: list[str], field: str) -> str:
    asked = request.values.get(field, "")
    return asked if asked in known else known[0]
