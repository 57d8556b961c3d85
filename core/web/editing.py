"""Changing a case that was handed in: a returned one is mended, an entry is kept up to date.

Its workflow says from which states and by whom: `submit` leads from there. The applicant's changes
are saved where the draft of the case stood, each officer's in a draft of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.drafts import Draft, DraftMoved
from core.filings import Deed, Stale, Taken
from core.people import Person
from core.plugins import PluginFailed
from core.readers import closed_to
from core.store import Busy
from core.web.access import is_applicant_of, signed_in
from core.web.filling import Filling, around_here, moved_on, settled, tell_next
from core.web.language import choose_look, translate
from core.web.paper import Paper
from core.web.receipts import follow_up
from core.web.visit import office, visit
from core.web.words import answer_words, words
from forms.canonical import digest
from forms.problems import Problem
from workflows.case import Refused
from workflows.definition import SUBMIT, Transition

bp = Blueprint("editing", __name__)


@bp.route("/<place>/case/<case_id>/edit/", methods=["GET", "POST"])
@signed_in
def edit(place: str, case_id: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read them
    """Let whoever may change a case do so, page by page, and hand it in from any of them."""
    case, person = visit().case, visit().person
    if person is None:
        abort(403)
    if closed_to(office().cases.form(case), case, person):
        abort(403)  # the whole form is shown: for a deputy of somebody who may read it
    move = _move(case, person)
    if move is None:
        if request.method == "POST" and _could(case, person):  # handed in already, or moved on
            return render_template("stale.html", case=case, place=visit().place), 409
        abort(403)
    editing = _opened(case, person, move)
    return editing.shown() if request.method == "GET" else editing.posted()


@dataclass
class _Editing:
    """A case being changed by somebody, and the paper it is changed on."""

    case: Case
    person: Person
    filling: Filling

    def shown(self) -> ResponseReturnValue:
        """Show a page of it; that an officer sees personal answers in full is recorded."""
        paper = self.filling.paper
        paper.open(request.args.get("page", self.filling.draft.page, int))
        seen = [
            one.name for one in paper.page.fields if one.is_personal and paper.answers.get(one.name)
        ]
        if seen and not is_applicant_of(self.case):
            office().record_look(self.case, self.person, ",".join(seen))
        return self.filling.opened(request.args.get("check", ""))

    def posted(self) -> ResponseReturnValue:
        """Take in a page: save it, turn it, throw the changes away, or hand the whole in."""
        action, paper = request.form.get("action", ""), self.filling.paper
        choose_look(action)
        if action == "forget":
            return self._forgotten()
        began = request.form.get("rests", "")
        paper.read()
        if began and began != _mark(self.case):
            return self._overtaken(began)
        answer = settled(self.filling)
        if answer is not None:
            return answer
        data = paper.check_all()
        return self.filling.onward("all") if data is None else self._handed_in(data)

    def _forgotten(self) -> ResponseReturnValue:
        """Throw the changes away; what has been saved or handed in meanwhile is shown instead."""
        try:
            office().drafts.discard(self.filling.draft)
        except DraftMoved as moved:
            if not moved.draft.v:
                return self._stale(self.case)
            tell_next(moved_on())
            return redirect(self.filling.url, 303)
        return self._away()

    def _stale(self, case: Case) -> ResponseReturnValue:
        return render_template("stale.html", case=case, place=visit().place), 409

    def _overtaken(self, began: str) -> ResponseReturnValue:
        """Save a page made before somebody else changed the case; the next one shows both."""
        self.filling.draft = replace(self.filling.draft, rests=began)
        save = request.form.get("action") == "save"
        return self.filling.kept() if save else self.filling.onward()

    def _handed_in(self, data: Mapping[str, Any]) -> ResponseReturnValue:
        filling, seen = self.filling, request.form.get("seen", 0, int)
        deed = Deed(SUBMIT, seen, self.person, comment=filling.paper.reason)
        try:
            after = filling.taken(
                lambda ending: office().cases.edit(
                    self.case, deed, data, filling.paper.around, ending
                )
            )
        except (Stale, DraftMoved) as moved:  # DraftMoved: thrown away
            return self._stale(moved.case if isinstance(moved, Stale) else self.case)
        except Taken:
            message = translate("这份登记暂时不能这样修改，请联系学校核对")
            return filling.refused([Problem("taken", message)])
        except Refused as refused:
            return filling.refused(refused.problems)
        except Busy:
            return filling.busy()
        except PluginFailed:
            return filling.failed()
        follow_up(after)
        return self._away()

    def _away(self) -> ResponseReturnValue:
        place = visit().place.slug
        return redirect(url_for("case_pages.show", place=place, case_id=self.case.id))


def _opened(case: Case, person: Person, move: Transition) -> _Editing:
    """Open a case: as it was handed in, or as it has been changed so far by this person."""
    place, item, mark = visit().place, case.item, _mark(case)
    own = is_applicant_of(case)
    stood = visit().draft_item if own else visit().own_draft_item
    editor = "" if own else person.id
    answers = {name: each for name, each in case.answers.items() if each is not None}
    blank = Draft(case.id, item["plugin"], place.slug, place.county, item["form"], editor=editor)
    found = office().drafts.of_item(stood)
    draft = found or replace(office().drafts.start(stood, blank), answers=answers)
    began = request.form.get("rests", mark)
    fresh = draft.rests not in ("", began)
    title = office().cases.form(case).title
    paper = Paper(
        office().cases.form(case),
        around_here(),
        case.id,
        place.county,
        title=words(title),
        hidden={"seen": request.form.get("seen", str(case.v)), "rests": mark},
        marks=tuple(item["marks"]),
        asked=case.unseal("asked", item["asked"]),
        back=url_for("case_pages.show", place=place.slug, case_id=case.id),
        answers=answers if fresh else dict(draft.answers or {}),
        reason=draft.reason,
        hand_in=_hand_in_words(case, move),
    )
    if fresh:
        paper.overtaken = _differing(paper, draft.answers or {})
    draft = replace(draft, rests=mark)
    url = url_for("editing.edit", place=place.slug, case_id=case.id)
    return _Editing(case, person, Filling(paper, draft, url, listed=False))


def _differing(paper: Paper, typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was typed and not handed in, where the case now says otherwise: label, words."""
    fields = [one for one in paper.form.fields.values() if not one.compute]
    return [
        (words(one.label), answer_words(one, typed.get(one.name), paper.around))
        for one in fields
        if typed.get(one.name) != paper.answers.get(one.name)
    ]


def _mark(case: Case) -> str:
    """Return what stands for a case's answers as they are now: no edit leaves it as it was."""
    return digest(case.item["answers"])[:16]


def _hand_in_words(case: Case, move: Transition) -> str:
    returned = office().cases.workflow(case).states[case.state].kind == "returned"
    return words(move.label) if returned else translate("保存修改")


def _move(case: Case, person: Person) -> Transition | None:
    """Return the move by which this person may hand the case in again now; None for none."""
    cases = office().cases
    moves = cases.moves(case, cases.actor(case, person), around_here())
    return next((each for each in moves if each.name == SUBMIT), None)


def _could(case: Case, person: Person) -> bool:
    """Tell whether this person hands the case in again in some other state."""
    cases = office().cases
    workflow, roles = cases.workflow(case), cases.actor(case, person).roles
    again = (each for each in workflow.transitions if each.name == SUBMIT)
    return any(
        roles & set(each.by) for each in again if any(one != workflow.start for one in each.sources)
    )
