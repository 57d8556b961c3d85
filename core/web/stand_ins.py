"""委托代办: naming a deputy for the days one is away, ending it, and the county's list of both."""

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.deputies import NoDeputy
from core.moments import local_date
from core.people import MANAGERS, Deputyship, Person
from core.web.access import signed_in
from core.web.language import translate
from core.web.sign_in import phone_of
from core.web.trays import officer
from core.web.visit import office
from forms.problems import Problem

bp = Blueprint("stand_ins", __name__)


@bp.get("/desk/deputies/")
@signed_in
def page() -> str:
    """Show who stands in for the officer and whom they stand in for; to managers, all of both."""
    return _page(officer(), ())


@bp.post("/desk/deputies/")
@signed_in
def name() -> ResponseReturnValue:
    """Name a deputy."""
    person = officer()
    phone = phone_of(request.form.get("phone", ""))
    first, last = _day("first"), _day("last")
    if phone is None:
        words = translate("手机号是 1 开头的 11 位数字，请再核对一遍")
        return _page(person, [Problem("phone", words, "phone")]), 422
    if first is None or last is None:
        return _page(person, [Problem("dates", translate("请填起止日期"), "first")]), 422
    try:
        office().deputies.name(person, phone, first, last)
    except NoDeputy as refused:
        field = "first" if refused.code == "dates" else "phone"
        return _page(person, [Problem(refused.code, _words(refused.code), field)]), 422
    return redirect(url_for("stand_ins.page"))


@bp.post("/desk/deputies/end")
@signed_in
def end() -> ResponseReturnValue:
    """End a deputyship: one's own, or one in a county that one manages."""
    person = officer()
    whose, deputy = request.form.get("officer", ""), request.form.get("deputy", "")
    listed = any((d.officer, d.deputy) == (whose, deputy) for d in _of_counties(person))
    if whose != person.id and not listed:
        abort(403)
    try:
        office().deputies.end(whose, deputy)
    except NoDeputy as refused:
        return _page(person, [Problem(refused.code, _words(refused.code))]), 409
    return redirect(url_for("stand_ins.page"))


def _page(person: Person, problems: object) -> str:
    today = local_date(office().ports.clock.now()).isoformat()
    return render_template(
        "deputies.html",
        own=[each for each in person.deputies if each.last >= today],
        others=[each for each in person.stands_in if each.last >= today],
        county=_of_counties(person),
        manages=bool(_managed(person)),
        today=today,
        given=request.form,
        problems=problems,
    )


def _managed(person: Person) -> list[str]:
    return [role.place for role in person.roles if role.name in MANAGERS]


def _of_counties(person: Person) -> list[Deputyship]:
    return [each for slug in _managed(person) for each in office().deputies.of_county(slug)]


def _day(field: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None


def _words(code: str) -> str:
    return {
        "dates": translate("日期不对：从今天或以后开始，最长一年"),
        "unknown": translate("这个手机号还没有岗位，不能代办。请先由县教育局指定岗位"),
        "oneself": translate("不能委托自己"),
        "elsewhere": translate("只能委托本县有岗位的同事"),
        "absent_too": translate("这位同事那几天也委托了别人，请换一位"),
        "stands_in": translate("您那几天正替别人代办，不能再转给别人。请先由原来的同事另行委托"),
        "many": translate("同时委托的太多了，请先结束一些"),
        "meanwhile": translate("刚才有人也改了这一项，请刷新后再试"),
    }[code]
