"""Which receipts this browser knows, and what follows a case that was taken in."""

from flask import request, session

from core.case_items import Case
from core.recipients import note_address
from core.web.visit import office

_KEPT = 20


def remember_receipt(case_id: str) -> None:
    """Let this browser see the case's state for a day without signing in."""
    kept = [each for each in session.get("receipts", []) if each != case_id]
    session["receipts"] = [*kept, case_id][-_KEPT:]
    session.permanent = True


def knows_receipt(case_id: str) -> bool:
    """Tell whether this browser may see the case's state."""
    return case_id in session.get("receipts", [])


def follow_up(case: Case) -> None:
    """Have what the latest event of a case has left to do done, and counted, after the reply."""
    here, background = office(), office().ports.background
    if here.cases.workflow(case).circulation:  # whose messages lead back to this site
        address = request.url_root.rstrip("/")
        background.soon(lambda: note_address(here.ports.store, address))
    background.soon(lambda: here.effects.work_off(case))
    background.soon(lambda: here.counting.work_off(case.id))
