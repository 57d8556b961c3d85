"""Searching: an officer finds any case they may open, of any service, by what it says (ADR 34).

Sent by POST, so that no name and no number stands in an address, a browser's memory or a server's
log; what was found is the answer to a GET that names neither, so that Back leads to it. What was
looked for and which cases were shown is recorded, the text as a keyed hash.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case, case_key
from core.finding.seeking import MOST, Hit, Sought, can_be_sought
from core.finding.terms import LEAST, asked_for, matching, said_by
from core.limits import TooOften
from core.looks import look_at
from core.numbers import is_number
from core.people import MANAGERS, Person
from core.places import Place, UnknownPlace, context_key
from core.plugins import Plugin
from core.web.access import is_officer_of, signed_in
from core.web.language import translate, words
from core.web.receipt import case_of_mine, digits_of, wrong_digit
from core.web.sheet import CaseSheet
from core.web.sought import keep_sought, sought_before
from core.web.trays import name_of, officer, sheet_of
from core.web.visit import office
from forms.problems import Problem
from forms.text import Text

bp = Blueprint("search", __name__)
_PAGE = 50
_AT_ONCE = 100
"""How many items one round trip reads."""
_LONGEST = 100
_UNFIT, _TOO_OFTEN = 422, 429
_COUNTY = "county"
_NARROWING = ("service", "at", "state", "from", "onward")
_NUMBER = re.compile("[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Row:
    """A case that was found: its masked person, where it is, and which answers fit."""

    sheet: CaseSheet
    who: str
    service: Text
    place: str
    fitting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, where, and from which of the found on."""

    text: str
    county: str
    counties: Mapping[str, str]
    start: int
    plugin: str
    place: str
    state: str


@bp.get("/search/")
@signed_in
def ask() -> str:
    """Ask what is looked for, and say what can be; `?seek=…` shows again what was found before."""
    person, given = officer(), request.args
    name = given.get("seek", "")
    if not name:
        return _page(_asked(person, {}))
    said = sought_before(person, name)
    if said is None:
        told = translate("这次查找已经过了半小时，或是在别处做的，请再查一次")
        return _page(_asked(person, {}), Problem("forgotten", told, "q"))
    return _found(_asked(person, {**given, "q": said[0], "county": said[1]}), person)


@bp.post("/search/")
@signed_in
def find() -> ResponseReturnValue:
    """Lead to what was found; a receipt number leads to its case."""
    person = officer()
    asked = _asked(person, request.form)
    number = digits_of(asked.text)
    if is_number(number):
        found_at = case_of_mine(number)
        return redirect(found_at, 303) if found_at else _page(asked, sought=True)
    problem = _unfit(asked.text, number)
    if problem:
        return _page(asked, problem), _UNFIT
    limit, now = current_app.config["SEARCHES_AN_HOUR"], office().ports.clock.now()
    try:
        office().limits.count("search", person.id, limit, now)
    except TooOften:
        told = translate("这一小时查找得太多了（最多 %d 次），请过一会儿再查") % limit
        return _page(asked, Problem("too_often", told)), _TOO_OFTEN
    name = keep_sought(person, asked.text, asked.county)
    narrowed = {each: said for each in _NARROWING if (said := request.form.get(each))}
    return redirect(f"{url_for('search.ask')}?{urlencode({'seek': name, **narrowed})}", 303)


def _found(asked: Asked, person: Person) -> str:
    sought = office().seeking.of(asked.county, asked.text)
    open_to = [each for each in sought.hits if each.is_open_to(person, MANAGERS)]
    fit = [each for each in open_to if asked.plugin in ("", each.plugin)]
    fit = [each for each in fit if asked.place in ("", each.place)]
    end = asked.start + _PAGE
    rows = _rows(fit[asked.start : end], asked.text, dict.fromkeys(each.place for each in open_to))
    _record(asked, person, rows)
    states = {each.sheet.case.state: words(each.sheet.state.label) for each in rows}
    return _page(
        asked,
        sought=True,
        rows=[each for each in rows if asked.state in ("", each.sheet.case.state)],
        states=dict(sorted(states.items(), key=lambda each: each[1])),
        services=_services(open_to),
        places=_places(open_to),
        onward=end if end < len(fit) else None,
        cut=_is_cut(sought),
    )


def _is_cut(sought: Sought) -> int:
    return MOST if sought.cut else 0


