"""The desk: an officer's queue, overdue first; and a person's own cases."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request

from core.case_items import Case, desk_name
from core.people import Person
from core.places import UnknownPlace
from core.plugins import Plugin
from core.store import Page
from core.web.access import MANAGERS, signed_in
from core.web.case_view import CaseSheet
from core.web.language import language
from core.web.visit import office, visit
from forms.text import Text

bp = Blueprint("desk", __name__)
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Tray:
    """One queue an officer works on: a service, in one role, at one place."""

    plugin: Plugin
    role: str
    role_name: Text
    place: str

    @property
    def name(self) -> str:
        """The partition of the desk index."""
        return desk_name(self.place, self.role, self.plugin.id)


@bp.get("/desk/")
@signed_in
def desk() -> str:
    """Show one tray: what is due first stands first, so overdue work leads."""
    person = visit().person
    if person is None or not person.roles:
        abort(403)
    trays = _trays(person)
    wanted = request.args.get("tray", "")
    tray = next((each for each in trays if each.name == wanted), trays[0] if trays else None)
    if tray is None:
        managing = any(role.name in MANAGERS for role in person.roles)
        return render_template("desk.html", trays=(), tray=None, is_manager=managing)
    found = _page_of(tray.name, index="desk", limit=_PAGE)
    sheets = [_sheet(Case(item, office().vault)) for item in found.items]
    counts: dict[str, int] = {}
    for sheet in sheets:
        counts[sheet.case.state] = counts.get(sheet.case.state, 0) + 1
    state = request.args.get("state", "")
    words = request.args.get("q", "").strip()
    rows = [
        each for each in sheets if state in ("", each.case.state) and _matches(each, tray, words)
    ]
    return render_template(
        "desk.html",
        trays=trays,
        tray=tray,
        rows=rows,
        counts=counts,
        total=len(sheets),
        state=state,
        q=words,
        names=_names(trays),
        after=found.cursor,
        is_manager=any(role.name in MANAGERS for role in person.roles),
    )


@bp.get("/my/")
@signed_in
def mine() -> str:
    """Show a person's own cases, the latest first."""
    person = visit().person
    if person is None:
        abort(403)
    page = _page_of(f"M#{person.holder}", index="mine", limit=20, reverse=True)
    sheets = [_sheet(Case(item, office().vault)) for item in page.items]
    return render_template("my.html", sheets=sheets, after=page.cursor)


def _page_of(partition: str, **how: Any) -> Page:
    """Return the page that the address asks for; 404 where its cursor is none of ours."""
    try:
        return office().ports.store.query(partition, cursor=request.args.get("after"), **how)
    except ValueError:
        abort(404)


def _trays(person: Person) -> list[Tray]:
    """Return a tray for every role held that a running service asks for."""
    return [
        Tray(plugin, role.name, asked.name, role.place)
        for plugin in office().catalogue.plugins.values()
        for asked in plugin.manifest.roles
        for role in person.roles
        if role.name == asked.id
    ]


def _names(trays: list[Tray]) -> dict[str, str]:
    names = {}
    for tray in trays:
        try:
            names[tray.place] = office().places.get(tray.place).name.get(language())
        except UnknownPlace:
            names[tray.place] = tray.place
    return names


def _sheet(case: Case) -> CaseSheet:
    cases, around = office().cases, office().around(language())
    return CaseSheet(case, cases.form(case), cases.workflow(case), around)


def _matches(sheet: CaseSheet, tray: Tray, words: str) -> bool:
    if not words:
        return True
    digits = "".join(each for each in words if each.isdigit())
    who = sheet.answer(tray.plugin.manifest.who)
    return words in who or (bool(digits) and sheet.case.id.startswith(digits))
