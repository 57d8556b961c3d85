"""Filling in a form and handing it in: a new case, or a returned one again."""

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from core.case_items import Case
from core.cases import Deed, Different, Filing, Stale, Taken
from core.limits import TooOften
from core.moments import local_date
from core.numbers import fresh_number
from core.places import Place
from core.plugins import Plugin
from core.store import Busy
from core.web.access import anyone, is_applicant_of, signed_in
from core.web.kept_pages import CASE_MARK, CSRF_MARK, KeptPages
from core.web.language import language, translate
from core.web.paper import Paper
from core.web.visit import case_signer, office, visit
from core.web.words import answer_words, masked, words
from forms.problems import Problem
from forms.surroundings import Surroundings
from workflows.case import Refused
from workflows.definition import SUBMIT

bp = Blueprint("filing", __name__)
_KEPT_RECEIPTS = 20


@bp.get("/<place>/<plugin>/")
@anyone
def start(place: str, plugin: str) -> str:
    """Show the first page of a service's form, with a fresh case id signed into it."""
    service, here = _service(plugin), visit().place

    def rendered() -> str:
        paper = Paper(service.form, _around(here), "", here.county)
        name = service.manifest.name.get(language())
        page, _ = _shown(paper, here, name, case=CASE_MARK, csrf_token=lambda: CSRF_MARK)
        return page

    kept: KeptPages = current_app.extensions["kehou_pages"]
    pages = KeptPages() if visit().person else kept  # what somebody sees is kept for nobody
    today, size = local_date(office().ports.clock.now()), request.cookies.get("size") == "large"
    looks = (language(), size, request.full_path, request.script_root)
    signed = str(case_signer().dumps([place, plugin, fresh_number()]))
    key = (service.form.hash, here.slug, here.v, today, *looks)
    return pages.get(key, rendered, csrf=generate_csrf(), case=signed)


