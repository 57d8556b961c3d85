"""Where a receipt number and the last four digits of the phone show how a case stands."""

import unicodedata

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.accepting import tail
from core.limits import TooOften
from core.numbers import LENGTH, is_number
from core.web.access import anyone, is_officer_of
from core.web.language import translate
from core.web.receipts import remember_receipt
from core.web.visit import office, visit
from forms.problems import Problem

bp = Blueprint("receipt", __name__)


@bp.get("/receipt/")
@anyone
def ask() -> ResponseReturnValue:
    """Ask for the number and the digits; lead on who has to do with the case already."""
    number = digits_of(request.args.get("number", ""))
    known = case_of_mine(number)
    return redirect(known) if known else _shown(number)


def case_of_mine(number: str) -> str:
    """Return where the case of this number is shown to the visitor, its officer; "" for others."""
    case = office().cases.get(number) if visit().person and is_number(number) else None
    if case is None or not is_officer_of(case):
        return ""
    return url_for("case_pages.show", place=case.item["place"], case_id=case.id)


@bp.post("/receipt/")
@anyone
def look_up() -> ResponseReturnValue:
    """Go to the case where both fit; the refusal does not say which did not."""
    number, digits = (digits_of(request.form.get(name, "")) for name in ("number", "tail"))
    running = office()
    limit, now = current_app.config["LOOKUPS_AN_HOUR"], running.ports.clock.now()
    try:
        running.limits.count("look-up", request.remote_addr or "", limit, now)
        if is_number(number):  # its four digits are guessed from many addresses too
            running.limits.count("look-up-number", number, limit, now)
    except TooOften:
        words = translate("查得太频繁了，请一小时后再试，或登录后在“我的办理”里查看")
        return _shown(number, Problem("too_often", words)), 429
    if not is_number(number):
        words = wrong_digit(number) or translate("查询码是 16 位数字，请再核对一遍")
        return _shown(number, Problem("number", words, "number")), 422
    case = running.cases.get(number)
    fits = case is not None and case.item["tail"] == tail(
        running.vault, case.item["county"], number, digits
    )
    if case is None or not digits or not fits:  # nothing fits what was filed without a telephone
        words = translate("没有查到。请核对查询码，和手机号后四位或查询密码")
        return _shown(number, Problem("not_found", words, "number")), 404
    remember_receipt(case.id)
    return redirect(url_for("case_pages.show", place=case.item["place"], case_id=case.id))


def wrong_digit(number: str) -> str:
    """Say of 16 digits that are no receipt number that one is wrong; "" of anything else."""
    if len(number) != LENGTH or not number.isdigit() or is_number(number):
        return ""
    return translate("这个查询码有一位不对。查询码的最后一位是校验位，请再核对一遍")


def digits_of(typed: str) -> str:
    """Return the digits of what was typed: spaces, hyphens and full-width figures do no harm."""
    typed = unicodedata.normalize("NFKC", typed[:100])
    return "".join(each for each in typed if each.isascii() and each.isalnum())


def _shown(number: str, *problems: Problem) -> str:
    return render_template("receipt.html", number=number, problems=problems)
