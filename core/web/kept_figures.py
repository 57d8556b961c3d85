"""Figures kept for good (定格): a place's list of them, and the form that keeps the next one.

Read by whoever reads the service's figures there; kept and withdrawn by whoever manages the place.
Whoever may not read them is told that there is nothing: 404.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import NotAllowed
from core.moments import CHINA, local_date, moment_of
from core.people import Person
from core.places import Place
from core.plugins import Plugin
from core.statistics.keeping import MOST, Kept, TooMany, Wish
from core.statistics.reading import months_between
from core.statistics.standing import TooMuch
from core.web.access import manager, manages, signed_in
from core.web.figures import service_figures
from core.web.language import translate
from core.web.visit import office, visit
from core.web.words import day_words
from forms.problems import Problem
from forms.text import Text

bp = Blueprint("kept_figures", __name__)
_UNFIT = 422
_ID = re.compile(r"[0-9a-f]{16}")
_LONGEST = 60
_MOST_MONTHS = 24
_TODAY = "today"


@dataclass(frozen=True, slots=True)
class Here:
    """Whose figures are looked at: the place, the service, what its figures are called."""

    place: Place
    service: Plugin
    label: Text

    @property
    def flows(self) -> dict[str, dict[str, str]]:
        """The hashes of the workflows in force and their forms, by id."""
        flows = {name: self.service.workflows[name] for name in self.service.manifest.workflows}
        return {
            name: {"workflow": each.hash, "form": each.forms[each.form].hash}
            for name, each in flows.items()
        }


def here_or_nothing(plugin: str) -> Here:
    """Return whose figures are looked at; 404 for whoever may not, and above counties."""
    try:
        context, service, label = service_figures(plugin)
    except NotAllowed:
        abort(404)
    if context.place.at("county") is None:
        abort(404)
    return Here(context.place, service, label)


@bp.get("/<place>/<plugin>/figures/kept/")
@signed_in
def index(place: str, plugin: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show what was kept, the latest first, and what can be."""
    return _page(here_or_nothing(plugin), {})


@bp.post("/<place>/<plugin>/figures/kept/")
@manager
def keep(place: str, plugin: str) -> ResponseReturnValue:
    """Keep the figures as they stand; sent twice it is kept once."""
    here, person = here_or_nothing(plugin), visit().person
    given = {
        name: request.form.get(name, "").strip() for name in ("id", "title", "as_of", "former")
    }
    problems = [*_unfit(here, given)]
    if problems or person is None:
        return _page(here, given, *problems), _UNFIT
    month = "" if given["as_of"] == _TODAY else given["as_of"].replace("-", "")
    wish = Wish(given["id"], given["title"], month, given["former"])
    try:
        kept_id = _kept(here, wish, person)
    except TooMuch:
        said = translate("下面的地方和月份太多，一次定格不了。请到下一级地方分别定格")
        return _page(here, given, Problem("too_much", said)), _UNFIT
    except TooMany:
        said = translate("这里已经定格了 %d 份，不能再多。每一份都要长期保留，请到下一级地方定格")
        return _page(here, given, Problem("too_many", said % MOST)), _UNFIT
    return redirect(url_for("kept_figure.show", place=place, plugin=plugin, kept_id=kept_id), 303)


def _kept(here: Here, wish: Wish, person: Person) -> str:
    tree = office().places.tree(here.place)
    ordered = [here.place, *(each for each in tree if each.slug != here.place.slug)]
    return office().keeping.keep(wish, ordered, here.service.id, here.flows, person)


def _unfit(here: Here, given: Mapping[str, str]) -> list[Problem]:
    """Say what cannot be kept so, and what could be."""
    found = []
    if not 1 <= len(given["title"]) <= _LONGEST:
        said = translate("请写一个标题，最多 %d 个字，例如“2026年秋季学期期中”") % _LONGEST
        found.append(Problem("title", said, "title"))
    if given["as_of"] not in as_of_dates(here):
        said = translate("只能定格今天，或以前某个月的月底，请从列出的日期里选")
        found.append(Problem("as_of", said, "as_of"))
    if not _ID.fullmatch(given["id"]):
        found.append(Problem("id", translate("请刷新这一页再定格一次")))
    if given["former"] and _former(here, given["former"]) is None:
        said = translate("要更正的那一份不在这里，请重新选")
        found.append(Problem("former", said, "former"))
    return found


def _former(here: Here, kept_id: str) -> Kept | None:
    return office().keeping.get(here.place.county, here.service.id, here.place.slug, kept_id)


def as_of_dates(here: Here) -> dict[str, str]:
    """Return as of when figures can be kept, in words: today, and the ends of past months."""
    today = local_date(office().ports.clock.now())
    dates = {_TODAY: translate("今天（%s，到按下的这一刻）") % day_words(today)}
    first = min(filter(None, (_first(here, flow) for flow in here.flows)), default="")
    before = f"{today.replace(day=1) - timedelta(days=1):%Y%m}"
    months = [*months_between(first, before)] if first and first <= before else []
    for month in reversed(months[-_MOST_MONTHS:]):
        dates[f"{month[:4]}-{month[4:]}"] = day_words(_last_day(month))
    return dates


def as_of_words(kept: Kept) -> str:
    """Return as of when figures were kept: 截至2026年10月31日, or to the minute."""
    if kept.cut.month:
        return translate("截至%s") % day_words(_last_day(kept.cut.month))
    at = moment_of(kept.cut.moment).astimezone(CHINA)
    return translate("截至%s") % f"{day_words(at.date())} {at:%H:%M}"


def _last_day(month: str) -> date:
    """Return the last day of a month (yyyymm)."""
    first = date(int(month[:4]), int(month[4:]), 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _first(here: Here, flow: str) -> str:
    standing, place = office().keeping.standing, here.place
    return standing.first_month(place.county, here.service.id, flow, place.slug)


def _page(here: Here, typed: Mapping[str, str], *problems: Problem) -> str:
    kept = office().keeping.all_of(here.place.county, here.service.id, here.place.slug)
    may = manages(here.place)
    return render_template(
        "kept_list.html",
        here=here,
        place=here.place,
        kept=kept,
        as_of_words=as_of_words,
        dates=as_of_dates(here) if may else {},
        may_keep=may,
        fresh=typed.get("id") or secrets.token_hex(8),
        typed=typed,
        problems=problems,
    )
