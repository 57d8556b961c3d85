"""An officer's trays: one queue for each service, role and place they work on."""

import re
from dataclasses import dataclass

from flask import abort, request

from core.case_items import Case, desk_name
from core.people import MANAGERS, Person
from core.places import UnknownPlace
from core.plugins import Plugin
from core.store import Page
from core.web.language import language
from core.web.sheet import CaseSheet
from core.web.visit import office, visit
from forms.text import Text

_SPACED = re.compile(r"[\s-]")


@dataclass(frozen=True, slots=True)
class Tray:
    """One queue: a service, in one role, at one place; `lender` is whom they stand in for."""

    plugin: Plugin
    role: str
    role_name: Text
    place: str
    lender: str = ""

    @property
    def name(self) -> str:
        """The partition of the desk index."""
        return desk_name(self.place, self.role, self.plugin.id)

    @property
    def gets_work(self) -> bool:
        """Whether the service ever puts a case on anybody's desk."""
        flows = self.plugin.workflows.values()
        return any(state.assign for flow in flows for state in flow.states.values())


def officer() -> Person:
    """Return the visitor, who must hold a role; 403 for others."""
    person = visit().person
    if person is None or not person.roles:
        abort(403)
    return person


def is_manager(person: Person) -> bool:
    """Tell whether somebody manages places in their own name."""
    return any(role.name in MANAGERS for role in person.roles)


def trays_of(person: Person) -> list[Tray]:
    """Return a tray for every role worked in today that a running service asks for."""
    lenders = {each.role: each.officer_name for each in person.lent}
    own = set(person.roles)
    return [
        Tray(plugin, role.name, asked.name, role.place, "" if role in own else lenders[role])
        for role in person.seats
        for plugin in _services(role.place)
        for asked in plugin.manifest.roles
        if role.name == asked.id
    ]


def tray_asked_for(trays: list[Tray]) -> Tray | None:
    """Return the tray that the address names, else the first."""
    wanted = request.values.get("tray", "")
    return next((each for each in trays if each.name == wanted), trays[0] if trays else None)


def tray_names(trays: list[Tray]) -> dict[str, str]:
    """Return the names of the trays' places, by slug."""
    return {tray.place: name_of(tray.place) for tray in trays}


def name_of(slug: str) -> str:
    """Return a place's name in the visitor's language; its slug where there is none."""
    try:
        return office().places.get(slug).name.get(language())
    except UnknownPlace:
        return slug


def page_of(partition: str, **how: object) -> Page:
    """Return the page that the address asks for; 404 where its cursor is none of ours."""
    return page_after(request.args.get("after"), partition, **how)


def page_after(after: str | None, partition: str, **how: object) -> Page:
    """Return the page from a cursor on; 404 where it is none of ours."""
    try:
        return office().ports.store.query(partition, cursor=after, **how)  # type: ignore[arg-type]
    except ValueError:
        abort(404)


def sheet_of(case: Case) -> CaseSheet:
    """Return a case with its definitions."""
    cases, around = office().cases, office().around(language())
    return CaseSheet(case, cases.form(case), cases.workflow(case), around)


def matches(sheet: CaseSheet, tray: Tray, words: str) -> bool:
    """Tell whether a case is meant by a name, or by the first digits of its receipt."""
    if not words:
        return True
    number = _SPACED.sub("", words)
    who = sheet.first_answer(tray.plugin.manifest.who)
    return words in who or (number.isdigit() and sheet.case.id.startswith(number))


def _services(place: str) -> list[Plugin]:
    try:
        return office().offers.known_at([office().places.get(place)])
    except UnknownPlace:
        return []
