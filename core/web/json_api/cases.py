"""Cases by machine: listed, read, handed in, moved."""

from urllib.parse import urlencode

from flask import Response, abort, request, url_for

from core.case_items import Case, register_name
from core.looks import look_at
from core.moments import local_date
from core.web.access import is_officer_of
from core.web.downloads import sent_answer
from core.web.json_api.entry import (
    answered,
    bp,
    may,
    refuse,
    token,
)
from core.web.json_api.told import personal_names, told_case, told_event, told_place, told_text
from core.web.language import translate
from core.web.visit import office, visit

MOST = 100


@bp.get("/<place>/")
@token("read")
def index(place: str) -> Response:  # noqa: ARG001 — the visit has read it
    """Tell of a place: its services in force that the token is for, and what lies beneath."""
    here, known = visit().place, visit().token
    services = [
        {
            "id": each.id,
            "name": told_text(each.manifest.name),
            "workflows": [*each.manifest.workflows],
        }
        for each in office().offers.open_at(here)
        if known and each.id in known.services
    ]
    below = [{"slug": e.slug, "name": told_text(e.name), "kind": e.kind} for e in here.below]
    return answered({**told_place(here), "services": services, "below": below})


@bp.get("/<place>/<plugin>/cases")
@token("read")
def listed(place: str, plugin: str) -> Response:
    """List the cases filed at a place in a month, the latest first, some at a time."""
    month, limit, state = _month(), _limit(), request.args.get("state", "")
    partition, cursor = register_name(place, plugin, month), request.args.get("cursor")
    try:
        page = office().ports.store.query(
            partition, index="register", limit=limit, cursor=cursor, reverse=True
        )
    except ValueError:
        refuse(400, "cursor", translate("这个 cursor 不是上一页给的"))
    found = (Case(item, office().vault) for item in page.items)
    cases = [e for e in found if state in ("", e.state) and is_officer_of(e)]
    _record(cases)
    said = {"items": [told_case(each) for each in cases], "next": page.cursor}
    if page.cursor is None:
        return answered(said)
    asked = urlencode({**request.args, "cursor": page.cursor})
    onward = f"{url_for('json_api.listed', place=place, plugin=plugin)}?{asked}"
    return answered(said, Link=f'<{onward}>; rel="next"')


@bp.get("/<place>/<plugin>/cases/<case_id>")
@token("read")
def show(place: str, plugin: str, case_id: str) -> Response:  # noqa: ARG001
    """Tell of one case."""
    return answered_case(case_here(plugin))


@bp.get("/<place>/<plugin>/cases/<case_id>/events")
@token("read")
def events(place: str, plugin: str, case_id: str) -> Response:  # noqa: ARG001
    """Tell what happened to a case, oldest first, some at a time."""
    case = case_here(plugin)
    try:
        page = office().ports.store.query(
            f"C#{case.id}", prefix="E#", limit=_limit(), cursor=request.args.get("cursor")
        )
    except ValueError:
        refuse(400, "cursor", translate("这个 cursor 不是上一页给的"))
    _record([case], every=may("personal"))  # comments and steps, whatever its answers are
    return answered({"items": [told_event(case, e) for e in page.items], "next": page.cursor})


@bp.get("/<place>/<plugin>/cases/<case_id>/files/<path>")
@token("personal")
def file(place: str, plugin: str, case_id: str, path: str) -> Response:  # noqa: ARG001
    """Send a file of a case's answers."""
    case = case_here(plugin)
    _record([case], every=True)
    return sent_answer(case, [office().cases.form(case)], case.answers, path)


def case_here(plugin: str) -> Case:
    """Return the case in the address, of this service and for whoever lends the token."""
    case = visit().case
    if case.item["plugin"] != plugin or not is_officer_of(case):
        abort(404)
    return case


def answered_case(
    case: Case, status: int = 200, code: str = "", *, answers: bool = True
) -> Response:
    """Return a case as the answer, with its version as entity tag.

    Where its answers go with it, that look is recorded.
    """
    if answers:
        _record([case])
    return answered(told_case(case, code, answers=answers), status, ETag=f'"{case.v}"')


def _record(cases: list[Case], *, every: bool = False) -> None:
    """Write down of which cases something personal is given out: one record for an answer."""
    shown = [case.id for case in cases if every or personal_names(case)]
    known, person, now = visit().token, visit().person, office().ports.clock.now()
    if shown and known and person:
        told = {"cases": shown, "token": known.id}
        office().ports.store.commit(look_at(known.county, person, "api", told, now))


def _month() -> str:
    today = local_date(office().ports.clock.now())
    asked = request.args.get("month", f"{today:%Y-%m}")
    year, _, month = asked.partition("-")
    if not (len(asked) == 7 and asked.isascii() and year.isdigit() and month in _MONTHS):  # noqa: PLR2004
        refuse(400, "month", translate("month 请写成 2026-09"))
    return year + month


_MONTHS = frozenset(f"{n:02}" for n in range(1, 13))


def _limit() -> int:
    asked = request.args.get("limit", "50")
    known = asked.isascii() and asked.isdigit() and len(asked) <= len(str(MOST))
    if not known or not 1 <= int(asked) <= MOST:
        refuse(400, "limit", translate("limit 请写 1 到 100"))
    return int(asked)
