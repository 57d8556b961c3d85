"""A case on paper: one A4 sheet with its number, where it stands, and a code to be scanned.

The code leads to the page of the case, where whoever works on it finds what can be done now.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from core.numbers import is_number
from core.web.access import anyone, bears, is_applicant_of, is_officer_of
from core.web.language import language
from core.web.receipts import knows_receipt
from core.web.sheet import CaseSheet
from core.web.visit import office, visit

bp = Blueprint("printed", __name__)


@bp.get("/<place>/case/<case_id>/sheet/")
@anyone
def sheet(place: str, case_id: str) -> ResponseReturnValue:
    """Show a case as a sheet: in full to its applicant, personal answers masked to officers.

    Whoever knows no more than the receipt gets the number and the state alone.
    """
    if visit().case_item is None and is_number(case_id):
        return redirect(url_for("receipt.ask", number=case_id))
    case = visit().case
    own, officer = is_applicant_of(case), is_officer_of(case)
    if not (own or officer or knows_receipt(case.id)):
        return redirect(url_for("receipt.ask", number=case_id))
    cases, around = office().cases, office().around(language(), visit().place)
    address = url_for("case_pages.show", place=place, case_id=case_id, _external=True)
    return render_template(
        "case_sheet.html",
        case=case,
        place=visit().place,
        sheet=CaseSheet(case, cases.form(case), cases.workflow(case), around),
        told=own or officer,
        secret=office().receipt_code(case) if own or bears(case) else "",
        masked=not own,
        address=address,
        code=qr_code(address),
    )


def qr_code(text: str) -> Markup:
    """Return a QR code (ISO/IEC 18004, level M) as SVG; its size is left to the style sheet."""
    from segno import make_qr  # noqa: PLC0415 — only a printed sheet needs it

    drawn = make_qr(text, error="m")
    svg = drawn.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return Markup(svg)  # noqa: S704 — drawn of squares; the text itself is not in it