@bp.post("/<place>/<plugin>/")
@anyone
def hand_in(place: str, plugin: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read it
    """Turn a page, or take the whole form in. The same page sent twice gives one case."""
    service, here, case_id = _service(plugin), visit().place, visit().case_id
    if not case_id:
        abort(400)
    paper = Paper(service.form, _around(here), case_id, here.county)
    paper.read()
    name, carried = service.manifest.name.get(language()), request.form["case"]
    if not _turned(paper):
        data = paper.check_all()
        if data is not None:
            filing = Filing(
                case_id, plugin, here, service.form, service.workflow, data, paper.reason
            )
            return _taken_in(filing, paper, name, carried)
    return _shown(paper, here, name, case=carried)


@bp.route("/<place>/case/<case_id>/edit/", methods=["GET", "POST"])
@signed_in
def edit(place: str, case_id: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read them
    """Let the applicant mend a returned case and hand it in again."""
    case, here = visit().case, visit().place
    form = office().cases.form(case)
    if not _may_edit(case):
        if request.method == "POST" and is_applicant_of(case):  # handed in already, or lapsed
            return render_template("stale.html", case=case, place=here), 409
        abort(403)
    paper = Paper(form, _around(here), case.id, here.county, marks=tuple(case.item["marks"]))
    title = form.title.get(language())
    if request.method == "GET":
        paper.answers = {name: each for name, each in case.answers.items() if each is not None}
        return _shown(paper, here, title, seen=case.v, returned=case)
    paper.read()
    seen = request.form.get("seen", 0, int)
    if not _turned(paper):
        data = paper.check_all()
        if data is not None:
            return _handed_in_again(case, seen, paper, title, data)
    return _shown(paper, here, title, seen=seen, returned=case)


def _handed_in_again(
    case: Case, seen: int, paper: Paper, title: str, data: Mapping[str, Any]
) -> ResponseReturnValue:
    person = visit().person
    if person is None:
        abort(403)
    deed = Deed(SUBMIT, seen, person, comment=paper.reason)
    try:
        after = office().cases.edit(case, deed, data, paper.around)
    except Stale as stale:
        return render_template("stale.html", case=stale.case, place=visit().place), 409
    except Taken:
        message = translate("这份登记暂时不能这样修改，请联系学校核对")
        paper.problems.append(Problem("taken", message))
    except Refused as refused:
        paper.problems += refused.problems
    except Busy:
        return _busy(paper, title, seen=seen)
    else:
        follow_up(after)
        return redirect(url_for("case_pages.show", place=visit().place.slug, case_id=case.id))
    return _shown(paper, visit().place, title, seen=seen, returned=case)


def _taken_in(filing: Filing, paper: Paper, name: str, carried: str) -> ResponseReturnValue:
    running, here = office(), visit()
    try:
        if here.person is None and here.case_item is None:
            limit, now = current_app.config["SUBMISSIONS_AN_HOUR"], running.ports.clock.now()
            running.limits.count("submit", request.remote_addr or "", limit, now)
        case = running.cases.submit(filing, here.case_item, paper.around)
    except Different as different:
        both = _both(different.case, filing, paper)
        case = different.case
        return render_template("different.html", case=case, place=filing.place, both=both), 409
    except Refused as refused:
        paper.problems += refused.problems
        return _shown(paper, filing.place, name, case=carried)
    except (Busy, TooOften):
        return _busy(paper, name, case=carried)
    remember_receipt(case.id)
    follow_up(case)
    return redirect(url_for("case_pages.show", place=filing.place.slug, case_id=case.id))


def _both(case: Case, filing: Filing, paper: Paper) -> list[tuple[str, str, str]]:
    """Return the answers that differ: label, what was accepted before, what came now."""
    rows = []
    for name, spec in filing.form.fields.items():
        before, now = case.answers.get(name), filing.data.get(name)
        if before != now:
            said = [masked(spec, answer_words(spec, each, paper.around)) for each in (before, now)]
            rows.append((words(spec.label), said[0], said[1]))
    return rows


def follow_up(case: Case) -> None:
    """Have what the latest event of a case has left to do done after the reply."""
    effects = office().effects
    office().ports.background.soon(lambda: effects.work_off(case))


def remember_receipt(case_id: str) -> None:
    """Let this browser see the case's state for a day without signing in."""
    kept = [each for each in session.get("receipts", []) if each != case_id]
    session["receipts"] = [*kept, case_id][-_KEPT_RECEIPTS:]
    session.permanent = True


def _turned(paper: Paper) -> bool:
    """Turn the page where that was asked for; False where the form is to be handed in."""
    action = request.form.get("action", "next")
    if action == "back":
        paper.problems.clear()
        paper.turn(-1)
        return True
    if action not in ("next", "submit"):
        return True
    if paper.last:
        return False
    if paper.check():
        paper.turn(1)
    return True


def _shown(paper: Paper, place: Place, name: str, **carried: object) -> tuple[str, int]:
    page = render_template("form_page.html", paper=paper, place=place, name=name, **carried)
    return page, 422 if paper.problems else 200


def _busy(paper: Paper, name: str, **carried: object) -> ResponseReturnValue:
    message = translate("现在办理的人多，您填的内容都在，请过一会儿再点一次提交")
    paper.problems.append(Problem("busy", message))
    page, _ = _shown(paper, visit().place, name, **carried)
    return page, 429, {"Retry-After": "5"}


def _may_edit(case: Case) -> bool:
    person = visit().person
    if person is None:
        return False
    cases = office().cases
    moves = cases.moves(case, cases.actor(case, person), _around(visit().place))
    return any(each.name == SUBMIT for each in moves)


def _around(place: Place) -> Surroundings:
    return office().around(language(), place)


def _service(plugin: str) -> Plugin:
    """Return the service where it is in force here; 404 where it is not."""
    service = office().catalogue.plugins.get(plugin)
    if service is None or plugin not in visit().place.services:
        abort(404)
    return service
