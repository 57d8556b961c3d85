"""The pages: a broken link reported in one tap, and the way into an hour with a teacher."""

from datetime import datetime, time, timedelta

from flask import Blueprint, abort, g, render_template, request

from core.api import CaseView, Context
from workflows.spans import CHINA

bp = Blueprint("cloud_classroom", __name__)
SHARING, ANNOUNCED = "sharing", "announced"
_OPENS = timedelta(minutes=15)
_REPORTS_AN_HOUR = 20


@bp.post("/broken/<public:case_id>/")
def broken(place: str, case_id: str) -> str:  # noqa: ARG001 — the context knows it
    """Take in that a link does not open; whoever says it need not say who they are."""
    context: Context = g.context
    context.count("broken", request.remote_addr or "", _REPORTS_AN_HOUR)
    case = _case(context, case_id)
    if case.state not in ("published", "doubted", "reported"):
        abort(404)
    context.move(case.id, "report")
    return render_template("cloud_classroom/thanks.html", place=context.place, case=case)


@bp.get("/join/<public:case_id>/")
def join(place: str, case_id: str) -> str:  # noqa: ARG001 — the context knows it
    """Show the way into an hour, from fifteen minutes before it begins until it ends."""
    context: Context = g.context
    case = _case(context, case_id)
    if case.state != ANNOUNCED:
        abort(404)
    told, now = case.answers, context.clock.now()
    starts, ends = (_moment(told["date"], told[each]) for each in ("starts", "ends"))
    is_open = starts - _OPENS <= now <= ends
    return render_template(
        "cloud_classroom/join.html",
        place=context.place,
        case=case,
        told={name: each for name, each in told.items() if name != "join"},
        url=told["join"] if is_open else "",
        over=now > ends,
    )


def _case(context: Context, case_id: str) -> CaseView:
    """Return a resource of the county; 404 for anything else."""
    case = next(iter(context.cases([case_id], "county")), None)
    if case is None or case.workflow != SHARING:
        abort(404)
    return case


def _moment(day: str, clock: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day), time.fromisoformat(clock), CHINA)
