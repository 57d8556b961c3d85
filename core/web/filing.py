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
from core.plugins import Plugin, PluginFailed
from core.store import Busy
from core.web.access import anyone, is_applicant_of, signed_in
from core.web.kept_pages import CASE_MARK, CSRF_MARK, KeptPages
from core.web.language import choose_look, language, translate, type_size
from core.web.paper import Paper
from core.web.visit import case_signer, office, service_here, visit
from core.web.words import answer_words, masked, words
from forms.problems import Problem
from forms.surroundings import Surroundings
from workflows.case import Refused
from workflows.definition import SUBMIT

bp = Blueprint("filing", __name__)
_KEPT_RECEIPTS = 20
_UNFIT = 422


@bp.get("/<place>/<plugin>/")
@anyone
def start(place: str, plugin: str) -> str:
    """Show the first page of a service's form, with a fresh case id signed into it."""
    service = service_here(plugin)
    here = visit().place

    def rendered() -> str:
        paper = _blank_paper(service, "", CASE_MARK)
        page, _ = _shown(paper, csrf_token=lambda: CSRF_MARK)
        return page

    kept: KeptPages = current_app.extensions["kehou_pages"]
    pages = KeptPages() if visit().person else kept  # what somebody sees is kept for nobody
    today = local_date(office().ports.clock.now())
    looks = (language(), type_size(), request.script_root)
    signed = str(case_signer().dumps([place, plugin, fresh_number()]))
    key = (service.form.hash, here.slug, here.v, today, *looks)
    return pages.get(key, rendered, csrf=generate_csrf(), case=signed)


@bp.post("/<place>/<plugin>/")
@anyone
def hand_in(place: str, plugin: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read it
    """Turn a page, or take the whole form in. The same page sent twice gives one case."""
    service, case_id = service_here(plugin), visit().case_id
    if not case_id:
        abort(400)
    choose_look(request.form.get("action", ""))
    paper = _blank_paper(service, case_id, request.form["case"])
    paper.read()
    data = None if _turned(paper) else paper.check_all()
    if data is None:
        return _shown(paper)
    here, workflow = visit().place, service.workflow
    filing = Filing(case_id, plugin, here, service.form, workflow, data, paper.reason)
    return _taken_in(filing, paper)


@bp.route("/<place>/case/<case_id>/edit/", methods=["GET", "POST"])
@signed_in
def edit(place: str, case_id: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read them
    """Let the applicant mend a returned case and hand it in again."""
    case = visit().case
    choose_look(request.form.get("action", ""))
    if not _may_edit(case):
        if request.method == "POST" and is_applicant_of(case):  # handed in already, or lapsed
            return render_template("stale.html", case=case, place=visit().place), 409
        abort(403)
    paper = _returned_paper(case)
    if request.method == "GET":
        paper.answers = {name: each for name, each in case.answers.items() if each is not None}
        return _shown(paper)
    paper.read()
    data = None if _turned(paper) else paper.check_all()
    if data is None:
        return _shown(paper)
    return _handed_in_again(case, paper, data)


def _blank_paper(service: Plugin, case_id: str, signed: str) -> Paper:
    here = visit().place
    return Paper(
        service.form,
        _around(here),
        case_id,
        here.county,
        title=words(service.manifest.name),
        hidden={"case": signed},
        notice=here.settings.get(service.id, {}).get("notice", ""),
        back=url_for("portal.home", place=here.slug),
    )


def _returned_paper(case: Case) -> Paper:
    form, here = office().cases.form(case), visit().place
    return Paper(
        form,
        _around(here),
        case.id,
        here.county,
        title=words(form.title),
        hidden={"seen": request.form.get("seen", str(case.v))},
        marks=tuple(case.item["marks"]),
        asked=case.unseal("asked", case.item["asked"]),
        back=url_for("case_pages.show", place=here.slug, case_id=case.id),
    )


def _handed_in_again(case: Case, paper: Paper, data: Mapping[str, Any]) -> ResponseReturnValue:
    person, seen = visit().person, request.form.get("seen", 0, int)
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
        return _busy(paper)
    except PluginFailed:
        return _failed(paper)
    else:
        follow_up(after)
        return redirect(url_for("case_pages.show", place=visit().place.slug, case_id=case.id))
    return _shown(paper)


def _taken_in(filing: Filing, paper: Paper) -> ResponseReturnValue:
    running, here = office(), visit()
    try:
        if here.person is None and here.case_item is None:
            limit, now = current_app.config["SUBMISSIONS_AN_HOUR"], running.ports.clock.now()
            running.limits.count("submit", request.remote_addr or "", limit, now)
        case = running.cases.submit(filing, here.case_item, paper.around)
    except Different as different:
        case, both = different.case, _both(different.case, filing, paper)
        return render_template("different.html", case=case, place=filing.place, both=both), 409
    except Refused as refused:
        paper.problems += refused.problems
        return _shown(paper)
    except (Busy, TooOften):
        return _busy(paper)
    except PluginFailed:
        return _failed(paper)
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


def _shown(paper: Paper, status: int | None = None, **more: object) -> tuple[str, int]:
    page = render_template("form_page.html", paper=paper, place=visit().place, **more)
    return page, status or (_UNFIT if paper.problems else 200)


def _busy(paper: Paper) -> ResponseReturnValue:
    message = translate("现在办理的人多，您填的内容都在，请过一会儿再点一次提交")
    paper.problems.append(Problem("busy", message))
    return *_shown(paper, 429), {"Retry-After": "5"}


def _failed(paper: Paper) -> ResponseReturnValue:
    paper.problems.append(Problem("plugin_failed", failed_words()))
    return _shown(paper, 503)


def failed_words() -> str:
    """Return what people read where a plugin's Python failed."""
    return translate("这项服务出了故障，没有办成。您填的内容都在，请稍后再试，或联系县教育局")


def _may_edit(case: Case) -> bool:
    person = visit().person
    if person is None:
        return False
    cases = office().cases
    moves = cases.moves(case, cases.actor(case, person), _around(visit().place))
    return any(each.name == SUBMIT for each in moves)


def _around(place: Place) -> Surroundings:
    return office().around(language(), place)
