"""What a group was sent: each reads it at an address of their own, without signing in (ADR 37)."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.circulations import Reach
from core.moments import moment_of
from core.store import Busy, Item
from core.web.access import anyone
from core.web.answers import StoredFile, answer_words, stored_files
from core.web.downloads import sent_answer
from core.web.language import language, words
from core.web.sheet import CaseSheet
from core.web.visit import office, visit
from workflows.definition import Circulation

bp = Blueprint("circulated", __name__)
FEW = 5
"""Of fewer than so many it is not told how many have seen it: one would know who."""
_TOKEN = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer as the group reads it."""

    name: str
    label: str
    text: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a message to a group has come: `reach` before it is sent, then counts.

    `begins` is when sending begins, while whoever sent it can still take it back.
    """

    reach: Reach | None
    begins: datetime | None = None
    reached: int = 0
    sent: int = 0
    failed: int = 0
    declined: int = 0
    opened: int = 0
    recalled: int = 0

    @property
    def waiting(self) -> int:
        """How many are still to be sent it."""
        return max(self.reached - self.sent - self.failed, 0)

    @property
    def tells_opened(self) -> bool:
        """Whether enough were sent it that nobody can be made out."""
        return self.sent >= FEW


@bp.get("/n/<token>/")
@anyone
def read(token: str) -> ResponseReturnValue:
    """Show what somebody was sent; that alone counts nothing: chats and mail fetch links too."""
    item, case, circulation = _found(token)
    running = office()
    visit().at = here = running.places.get(case.item["place"])
    form, around = running.cases.form(case), running.around(language(), here)
    told = [
        Told(
            name,
            words(form.fields[name].label),
            answer_words(form.fields[name], value, around),
            tuple(stored_files(form.fields[name], value)),
        )
        for name in circulation.tells
        if (value := case.answers.get(name)) is not None and name in form.fields
    ]
    service = running.offers.at(here, case.item["plugin"])
    page = render_template(
        "circulated.html",
        place=here,
        case=case,
        told=told,
        token=token,
        seen="opened" in item,
        stands=case.state in circulation.readable,
        is_over=running.cases.workflow(case).states[case.state].is_final,
        service=words(service.manifest.name) if service else "",
        declined=running.circulations.recipients.has_declined(item, case),
    )
    return page, 200 if case.state in circulation.readable else 410


@bp.get("/n/<token>/file/<field>")
@anyone
def file(token: str, field: str) -> Response:
    """Send a file of what somebody was sent."""
    _, case, circulation = _found(token)
    if case.state not in circulation.readable or field.partition(".")[0] not in circulation.tells:
        abort(404)
    return sent_answer(case, [office().cases.form(case)], case.answers, field)


@bp.post("/n/<token>/seen")
@anyone
def seen(token: str) -> ResponseReturnValue:
    """Count somebody who says that they have seen it, or whose page has seen them move: once."""
    _, case, circulation = _found(token)
    if case.state in circulation.readable:
        with suppress(Busy):  # many at once: it is counted the next time
            office().circulations.recipients.open(token)
    return redirect(url_for("circulated.read", token=token), 303)


@bp.post("/n/<token>/decline")
@anyone
def decline(token: str) -> ResponseReturnValue:
    """Let whoever was sent it have no more of this service's messages to groups, or again."""
    item, _, _ = _found(token)
    office().circulations.recipients.decline(item, on=request.form.get("on") == "yes")
    return redirect(url_for("circulated.read", token=token), 303)


def progress_of(sheet: CaseSheet) -> Progress | None:
    """Return how far a case's message to a group has come; None where it sends none."""
    case, told = sheet.case, sheet.workflow.circulation
    if told is None or not case.answers.get(told.to):
        return None
    running = office().circulations
    if case.state in told.readable or sheet.state.is_final:
        counts = running.counts(case)
        names = ("reached", "sent", "failed", "declined", "opened", "recalled")
        counted = {name: int(counts.get(name, 0)) for name in names}
        return Progress(None, _begins(case), **counted)
    return Progress(running.reach(case))


def _begins(case: Case) -> datetime | None:
    undo = case.item["undo"]
    if not undo or not undo["held"] or undo["n"] != case.v:
        return None
    until = moment_of(undo["until"])
    return until if office().ports.clock.now() < until else None


def _found(token: str) -> tuple[Item, Case, Circulation]:
    """Return the recipient, the case and what is circulated of it; 404 for a token of nobody."""
    if not _TOKEN.fullmatch(token):
        abort(404)
    running = office()
    item = running.circulations.recipients.found(token)
    case = running.cases.get(item["case"]) if item else None
    circulation = running.cases.workflow(case).circulation if case else None
    if item is None or case is None or circulation is None:
        abort(404)
    return item, case, circulation
