"""Moving several cases of a tray at once: ticked on the desk, one comment, each its own commit.

Every case is sent with the version that was seen. Sent again, what is done stays done and is said
to be: the case stands one version on, by this person's same move.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.case_items import Case, case_key, event_key
from core.filings import Deed, Stale, Taken
from core.numbers import is_number
from core.people import Person
from core.places import Place
from core.plugins import PluginFailed
from core.store import Busy
from core.web.access import is_officer_of, signed_in
from core.web.filling import failed_words
from core.web.language import choose_look, chooses_look, language, translate
from core.web.receipts import follow_up
from core.web.sheet import CaseSheet
from core.web.trays import Tray, officer, sheet_of, tray_asked_for, trays_of
from core.web.visit import office
from workflows.case import Refused
from workflows.definition import SUBMIT, Transition

bp = Blueprint("bulk", __name__)
MOST = 100


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case: done, or why not."""

    sheet: CaseSheet
    done: bool
    words: str


@bp.get("/desk/bulk/")
@signed_in
def choose() -> ResponseReturnValue:
    """Ask which move is to be made of those that all the ticked cases allow without a form."""
    person = officer()
    tray, seen = tray_asked_for(trays_of(person)), _seen()
    sheets = _sheets(seen)
    return _page(tray, person, sheets, seen, ())


@bp.post("/desk/bulk/")
@signed_in
def move() -> ResponseReturnValue:
    """Make the move on each case and tell what became of each."""
    person = officer()
    tray, seen = tray_asked_for(trays_of(person)), _seen()
    sheets, name = _sheets(seen), request.form.get("move", "")
    comment = request.form.get("comment", "").strip()[:2000]
    if chooses_look(request.form.get("action", "")):
        choose_look(request.form["action"])
        return _page(tray, person, sheets, seen, ())
    if not name:
        return _page(tray, person, sheets, seen, (translate("请选要办的一步"),)), 422
    results = [_moved(sheet, person, seen[sheet.case.id], name, comment) for sheet in sheets]
    return render_template("bulk_done.html", tray=tray, results=results)


def _page(
    tray: Tray | None,
    person: Person,
    sheets: list[CaseSheet],
    seen: dict[str, int],
    problems: tuple[str, ...],
) -> str:
    return render_template(
        "bulk.html",
        tray=tray,
        sheets=sheets,
        seen=seen,
        moves=_common(sheets, person),
        problems=problems,
        most=MOST,
    )


def _seen() -> dict[str, int]:
    """Return the versions seen of the ticked cases, at most 100."""
    seen: dict[str, int] = {}
    for each in request.values.getlist("case"):
        number, _, version = each.partition("-")
        if is_number(number) and version.isascii() and version.isdigit() and len(version) < 10:  # noqa: PLR2004 — no version has ten digits
            seen[number] = int(version)
    return dict(list(seen.items())[:MOST])


def _sheets(seen: dict[str, int]) -> list[CaseSheet]:
    found = office().ports.store.get(*map(case_key, seen)) if seen else []
    cases = [Case(item, office().vault) for item in found if item]
    return [sheet_of(case) for case in cases if is_officer_of(case)]


def _common(sheets: list[CaseSheet], person: Person) -> list[Transition]:
    """Return the moves that every case allows now and that need nothing but a comment."""
    offered = [{each.name: each for each in _simple(sheet, person)} for sheet in sheets]
    if not offered:
        return []
    return [each for name, each in offered[0].items() if all(name in more for more in offered)]


def _simple(sheet: CaseSheet, person: Person) -> Iterator[Transition]:
    cases, case = office().cases, sheet.case
    around = office().around(language(), _place(case))
    for each in cases.moves(case, cases.actor(case, person), around):
        if _is_simple(each):
            yield each


def _is_simple(move: Transition) -> bool:
    """Tell whether a move asks for no form, answers, marks or votes: at most for a comment."""
    plain = not move.asks and "marks" not in move.require and move.quorum == 1
    return plain and move.name != SUBMIT


def _moved(sheet: CaseSheet, person: Person, seen: int, name: str, comment: str) -> Result:
    case, transition = sheet.case, sheet.workflow.find(name, sheet.case.state)
    if transition and not _is_simple(transition):
        return Result(sheet, done=False, words=translate("这一步要单独办理，请打开这一件"))
    try:
        deed = Deed(name, seen, person, comment=comment)
        after = office().cases.move(case, deed, office().around(language(), _place(case)))
    except (Stale, Refused, Taken, Busy, PluginFailed) as why:
        if isinstance(why, Stale) and _done_before(why.case, person, seen, name):
            return Result(sheet_of(why.case), done=True, words=translate("已办好"))
        return Result(sheet, done=False, words=_why_not(why))
    follow_up(after)
    return Result(sheet_of(after), done=True, words=translate("已办好"))


def _why_not(why: Exception) -> str:
    if isinstance(why, Refused):
        return " ".join(each.message for each in why.problems)
    if isinstance(why, PluginFailed):
        return failed_words()
    if isinstance(why, Taken):
        return translate("同样的内容已由别人登记")
    busy = translate("现在办理的人多，请过一会儿再点一次")
    return busy if isinstance(why, Busy) else translate("刚刚有人办过这一件，这次没有执行")


def _done_before(case: Case, person: Person, seen: int, name: str) -> bool:
    """Tell whether this person made this very move on the version they saw."""
    [event] = office().ports.store.get(event_key(case.id, seen + 1))
    told = event and event["transition"] in (name, f"vote:{name}")
    return bool(event and told and event["by"] == person.id)


def _place(case: Case) -> Place:
    return office().places.get(case.item["place"])
