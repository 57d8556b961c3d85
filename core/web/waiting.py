"""候办与提醒: who has not done it, by name, and one click or a text to copy (ADR 36)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import NotAllowed
from core.calendars import terms_at
from core.moments import local_date
from core.people import MANAGERS, Person
from core.places import Place
from core.plugins import Plugin
from core.reminders import MOST_AT_ONCE, Asking
from core.store import Item
from core.web.access import signed_in
from core.web.answers import joined
from core.web.language import translate
from core.web.overdue import SEATS_A_PAGE
from core.web.visit import office, visit
from core.web.waited_for import Beneath, Row
from core.web.words import day_words, words
from forms.problems import Problem
from workflows.definition import APPLICANT, Workflow

bp = Blueprint("waiting", __name__)
CLICKS_AN_HOUR = 30
_UNFIT = 422
_ABOVE = ("province", "city")


@dataclass(frozen=True, slots=True)
class Group:
    """Some who are waited for together: `text` is what a chat group may be told of them."""

    name: str
    rows: list[Row]
    reminded: Mapping[str, Item]
    text: str
    total: int = 0

    @property
    def open(self) -> list[Row]:
        """Who can be reminded and was not yet today, as many as one click reminds."""
        free = (each for each in self.rows if each.reachable)
        return [each for each in free if each.target.name not in self.reminded][:MOST_AT_ONCE]


@dataclass(frozen=True, slots=True)
class Look:
    """What a page looks at: a service here, one of its workflows, since when."""

    service: Plugin
    here: Place
    flow: Workflow
    since: date
    today: date
    start: int
    problems: tuple[Problem, ...] = ()


@bp.get("/<place>/<plugin>/waiting/")
@signed_in
def waiting(place: str, plugin: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read it
    """Show whom a service waits for here and beneath; `?since=2026-09-01`, `?workflow=…`."""
    return _page(_look(plugin), _allowed(plugin))


@bp.post("/<place>/<plugin>/waiting/")
@signed_in
def remind(place: str, plugin: str) -> ResponseReturnValue:
    """Have those of a group reminded who were shown and still are to be; each once a day."""
    asking, look = _allowed(plugin), _look(plugin)
    running, shown = office(), set(request.form.getlist("target"))
    now = running.ports.clock.now()
    running.limits.count("remind", asking.person.id, CLICKS_AN_HOUR, now)
    wanted = request.form.get("group", "")
    group = next((each for each in _groups(look, asking.person)[0] if each.name == wanted), None)
    if group is None:
        abort(404)
    targets = [each.target for each in group.open if each.target.name in shown]
    made = running.reminders.ask(look.here, plugin, targets, asking) if targets else []
    running.ports.background.soon(lambda: running.reminders.settle(made))
    asked = {"since": look.since.isoformat(), "workflow": look.flow.id, "from": str(look.start)}
    back = url_for("waiting.waiting", place=place, plugin=plugin)
    return redirect(f"{back}?{urlencode({**asked, 'told': len(made)})}#{wanted}", 303)


def works_on(service: Plugin) -> frozenset[str]:
    """Return the roles that some state of a service lies on the desk of."""
    flows = service.workflows.values()
    return frozenset(s.assign.role for flow in flows for s in flow.states.values() if s.assign)


def _allowed(plugin: str) -> Asking:
    """Return as whom the visitor looks: in their own seat, else as a deputy; raise NotAllowed."""
    here, person = visit().place, visit().person
    service = office().offers.at(here, plugin)
    if service is None or person is None:
        abort(404)
    roles = works_on(service) | MANAGERS
    for own in person.roles:
        if own.name in roles and own.place in here.path:
            who = {"by": person.id, "role": own.name, "office": own.place}
            return Asking(person, who, (person.name,))
    for lent in person.lent:
        if lent.role.name in roles and lent.role.place in here.path:
            who = {"by": person.id, "role": lent.role.name, "office": lent.role.place}
            names = (person.name, lent.officer_name)
            return Asking(person, {**who, "for": lent.officer}, names)
    raise NotAllowed


def _look(plugin: str) -> Look:
    here, today = visit().place, local_date(office().ports.clock.now())
    service = office().offers.at(here, plugin) or abort(404)
    flows, asked = service.workflows, request.values.get("workflow", "")
    begun = [name for name in service.manifest.workflows if APPLICANT not in flows[name].starters]
    first = (begun or [*service.manifest.workflows])[0]
    flow = flows[asked if asked in flows else first]
    start = max(request.values.get("from", 0, int), 0)
    since, problems = _span(here, today)[0], list[Problem]()
    wanted = request.values.get("since", "")
    try:
        since = date.fromisoformat(wanted) if wanted else since
    except ValueError:
        problems = [Problem("since", translate("请填一个日期，例如 2026-09-01"), "since")]
    if not _earliest(today) <= since <= today:
        said = translate("只能从最近 12 个月里的一天算起，最晚到今天")
        since, problems = _span(here, today)[0], [Problem("since", said, "since")]
    return Look(service, here, flow, since, today, start, tuple(problems))


def _earliest(today: date) -> date:
    """Return the first day that can be asked for: the statistics of 13 months are read."""
    return (today - timedelta(days=365)).replace(day=1)


def _span(here: Place, today: date) -> tuple[date, list[tuple[str, date]]]:
    """Return the day asked for where none is, and those at hand: this month, this term."""
    month = today.replace(day=1)
    terms = [(each.name, each.first) for each in terms_at(here) if each.first <= today <= each.last]
    offered = [(translate("本月"), month), *terms]
    return offered[-1][1], offered


def _page(look: Look, asking: Asking) -> ResponseReturnValue:
    if look.here.kind in _ABOVE:
        groups, desks = list[Group](), 0
    else:
        groups, desks = _groups(look, asking.person)
    flows = [look.service.workflows[each] for each in look.service.manifest.workflows]
    onward = look.start + SEATS_A_PAGE
    page = render_template(
        "waiting.html",
        place=look.here,
        service=look.service,
        look=look,
        flows=flows,
        groups=groups,
        above=look.here.kind in _ABOVE,
        offered=_span(look.here, look.today)[1],
        earliest=_earliest(look.today),
        typed=request.args.get("since", look.since.isoformat()),
        told=request.args.get("told", None, int),
        onward=onward if onward < desks else None,
        names=office().reminders.names,
        public=APPLICANT in look.flow.starters,
        problems=look.problems,
    )
    return page, (_UNFIT if look.problems else 200)


def _groups(look: Look, person: Person) -> tuple[list[Group], int]:
    """Return the groups, and how many desks there are to look at."""
    beneath = Beneath(look.service, look.here, person)
    begun = [] if look.flow.circulation else beneath.not_begun(look.flow, look.since, look.today)
    late, desks = beneath.late(look.start)
    public, total = beneath.of_the_public(look.today)
    today = office().reminders.of_today(look.here.county, look.service.id)
    told = (("begin", begun, len(begun)), ("late", late, len(late)), ("case", public, total))
    return [Group(name, rows, today, _text(look, name, rows), n) for name, rows, n in told], desks


def _text(look: Look, name: str, rows: list[Row]) -> str:
    """Return what a chat group may be told: who, what, and where."""
    who = [_said(each) for each in rows if each.said]
    if not who:
        return ""
    here = visit().place
    told = {
        "place": words(here.name),
        "service": words(
            look.service.begun_as(look.flow.id) if name == "begin" else look.service.manifest.name
        ),
        "who": joined(who),
        "n": len(who),
        "since": day_words(look.since),
    }
    lead = {
        "begin": translate(
            "【%(place)s】%(service)s：从%(since)s算起还没有办的有%(n)s处：%(who)s。请尽快办理："
        ),
        "late": translate("【%(place)s】%(service)s：有超过期限没办的：%(who)s。请尽快办理："),
        "case": translate(
            "【%(place)s】%(service)s：请以下各位凭查询码补充或答复：%(who)s。办理进度在这里查："
        ),
    }[name]
    return lead % told + _address(look, name)


def _said(row: Row) -> str:
    if row.count:
        return translate("%(who)s%(n)s件") % {"who": row.said, "n": row.count}
    if row.sheet:
        tail = row.sheet.case.id[-4:]
        return translate("%(who)s（查询码末四位%(tail)s）") % {"who": row.said, "tail": tail}
    return row.said


def _address(look: Look, name: str) -> str:
    """Return the short address: of the service where it is open here, else of the place."""
    if name == "case":
        return url_for("receipt.look_up", _external=True)
    if look.service.id in look.here.services:
        at = {"place": look.here.slug, "plugin": look.service.id}
        return url_for("filing.start", **at, _external=True)
    return url_for("portal.home", place=look.here.slug, _external=True)