def _rows(hits: Sequence[Hit], text: str, places: Iterable[str]) -> list[Row]:
    """Open what may be meant, and keep what says so to this officer.

    One round trip, with those of all `places` found whose names are not remembered.
    """
    if not hits:
        return []
    every = dict.fromkeys([*(each.place for each in hits), *places])
    unknown = [each for each in every if _known(each) is None][: _AT_ONCE - len(hits)]
    keys = [*(case_key(each.case) for each in hits), *map(context_key, unknown)]
    found = office().ports.store.get(*keys)
    for slug, item in zip(unknown, found[len(hits) :], strict=True):
        if item:
            office().places.remember(slug, item)
    cases = [Case(item, office().vault) for item in found[: len(hits)] if item]
    rows = (_row(sheet_of(case), text) for case in cases if is_officer_of(case))
    return [each for each in rows if each.fitting]


def _row(sheet: CaseSheet, text: str) -> Row:
    case = sheet.case
    said = matching(said_by(sheet.workflow, case.steps, case.answers), text)
    fitting = dict.fromkeys(words(each.asked.label) for each in said if sheet.reads(each.field))
    service = _service(case.item["plugin"], case.item["place"])
    who = sheet.first_answer(service.manifest.who) if service else ""
    name = service.manifest.name if service else Text(case.item["plugin"])
    return Row(sheet, who, name, name_of(case.item["place"]), tuple(fitting))


def _record(asked: Asked, person: Person, rows: Sequence[Row]) -> None:
    """Write down who looked for what: what is found tells that somebody is known here."""
    running = office()
    sought = running.vault.fingerprint(asked.county, f"sought|{asked_for(asked.text)}")
    about = {"sought": sought, "cases": [each.sheet.case.id for each in rows]}
    now = running.ports.clock.now()
    running.ports.store.commit(look_at(asked.county, person, "search", about, now))


def _unfit(text: str, number: str) -> Problem | None:
    """Say why a text cannot be looked for, and what can be."""
    misread = wrong_digit(number)
    if misread:
        return Problem("number", misread, "q")
    if not can_be_sought(text):
        said = translate("请至少写 %d 个字：查询码，或完整的姓名、手机号、证件号") % LEAST
        return Problem("too_short", said, "q")
    return None


def _asked(person: Person, given: Mapping[str, str]) -> Asked:
    counties = _counties(person)
    county, start = given.get("county", ""), given.get("from", "")
    return Asked(
        text=given.get("q", "").strip()[:_LONGEST],
        county=county if county in counties else next(iter(counties), ""),
        counties=counties,
        start=int(start) if "onward" in given and _NUMBER.fullmatch(start) else 0,
        plugin=given.get("service", ""),
        place=given.get("at", ""),
        state=given.get("state", ""),
    )


def _counties(person: Person) -> dict[str, str]:
    """Return the counties in which somebody works today, by slug; of a city, all of its."""
    found: dict[str, str] = {}
    for role in person.seats:
        for slug in _scopes(role.place):
            found.setdefault(slug, name_of(slug))
    return found


def _scopes(slug: str) -> list[str]:
    try:
        place = office().places.get(slug)
    except UnknownPlace:
        return []
    if place.at(_COUNTY):
        return [place.county]
    return [*(scope for each in place.below for scope in _scopes(each.slug)), place.slug]


def _services(hits: Sequence[Hit]) -> dict[str, str]:
    found = {each.plugin: each.place for each in hits}
    known = {name: _service(name, place) for name, place in found.items()}
    return {name: words(each.manifest.name) if each else name for name, each in known.items()}


def _places(hits: Sequence[Hit]) -> dict[str, str]:
    """Return the places of what was found whose names are at hand, by slug."""
    slugs = dict.fromkeys(each.place for each in hits)
    return {slug: words(place.name) for slug in slugs if (place := _known(slug))}


def _known(slug: str) -> Place | None:
    return office().places.remembered(slug)


def _service(plugin: str, slug: str) -> Plugin | None:
    place = _known(slug)
    return office().offers.at(place, plugin) if place else office().catalogue.plugins.get(plugin)


def _page(asked: Asked, *problems: Problem, sought: bool = False, **found: object) -> str:
    told: dict[str, object] = {
        "rows": (),
        "states": {},
        "services": {},
        "places": {},
        "onward": None,
        "cut": 0,
    }
    return render_template(
        "search.html", asked=asked, problems=problems, sought=sought, **{**told, **found}
    )
