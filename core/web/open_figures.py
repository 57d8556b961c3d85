"""How services are getting on at a place, for everybody: received, finished, in time.

Sums only, in steps of five (`core.statistics.steps`): one or two in a small school, or two more
than yesterday, would be somebody.
"""

from datetime import date, timedelta

from flask import Blueprint, render_template

from core.calendars import terms_at
from core.moments import local_date
from core.places import Place
from core.plugins import Plugin
from core.statistics.reading import Statistics
from core.statistics.steps import STEP, told_count, told_share
from core.tables import Cell, Chart, Column, Table
from core.web.access import anyone
from core.web.language import language, translate
from core.web.public_pages import kept_for_all
from core.web.tables import shown
from core.web.visit import office, visit
from forms.text import Text
from workflows.definition import APPLICANT, Workflow

bp = Blueprint("open_figures", __name__)
_NOTE = Text(
    f"从办理经过数出来的，每几分钟更新。为了看不出是哪一个人，满 {STEP} 件才进一档："
    f"写 20，就是 20 到 24 件；不足 {STEP} 件的不显示。"
    "按时，是指办过的环节没有超过期限，还没办的不算在内；写 95%，就是不低于 95%、不到 100%。",
    "Counted from what happened to each case, brought up to date every few minutes."
    f" So that nobody can be made out, figures go in steps of {STEP}: 20 stands for 20 to 24;"
    f" those below {STEP} are not shown. In time are steps done within their limit, those still to"
    " be done are not counted; 95% stands for at least 95% and less than 100%.",
)
_COLUMNS = (
    Column(Text("服务", "Service")),
    Column(Text("收到", "Received"), "number"),
    Column(Text("办结", "Finished"), "number"),
    Column(Text("按时", "In time"), "share"),
)


@bp.get("/<place>/open-figures/")
@anyone
@kept_for_all
def show(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show this term, or outside terms the last three months."""
    here = visit().place
    first, last, called = _span(here)
    services = [each for each in office().offers.known_at([here]) if _is_public(each)]
    flows = [(each.id, name) for each in services for name in each.manifest.workflows]
    found = office().statistics.of_all(here, flows, f"{first:%Y%m}", f"{last:%Y%m}")
    rows = []
    for each in services:
        own = [(each.workflows[flow], found[each.id, flow]) for flow in each.manifest.workflows]
        row = _row(each, own)
        if row:
            rows.append(row)
    tables = [Table(_title(called), _COLUMNS, rows, _NOTE, Chart("bars", (1,)))] if rows else []
    return render_template("open_figures.html", place=here, shown=shown(tables), called=called)


def _is_public(service: Plugin) -> bool:
    """Tell whether the public begins cases of a service, whose numbers so are everybody's."""
    return any(APPLICANT in each.starters for each in service.workflows.values())


def _row(service: Plugin, flows: list[tuple[Workflow, Statistics]]) -> list[Cell] | None:
    """Return what is told of a service; None where that would be too few."""
    public = [(flow, each) for flow, each in flows if APPLICANT in flow.starters]
    filed = sum(each.filed for _, each in public)
    if told_count(filed) is None:
        return None
    final = {flow.id: {e.name for e in flow.states.values() if e.is_final} for flow, _ in public}
    done = sum(
        n
        for flow, each in public
        for state, n in each.whole.entered.items()
        if state in final[flow.id]
    )
    spent = [one for _, each in public for one in each.spent.values()]
    left, late = sum(each.left for each in spent), sum(each.late for each in spent)
    return [
        service.manifest.name,
        told_count(filed),
        told_count(done),
        told_share(left - late, left),
    ]


def _span(here: Place) -> tuple[date, date, str]:
    today = local_date(office().ports.clock.now())
    for term in terms_at(here):
        if term.first <= today <= term.last:
            called = term.name if language() == "zh" else "This term"  # names are in Chinese
            return term.first, today, called
    before = (today.replace(day=1) - timedelta(days=40)).replace(day=1)
    return before, today, translate("最近三个月")


def _title(called: str) -> Text:
    return Text(f"{called}的办理情况", f"{called}: how services are getting on")
