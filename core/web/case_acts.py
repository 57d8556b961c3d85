"""What is done to a case with one button: take back, take up, give back, hand on, unvote."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.filings import Stale, Taken
from core.people import Person
from core.plugins import PluginFailed
from core.sharing import NotShared
from core.store import Busy
from core.web.access import (
    acting,
    bears,
    is_applicant_of,
    is_officer_of,
    of_the_case,
    signed_in,
)
from core.web.filling import failed_words
from core.web.language import language, translate
from core.web.sheet import CaseSheet
from core.web.visit import office, visit
from workflows.case import Refused
from workflows.drawing import draw

bp = Blueprint("case_acts", __name__)
Act = Callable[[Case, Person, int], object]


@bp.post("/<place>/case/<case_id>/act/<what>")
@of_the_case
def act(place: str, case_id: str, what: str) -> ResponseReturnValue:
    """Do one of the acts, at the version seen on the page."""
    case, does = visit().case, _ACTS.get(what)
    person = acting(case)
    if does is None or person is None:
        abort(404)
    if not (is_officer_of(case) or is_applicant_of(case) or bears(case)):
        abort(403)
    try:
        does(case, person, request.form.get("seen", 0, int))
    except (Stale, NotShared) as stale:
        now = stale.case if isinstance(stale, Stale) else case
        return render_template("stale.html", case=now, place=visit().place), 409
    except Taken:
        words = translate("同样的内容已由别人登记，撤回不了。请按现在的情况办理")
        return _refused(case, words, 409)
    except Refused as refused:
        return _refused(case, "\n".join(each.message for each in refused.problems), 422)
    except Busy:
        return _refused(case, translate("现在办理的人多，请过一会儿再点一次"), 429)
    except PluginFailed:
        return _refused(case, failed_words(), 503)
    return redirect(url_for("case_pages.show", place=place, case_id=case_id))


@bp.get("/<place>/case/<case_id>/hand/")
@signed_in
def hand(place: str, case_id: str) -> str:  # noqa: ARG001 — the visit has read them
    """Ask which colleague is to have a case."""
    case, person = visit().case, visit().person
    if person is None or not is_officer_of(case) or not case.item["desk"]:
        abort(403)
    colleagues = [
        each
        for each in office().sharing.colleagues(case)
        if each.id not in (person.id, case.item["taken"].get("by"))
    ]
    return render_template(
        "hand.html", case=case, sheet=_sheet(case), place=visit().place, colleagues=colleagues
    )


@bp.get("/<place>/case/<case_id>/flow/")
@signed_in
def flow(place: str, case_id: str) -> str:  # noqa: ARG001 — the visit has read them
    """Show an officer the whole workflow as a drawing and as a list, and where the case stands."""
    case = visit().case
    if not is_officer_of(case):
        abort(403)
    sheet = _sheet(case)
    picture = draw(sheet.workflow, language(), here=case.state, inline=True)
    return render_template(
        "flow.html", case=case, sheet=sheet, place=visit().place, picture=picture
    )


def _take_back(case: Case, person: Person, seen: int) -> None:
    around = office().around(language(), visit().place)
    office().reversals.take_back(case, person, seen, around)


def _unvote(case: Case, person: Person, seen: int) -> None:
    name = request.form.get("move", "")
    office().reversals.withdraw_vote(case, person, seen, name, office().around(language()))


def _take(case: Case, person: Person, seen: int) -> None:
    office().sharing.take(case, person, seen)


def _give_back(case: Case, person: Person, seen: int) -> None:
    office().sharing.give_back(case, person, seen)


def _hand(case: Case, person: Person, seen: int) -> None:
    office().sharing.hand(case, person, seen, request.form.get("to", ""))


_ACTS: dict[str, Act] = {
    "take-back": _take_back,
    "unvote": _unvote,
    "take": _take,
    "give-back": _give_back,
    "hand": _hand,
}


def _refused(case: Case, words: str, status: int) -> ResponseReturnValue:
    page = render_template("refused.html", case=case, place=visit().place, words=words)
    return page, status


def _sheet(case: Case) -> CaseSheet:
    cases, around = office().cases, office().around(language(), visit().place)
    return CaseSheet(case, cases.form(case), cases.workflow(case), around)
