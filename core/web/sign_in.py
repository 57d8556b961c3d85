"""Signing in with a code to the phone, the sample county's one-click roles, the first officer."""

import re

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.limits import TooOften
from core.people import Person, Role
from core.places import Refusal
from core.sign_in import NoCode, WrongCode
from core.web.access import anyone, demo_only
from core.web.language import translate
from core.web.own_drafts import adopt, forget_all
from core.web.portal import safe_next
from core.web.refused import refusal_words
from core.web.visit import COOKIE, office, visit
from forms.problems import Problem
from forms.text import Text

bp = Blueprint("sign_in", __name__)
_PHONE = re.compile(r"1[3-9]\d{9}")
_DEMO_PHONE = re.compile(r"000000\d{5}")
_MONTH = 30 * 24 * 3600


@bp.get("/sign-in/")
@anyone
def ask() -> str:
    """Ask for the phone; in the sample county, offer its people."""
    return _page("phone", "", ())


@bp.post("/sign-in/")
@anyone
def send() -> ResponseReturnValue:
    """Send a code and ask for it."""
    phone = phone_of(request.form.get("phone", ""))
    if phone is None:
        words = translate("手机号是 1 开头的 11 位数字，请再核对一遍")
        given = request.form.get("phone", "")
        return _page("phone", given, [Problem("phone", words, "phone")]), 422
    template = translate("您的验证码是 {code}，10 分钟内有效。工作人员不会向您要验证码。")
    try:
        office().door.send_code(phone, request.remote_addr or "", template)
    except TooOften:
        words = translate("验证码要得太频繁了，请一小时后再试")
        return _page("phone", phone, [Problem("too_often", words, "phone")]), 429
    except OSError:
        words = translate("短信没有发出去，请过几分钟再试")
        return _page("phone", phone, [Problem("unsent", words, "phone")]), 503
    return _page("code", phone, ())


@bp.post("/sign-in/code")
@anyone
def enter() -> ResponseReturnValue:
    """Let the person in where the code is the one sent."""
    phone = phone_of(request.form.get("phone", ""))
    if phone is None:
        return redirect(url_for("sign_in.ask"))
    code = "".join(each for each in request.form.get("code", "") if not each.isspace())
    try:
        person = office().door.redeem(phone, code)
    except WrongCode as wrong:
        words = translate("验证码不对，还可以试 %d 次") % wrong.left
        return _page("code", phone, [Problem("code", words, "code")]), 422
    except NoCode:
        words = translate("验证码已失效，请重新获取")
        return _page("phone", phone, [Problem("no_code", words, "phone")]), 422
    return let_in(person, request.form.get("next", ""))


@bp.post("/sign-in/demo")
@demo_only
def enter_demo() -> ResponseReturnValue:
    """Let a visitor be one of the sample county's people."""
    person = office().people.by_phone(request.form.get("phone", ""))
    if person is None or not _DEMO_PHONE.fullmatch(person.phone):
        abort(404)
    return let_in(person, request.form.get("next", ""))


@bp.post("/sign-out/")
@anyone
def leave() -> Response:
    """End the session."""
    office().door.close_session(request.cookies.get(COOKIE, ""))
    session.clear()
    forget_all()
    answer = redirect(url_for("portal.root"))
    answer.delete_cookie(COOKIE)
    return answer


@bp.route("/first/<token>", methods=["GET", "POST"])
@anyone
def first(token: str) -> ResponseReturnValue:
    """Make the first officer and the place at the top, once, by the link printed at first run."""
    offer = office().door.may_be_first(token)
    if offer is None:
        abort(404)
    if request.method == "GET":
        return render_template("first.html", problems=(), given={})
    given = {
        name: request.form.get(name, "").strip() for name in ("name", "phone", "place", "slug")
    }
    kind = "city" if request.form.get("kind") == "city" else "county"
    phone = phone_of(given["phone"])
    problems = [] if given["name"] else [Problem("name", translate("请填姓名"), "name")]
    if phone is None:
        words = translate("手机号是 1 开头的 11 位数字，请再核对一遍")
        problems.append(Problem("phone", words, "phone"))
    if not problems and phone is not None:
        try:
            office().places.add(given["slug"], Text(given["place"]), kind)
        except Refusal as refused:
            problems.append(Problem(str(refused), refusal_words(refused), "slug"))
        else:
            office().door.use_first(offer)
            role = Role(f"{kind}_officer", given["slug"])
            person = office().people.give(phone, given["name"], role)
            return let_in(person, url_for("manage.place_page", place=given["slug"]))
    return render_template("first.html", problems=problems, given=given), 422


def let_in(person: Person, target: str) -> Response:
    """Open a session and go on: officers to their desk, others to their cases."""
    onward = safe_next(target) if target else url_for("desk.desk" if person.roles else "desk.mine")
    session.clear()
    adopt(person.holder)
    answer = redirect(onward)
    answer.set_cookie(
        COOKIE,
        office().door.open_session(person),
        max_age=_MONTH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer


def phone_of(text: str) -> str | None:
    """Return a mainland mobile number without its spaces and +86, None where it is none."""
    digits = re.sub(r"[\s-]", "", text).removeprefix("+86")
    fictional = office().demo and _DEMO_PHONE.fullmatch(digits)
    return digits if _PHONE.fullmatch(digits) or fictional else None


def _page(step: str, phone: str, problems: object) -> str:
    roles = office().demo_people() if office().demo and visit().person is None else ()
    target = request.values.get("next", "")
    return render_template(
        "sign_in.html", step=step, phone=phone, problems=problems, next=target, roles=roles
    )
