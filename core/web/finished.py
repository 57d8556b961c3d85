"""An officer's finished cases: by the place and month they were filed in, state, and words."""

from flask import Blueprint, Response, abort, render_template, request

from core.case_items import Case, register_name
from core.moments import local_date
from core.places import Place
from core.web.access import is_officer_of, signed_in
from core.web.case_lists import case_table, every_sheet
from core.web.happenings import place_names
from core.web.language import translate, words
from core.web.sheet import CaseSheet
from core.web.tables import workbook_response
from core.web.trays import (
    Tray,
    matches,
    name_of,
    officer,
    page_of,
    sheet_of,
    tray_asked_for,
    tray_names,
    trays_of,
)
from core.web.visit import office

bp = Blueprint("finished", __name__)
_PAGE = 50
_MONTHS = 24
_DONE = frozenset({"standing", "final", "final_bad"})


@bp.get("/desk/finished/")
@signed_in
def finished() -> str:
    """Show one page of the cases of a tray that have come to their end or are in force."""
    person = officer()
    trays = trays_of(person)
    tray = tray_asked_for(trays)
    if tray is None:
        return render_template("finished.html", tray=None)
    here, months = office().places.get(tray.place), _months()
    places, called = _places(here), place_names(here)
    at, month = _one_of(places, "at"), _one_of(months, "month")
    partition = register_name(at, tray.plugin.id, month)
    found = page_of(partition, index="register", limit=_PAGE, reverse=True)
    done = [
        sheet
        for sheet in (sheet_of(Case(item, office().vault)) for item in found.items)
        if _is_done(sheet, tray)
    ]
    state, asked = request.args.get("state", ""), request.args.get("q", "").strip()
    rows = [each for each in done if state in ("", each.case.state) and matches(each, tray, asked)]
    return render_template(
        "finished.html",
        trays=trays,
        tray=tray,
        names=tray_names(trays),
        places={slug: called.get(slug, slug) for slug in places},
        months=months,
        at=at,
        month=month,
        states={each.case.state: each.state.label for each in done},
        state=state,
        q=asked,
        rows=rows,
        after=found.cursor,
    )


@bp.get("/desk/finished.xlsx")
@signed_in
def workbook() -> Response:
    """Send what the filter shows of the cases that are done, all its pages, as a workbook."""
    tray = tray_asked_for(trays_of(officer()))
    if tray is None or tray.name != request.args.get("tray", tray.name):
        abort(404)
    here, state = office().places.get(tray.place), request.args.get("state", "")
    at, month = _one_of(_places(here), "at"), _one_of(_months(), "month")
    asked = request.args.get("q", "").strip()
    sheets = (
        each
        for each in every_sheet(
            register_name(at, tray.plugin.id, month), index="register", reverse=True
        )
        if _is_done(each, tray) and state in ("", each.case.state) and matches(each, tray, asked)
    )
    title = f"{words(tray.plugin.manifest.name)} {name_of(at)} {month} {translate('已办的')}"
    return workbook_response([case_table(title, sheets, tray, gist=False)], title)


def _is_done(sheet: CaseSheet, tray: Tray) -> bool:
    """Tell whether a case has come to its end or is in force, and concerns this tray."""
    is_theirs = tray.place in sheet.case.reach and is_officer_of(sheet.case)
    return sheet.state.kind in _DONE and is_theirs


def _places(here: Place) -> list[str]:
    """Return where a place's cases may have been filed: beneath it first, then above."""
    below = [each.slug for each in here.below]
    above = [slug for slug, kind, _ in reversed(here.line) if kind not in ("province", "city")]
    district = here.at("district")
    first = [district] if district else below[:1]
    return list(dict.fromkeys([*first, *below, *above]))


def _months() -> list[str]:
    """Return this month and those before it, as yyyymm, the latest first."""
    day = local_date(office().ports.clock.now())
    count = day.year * 12 + day.month - 1
    return [f"{n // 12}{n % 12 + 1:02}" for n in range(count, count - _MONTHS, -1)]


def _one_of(known: list[str], field: str) -> str:
    asked = request.args.get(field, "")
    return asked if asked in known else known[0]
