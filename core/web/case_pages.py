"""A case: what its applicant sees of it, what an officer sees, and the moves open to each."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case, event_key
from core.filings import Stale, Taken
from core.numbers import is_number
from core.plugins import PluginFailed
from core.policy import Document
from core.readers import closed_to
from core.store import Busy, Item
from core.web.access import (
    acting,
    anyone,
    bears,
    is_applicant_of,
    is_officer_of,
    of_the_case,
    signed_in,
)
from core.web.case_view import CaseSheet, citizen_steps, timeline
from core.web.circulated import Progress, progress_of
from core.web.downloads import sent_answer, sent_picture
from core.web.filling import failed_words
from core.web.handling import handling_of, undo_minutes
from core.web.language import choose_look, in_words, language, translate
from core.web.move_form import MoveForm, asks_more
from core.web.receipts import follow_up, knows_receipt
from core.web.visit import office, visit
from forms.problems import Problem
from workflows.case import Refused
from workflows.definition import APPLICANT, SUBMIT, Transition

bp = Blueprint("case_pages", __name__)
_UNFIT = 422


@bp.get("/<place>/case/<case_id>/")
@anyone
def show(place: str, case_id: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read them
    """Show a case to its officer, its applicant, or whoever holds its receipt."""
    if visit().case_item is None and is_number(case_id):  # as for one that is somebody else's
        return redirect(url_for("receipt.ask", number=case_id))
    case = visit().case
    if is_officer_of(case):
        return _officers_page(case)
    first = _first_of(case)
    if first is not None:
        return redirect(url_for("case_pages.show", place=first.item["place"], case_id=first.id))
    if is_applicant_of(case) or knows_receipt(case.id):
        return _applicants_page(case)
    return redirect(url_for("receipt.ask", number=case_id))


def _first_of(case: Case) -> Case | None:
    """Return the visitor's own case that this one only repeats: that is where it can be moved."""
    if not (case.item["twin"] and is_applicant_of(case)):
        return None
    first = office().cases.get(case.item["twin"])
    return first if first and is_applicant_of(first) else None


@bp.route("/<place>/case/<case_id>/do/<name>/", methods=["GET", "POST"])
@of_the_case
def do(place: str, case_id: str, name: str) -> ResponseReturnValue:
    """Make a move: ask for what it needs, or do it."""
    choose_look(request.form.get("action", ""))
    case = visit().case
    if name == SUBMIT:
        return redirect(url_for("editing.edit", place=place, case_id=case_id))
    if not (is_officer_of(case) or is_applicant_of(case) or bears(case)):
        abort(403)
    transition = next((each for each in _moves(case) if each.name == name), None)
    if transition is None:
        comment = request.form.get("comment", "").strip()[:2000]
        return render_template("stale.html", case=case, place=visit().place, comment=comment), 409
    if closed_to(office().cases.form(case), case, acting(case)) & set(transition.amend):
        abort(403)  # a deputy of somebody who may
    asked = MoveForm.of(office().cases.workflow(case), transition, visit().place, case)
    return _move_page(case, asked, (), case.v) if request.method == "GET" else _done(case, asked)


