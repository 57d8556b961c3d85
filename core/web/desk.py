"""The desk: an officer's queue, overdue first; and a person's own cases."""

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.drafts import Draft
from core.people import MANAGERS, Person
from core.places import Place
from core.web.access import signed_in
from core.web.beginnings import beginnings
from core.web.case_lists import case_table, every_sheet
from core.web.happenings import opened_names
from core.web.language import language, translate, words
from core.web.receipt import case_of_mine, digits_of
from core.web.sheet import CaseSheet
from core.web.sought import is_forgotten, keep_sought, sought_in_list
from core.web.tables import workbook_response
from core.web.tray_counts import opened, tray_counts
from core.web.trays import (
    Tray,
    is_manager,
    matches,
    name_of,
    officer,
    page_of,
    sheet_of,
    tray_asked_for,
    tray_names,
    trays_of,
)
from core.web.visit import office, visit
from workflows.definition import SUBMIT, Transition

bp = Blueprint("desk", __name__)
_LONGEST = 100
_NARROWING = ("tray", "at", "month", "state")


@bp.get("/desk/")
@signed_in
def desk() -> ResponseReturnValue:
    """Show one tray: what is due first stands first, so overdue work leads; how many lie on each.

    Where none was asked for, the one with the most urgent case.
    """
    person = officer()
    if is_forgotten(person):
        return redirect(url_for("desk.desk", tray=request.args.get("tray", "")))
    trays = trays_of(person)
    tray = tray_asked_for(trays)
    if tray is None:
        return render_template(
            "desk.html", trays=(), tray=None, is_manager=is_manager(person), managed=_managed()
        )
    tray, found = opened(trays, tray, asked=bool(request.args.get("tray")))
    sheets = [sheet_of(Case(item, office().vault)) for item in found.items]
    counts: dict[str, int] = {}
    labels: dict[str, str] = {}
    for sheet in sheets:
        counts[sheet.case.state] = counts.get(sheet.case.state, 0) + 1
        labels[sheet.case.state] = sheet.state.label.get(language())
    state = request.args.get("state", "")
    asked = sought_in_list(person)
    rows = [
        each for each in sheets if state in ("", each.case.state) and matches(each, tray, asked)
    ]
    return render_template(
        "desk.html",
        trays=trays,
        tray=tray,
        rows=rows,
        taken={each.case.id: _taken_by(each) for each in rows},
        counts=counts,
        labels=labels,
        beginnings=beginnings(tray),
        total=len(sheets),
        state=state,
        q=asked,
        seek=request.args.get("seek", ""),
        names=tray_names(trays),
        waiting=tray_counts().of(trays),
        after=found.cursor,
        is_manager=is_manager(person),
        managed=_managed(),
    )


@bp.post("/desk/find")
@signed_in
def find() -> ResponseReturnValue:
    """Lead to a tray, or to what is done, narrowed by a text that stands in no address.

    A whole receipt number leads to its case, on whatever desk it lies.
    """
    person, text = officer(), request.form.get("q", "").strip()[:_LONGEST]
    found_at = case_of_mine(digits_of(text))
    if found_at:
        return redirect(found_at, 303)
    kept = {name: said for name in _NARROWING if (said := request.form.get(name))}
    if text:
        kept["seek"] = keep_sought(person, text, "")
    page = "finished.finished" if request.form.get("list") == "finished" else "desk.desk"
    return redirect(f"{url_for(page)}?{urlencode(kept)}", 303)


@bp.get("/desk/tray.xlsx")
@signed_in
def workbook() -> Response:
    """Send what a tray's filter shows, all its pages, as a workbook."""
    tray, title, sheets = asked_for()
    return workbook_response([case_table(title, sheets, tray, gist=True)], title)


def asked_for() -> tuple[Tray, str, Iterator[CaseSheet]]:
    """Return the tray, the title and the cases that the filter shows; 404 for nobody's tray."""
    person, asked = officer(), request.values
    tray = tray_asked_for(trays_of(person))
    if tray is None or tray.name != asked.get("tray", tray.name):
        abort(404)
    wanted = tray, asked.get("state", ""), sought_in_list(person)
    waiting = translate("待我办理")
    title = f"{words(tray.plugin.manifest.name)} {name_of(tray.place)} {waiting}"
    return tray, title, _filtered(*wanted)


def _filtered(tray: Tray, state: str, called: str) -> Iterator[CaseSheet]:
    for each in every_sheet(tray.name, index="desk"):
        if state in ("", each.case.state) and matches(each, tray, called):
            yield each


def _managed() -> list[Place]:
    """Return the places whose rules and calendar the officer keeps."""
    person = visit().person
    roles = person.roles if person else ()
    return [office().places.get(role.place) for role in roles if role.name in MANAGERS]


@bp.get("/my/")
@signed_in
def mine() -> str:
    """Show a person's own cases, the latest first."""
    person = visit().person
    if person is None:
        abort(403)
    page = page_of(f"M#{person.holder}", index="mine", limit=20, reverse=True)
    cases = [Case(item, office().vault) for item in page.items if item["sk"] == "H"]
    drafts = [office().drafts.of_item(item) for item in page.items if item["sk"] != "H"]
    shown = [(each, _draft_title(each)) for each in drafts if each]
    sheets = [sheet_of(case) for case in cases]
    moves = {each.case.id: _taps(each, person) for each in sheets}
    told = {"sheets": sheets, "drafts": shown, "moves": moves, "place_name": name_of}
    return render_template("my.html", **told, after=page.cursor)


def _taps(sheet: CaseSheet, person: Person) -> list[Transition]:
    """Return the moves that a tap on the list makes: those of the person's own in this state."""
    cases = office().cases
    open_now = cases.moves(sheet.case, cases.actor(sheet.case, person), sheet.around)
    return [each for each in open_now if each.is_one_tap and each.name != SUBMIT]


def _draft_title(draft: Draft) -> str:
    return office().offers.definitions.form(draft.form).title.get(language())


def _taken_by(sheet: CaseSheet) -> str:
    taken = sheet.case.item["taken"]
    return "".join(opened_names(sheet, taken["n"], taken["names"])) if taken else ""
