"""A case: what its applicant sees of it, what an officer sees, and the moves open to each."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.cases import Deed, Stale, Taken
from core.numbers import is_number
from core.plugins import PluginFailed
from core.store import Busy
from core.web.access import anyone, is_applicant_of, is_officer_of, signed_in
from core.web.case_view import CaseSheet, citizen_steps, timeline
from core.web.filing import failed_words, follow_up
from core.web.language import language, translate
from core.web.step_form import StepForm
from core.web.visit import office, visit
from forms.problems import Problem
from workflows.case import Refused
from workflows.definition import SUBMIT, Transition

bp = Blueprint("case_pages", __name__)


@bp.get("/<place>/case/<case_id>/")
@anyone
def show(place: str, case_id: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read them
    """Show a case to its officer, its applicant, or whoever holds its receipt."""
    if visit().case_item is None and is_number(case_id):  # as for one that is somebody else's
        return redirect(url_for("receipt.ask", number=case_id))
    case = visit().case
    if is_officer_of(case):
        return _officers_page(case)
    if is_applicant_of(case) or case.id in session.get("receipts", ()):
        return _applicants_page(case)
    return redirect(url_for("receipt.ask", number=case_id))


@bp.route("/<place>/case/<case_id>/do/<name>/", methods=["GET", "POST"])
@signed_in
def do(place: str, case_id: str, name: str) -> ResponseReturnValue:
    """Make a move: ask for what it needs, or do it."""
    case = visit().case
    if name == SUBMIT:
        return redirect(url_for("filing.edit", place=place, case_id=case_id))
    if not (is_officer_of(case) or is_applicant_of(case)):
        abort(403)
    transition = next((each for each in _moves(case) if each.name == name), None)
    if transition is None:
        comment = request.form.get("comment", "").strip()[:2000]
        return render_template("stale.html", case=case, place=visit().place, comment=comment), 409
    step = StepForm(office().cases.workflow(case), transition, visit().place)
    if request.method == "GET":
        return _move_page(case, transition, step, (), case.v)
    return _done(case, transition, step)


@bp.post("/<place>/case/<case_id>/show/<field>")
@signed_in
def reveal(place: str, case_id: str, field: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show one personal answer in full; that look is what is recorded."""
    case, person = visit().case, visit().person
    if person is None or not is_officer_of(case) or field not in case.answers:
        abort(404)
    office().record_look(case, person, field)
    return _officers_page(case, shown=field)


@bp.get("/<place>/case/<case_id>/file/<field>")
@signed_in
def file(place: str, case_id: str, field: str) -> Response:  # noqa: ARG001
    """Send a file that was handed in to those who may see the case."""
    case = visit().case
    if not (is_officer_of(case) or is_applicant_of(case)):
        abort(404)
    answer = case.answers.get(field)
    if isinstance(answer, Mapping) and "drawn" in answer:
        answer = {"ref": answer["drawn"], "name": "signature.png", "type": "image/png"}
    if not isinstance(answer, Mapping) or "ref" not in answer:
        abort(404)
    content = office().uploads.open(case.item["county"], answer)
    if content is None:
        abort(404)
    sent = Response(content, content_type=str(answer["type"]))
    sent.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    sent.headers.set("Content-Disposition", "inline", filename=str(answer["name"]))
    return sent


def _done(case: Case, transition: Transition, step: StepForm) -> ResponseReturnValue:
    person, seen = visit().person, request.form.get("seen", 0, int)
    if person is None:
        abort(403)
    data, problems = step.read(request.form)
    comment = request.form.get("comment", "").strip()[:2000]
    marks = tuple(request.form.getlist("marks"))
    status = 422
    if not problems:
        deed = Deed(transition.name, seen, person, data, comment, marks)
        try:
            after = office().cases.move(case, deed, office().around(language(), visit().place))
        except Stale as stale:
            return render_template(
                "stale.html", case=stale.case, place=visit().place, comment=comment
            ), 409
        except Refused as refused:
            problems = list(refused.problems)
        except (Busy, Taken):
            words = translate("现在办理的人多，您填的内容都在，请过一会儿再点一次")
            problems, status = [Problem("busy", words)], 429
        except PluginFailed:
            problems, status = [Problem("plugin_failed", failed_words())], 503
        else:
            follow_up(after)
            return redirect(url_for("case_pages.show", place=visit().place.slug, case_id=case.id))
    return _move_page(case, transition, step, problems, seen), status


def _moves(case: Case) -> tuple[Transition, ...]:
    person = visit().person
    if person is None:
        return ()
    cases = office().cases
    return cases.moves(case, cases.actor(case, person), office().around(language(), visit().place))


def _officers_page(case: Case, shown: str = "") -> str:
    around = office().around(language(), visit().place)
    sheet = CaseSheet(case, office().cases.form(case), office().cases.workflow(case), around)
    events = office().cases.events(case)
    return render_template(
        "case.html",
        case=case,
        sheet=sheet,
        place=visit().place,
        moves=_moves(case),
        shown=shown,
        timeline=timeline(sheet, events, visit().place, officers=True),
    )


def _applicants_page(case: Case) -> str:
    around = office().around(language(), visit().place)
    sheet = CaseSheet(case, office().cases.form(case), office().cases.workflow(case), around)
    events = office().cases.events(case)
    own = is_applicant_of(case)
    return render_template(
        "status.html",
        case=case,
        sheet=sheet,
        place=visit().place,
        own=own,
        moves=_moves(case) if own else (),
        steps=citizen_steps(sheet, events, visit().place),
        asked=case.unseal("asked", case.item["asked"]) if own else "",
    )


def _move_page(case: Case, transition: Transition, step: StepForm, problems: Any, seen: int) -> str:
    around = office().around(language(), visit().place)
    sheet = CaseSheet(case, office().cases.form(case), office().cases.workflow(case), around)
    return render_template(
        "move.html",
        case=case,
        sheet=sheet,
        place=visit().place,
        transition=transition,
        officer=is_officer_of(case),
        step=step,
        problems=problems,
        seen=seen,
    )