@bp.post("/<place>/case/<case_id>/show/<field>")
@signed_in
def reveal(place: str, case_id: str, field: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show one personal answer in full; that look is what is recorded."""
    case, person = visit().case, visit().person
    closed = closed_to(office().cases.form(case), case, person)
    known = case.answers.keys() - closed
    if person is None or not is_officer_of(case) or field not in known:
        abort(404)
    office().record_look(case, person, field)
    return _officers_page(case, shown=field)


@bp.get("/<place>/case/<case_id>/file/<field>")
@signed_in
def file(place: str, case_id: str, field: str) -> Response:  # noqa: ARG001
    """Send a file that was handed in to those who may see the case.

    `field` is where it stands: `certificate`, `certificates.1`, `members.0.photo`.
    """
    case = visit().case
    if not (is_officer_of(case) or is_applicant_of(case)):
        abort(404)
    return sent_answer(case, [office().cases.form(case)], case.answers, field)


@bp.get("/<place>/picture/<public:case_id>/<field>")
@anyone
def public_file(place: str, case_id: str, field: str) -> Response:  # noqa: ARG001
    """Send a picture that the form makes public, while its case is in a public state."""
    case = visit().case
    form, state = office().cases.form(case), office().cases.workflow(case).states[case.state]
    spec = form.fields.get(field.partition(".")[0])
    if case.item["twin"] or not (state.public and spec and spec.public):
        abort(404)
    return sent_picture(case, form, field)


@bp.get("/<place>/case/<case_id>/step/<int:n>/<field>")
@signed_in
def step_file(place: str, case_id: str, n: int, field: str) -> Response:  # noqa: ARG001
    """Send a file that came with a move, event `n`: to officers, and to whoever handed it in."""
    case = visit().case
    [event] = office().ports.store.get(event_key(case.id, n))
    own = event is not None and event["role"] == APPLICANT and is_applicant_of(case)
    if event is None or not (own or is_officer_of(case)):
        abort(404)
    forms = office().cases.workflow(case).forms.values()
    return sent_answer(case, forms, case.opened(event.get("step") or {}), field)


def _done(case: Case, asked: MoveForm) -> ResponseReturnValue:
    person = acting(case)
    if person is None:
        abort(403)
    deed, problems = asked.read(person)
    if asks_more():
        return _move_page(case, asked, problems, deed.seen)
    if problems:
        return _move_page(case, asked, problems, deed.seen), _UNFIT
    try:
        after = office().cases.move(case, deed, asked.step.around)
    except Stale as stale:
        return render_template(
            "stale.html", case=stale.case, place=visit().place, comment=deed.comment
        ), 409
    except (Refused, Busy, Taken, PluginFailed) as why:
        problems, status = _why_not(why, asked.transition)
        return _move_page(case, asked, problems, deed.seen), status
    follow_up(after)
    return redirect(url_for("case_pages.show", place=visit().place.slug, case_id=case.id))


def _why_not(why: Exception, transition: Transition) -> tuple[list[Problem], int]:
    """Return why a move was not made, as the page says it, and the status of the answer."""
    if isinstance(why, Refused):
        return in_words(why.problems), _UNFIT
    if isinstance(why, PluginFailed):
        return [Problem("plugin_failed", failed_words())], 503
    if isinstance(why, Taken) and transition.amend:
        told = translate("改后的内容已由另一件登记，不能这样改，请核对")
        return [Problem("taken", told)], _UNFIT
    told = translate("现在办理的人多，您填的内容都在，请过一会儿再点一次")
    return [Problem("busy", told)], 429


def _moves(case: Case) -> tuple[Transition, ...]:
    person = acting(case)
    if person is None:
        return ()
    cases = office().cases
    return cases.moves(case, cases.actor(case, person), office().around(language(), visit().place))


def _officers_page(case: Case, shown: str = "") -> str:
    around = office().around(language(), visit().place)
    sheet = CaseSheet(case, office().cases.form(case), office().cases.workflow(case), around)
    events, person = office().cases.events(case), visit().person
    return render_template(
        "case.html",
        case=case,
        own=is_applicant_of(case),
        handling=handling_of(sheet, person, visit().place) if person else None,
        undo_minutes=undo_minutes(case, person),
        sheet=sheet,
        place=visit().place,
        moves=_moves(case),
        shown=shown,
        timeline=timeline(sheet, events, visit().place, officers=True),
        followed=_followed(events),
        progress=progress_of(sheet),
    )


def _applicants_page(case: Case) -> str:
    around = office().around(language(), visit().place)
    sheet = CaseSheet(case, office().cases.form(case), office().cases.workflow(case), around)
    events = office().cases.events(case)
    own = is_applicant_of(case) or bears(case)
    return render_template(
        "status.html",
        case=case,
        sheet=sheet,
        place=visit().place,
        own=own,
        code=office().receipt_code(case) if own else "",
        undo_minutes=undo_minutes(case, acting(case)) if own else 0,
        moves=_moves(case) if own else (),
        steps=citizen_steps(sheet, events, visit().place),
        asked=case.unseal("asked", case.item["asked"]) if own else "",
    )


def _move_page(case: Case, asked: MoveForm, problems: Any, seen: int) -> str:
    person, personal = visit().person, asked.amend.personal
    if person and personal and not is_applicant_of(case):
        office().record_look(case, person, *personal)
    around = office().around(language(), visit().place)
    sheet = CaseSheet(case, office().cases.form(case), office().cases.workflow(case), around)
    return render_template(
        "move.html",
        case=case,
        sheet=sheet,
        place=visit().place,
        transition=asked.transition,
        officer=is_officer_of(case),
        asked=asked,
        wants_comment=asked.wants_comment or any(each.level == "explain" for each in problems),
        problems=asked.told(problems),
        seen=seen,
        progress=_reached_by(asked.transition, sheet),
    )


def _reached_by(transition: Transition, sheet: CaseSheet) -> Progress | None:
    """Return how many a move's message to a group would reach; None for one that sends none."""
    told = sheet.workflow.circulation
    if told is None:
        return None
    sending = {told.into, told.recall.into} if told.recall else {told.into}
    return progress_of(sheet) if any(each.to in sending for each in transition.to) else None


def _followed(events: Sequence[Item]) -> list[Document]:
    """Return the policy documents that were in force at the latest decision."""
    told = [each["policy"] for each in events if each.get("policy")]
    known = office().policy.documents
    return [known[name] for name in told[-1] if name in known] if told else []
