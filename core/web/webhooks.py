"""Where a county enters the addresses of its other systems, and sees what they were told."""

from collections.abc import Callable, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.limits import TooOften
from core.people import Person
from core.places import Place, Refusal
from core.web.access import manager
from core.web.language import translate
from core.web.refused import refusal_words
from core.web.visit import office, visit
from core.webhooks import KINDS, NOTES, Hook, Wish
from forms.problems import Problem
from forms.text_types import narrow, web_address

bp = Blueprint("webhooks", __name__)
TESTS_AN_HOUR = 60
_UNFIT, _LONGEST = 422, 500


@bp.get("/<place>/webhooks/")
@manager
def listed(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show a county's hooks, how many deliveries each has not got, and who changed what."""
    return _list(())


@bp.post("/<place>/webhooks/")
@manager
def enter(place: str) -> ResponseReturnValue:  # noqa: ARG001
    """Enter a hook and show its secret, this once."""
    county = _county()
    typed = narrow(request.form.get("url", "")).strip()
    url = web_address(typed) if len(typed) <= _LONGEST else ""
    known = [each.id for each in office().offers.known_at([county])]
    services = [each for each in known if each in request.form.getlist("services")]
    kinds = [each for each in KINDS if each in request.form.getlist("kinds")]
    problems = list(_missing(url, services, kinds))
    if problems:
        return _list(problems), _UNFIT
    wish = Wish(url, tuple(services), tuple(kinds))
    try:
        hook = office().webhooks.make(county.slug, wish, _person())
    except Refusal as refused:
        return _list([Problem(str(refused), refusal_words(refused))]), _UNFIT
    return _page(hook, secret=hook.secret)


@bp.get("/<place>/webhooks/<hook>/")
@manager
def show(place: str, hook: str) -> str:  # noqa: ARG001
    """Show one hook, what it was told lately, and what it could not be told."""
    return _page(_found(hook))


@bp.post("/<place>/webhooks/<hook>/<act>")
@manager
def do(place: str, hook: str, act: str) -> ResponseReturnValue:
    """Test a hook, send it something again, switch it on or off, or delete it."""
    found = _found(hook)
    if act == "test":
        return _tested(found)
    if act not in _ACTS:
        abort(404)
    try:
        _ACTS[act](found)
    except Refusal as refused:
        return _page(found, [Problem(str(refused), refusal_words(refused))]), _UNFIT
    if act == "delete":
        return redirect(url_for("webhooks.listed", place=place))
    return redirect(url_for("webhooks.show", place=place, hook=hook))


def _resend(hook: Hook) -> None:
    office().deliveries.resend(hook, request.form.get("delivery", "")[:100])


def _delete(hook: Hook) -> None:
    office().webhooks.delete(hook, _person())
    office().deliveries.forget(hook)


_ACTS: dict[str, Callable[[Hook], None]] = {
    "resend": _resend,
    "on": lambda hook: office().webhooks.switch(hook, _person(), on=True),
    "off": lambda hook: office().webhooks.switch(hook, _person(), on=False),
    "delete": _delete,
}


def _tested(hook: Hook) -> ResponseReturnValue:
    now = office().ports.clock.now()
    try:
        office().limits.count("webhook", hook.county, TESTS_AN_HOUR, now)
    except TooOften:
        words = translate("试得太频繁了，请一小时后再试")
        return _page(hook, [Problem("too_often", words)]), 429
    return _page(hook, tested=said_words(office().deliveries.test(hook)))


def said_words(said: str) -> str:
    """Return what the other side answered, or why it could not be asked."""
    return {
        "": translate("还没有送过"),
        "private": translate("这个地址在内部网络里，不是公网地址，不能送。请让对方提供公网地址"),
        "refused": translate("这个地址不能送：只能用 http 或 https 和默认端口，不带用户名"),
        "unknown": translate("找不到这个网站，请核对地址"),
        "silent": translate("对方没有回应，或者安全证书不对"),
    }.get(said) or translate("对方回答 %s") % said


def kind_words() -> dict[str, str]:
    """Return what each kind of event is called."""
    return {
        "filed": translate("有人提交"),
        "moved": translate("办理有进展"),
        "finished": translate("办结"),
    }


def _missing(url: str, services: Sequence[str], kinds: Sequence[str]) -> list[Problem]:
    return [
        Problem(field, said, field)
        for field, given, said in (
            (
                "url",
                url,
                translate(
                    "请填完整的公网网址，例如 https://example.cn/kehou；只写 IP 的和内网的不行"
                ),
            ),
            ("services", services, translate("请至少选一项服务")),
            ("kinds", kinds, translate("请至少选一种事情")),
        )
        if not given
    ]


def _list(problems: Sequence[Problem]) -> str:
    county = _county()
    hooks = office().webhooks.standing(county.slug)
    return render_template(
        "webhooks.html",
        place=county,
        hooks=[(each, len(office().deliveries.parked(each))) for each in hooks],
        services=office().offers.known_at([county]),
        kinds=kind_words(),
        history=office().places.history(county.slug, "hook", kind=NOTES),
        problems=problems,
    )


def _page(
    hook: Hook, problems: Sequence[Problem] = (), *, secret: str = "", tested: str = ""
) -> str:
    return render_template(
        "webhook.html",
        place=visit().place,
        hook=hook,
        services=[
            e for e in office().offers.known_at([visit().place]) if e.id in hook.wish.services
        ],
        kinds=kind_words(),
        parked=office().deliveries.parked(hook),
        latest=office().deliveries.latest(hook),
        said=said_words,
        secret=secret,
        tested=tested,
        problems=problems,
    )


def _county() -> Place:
    """Return the county in the address; 404 for a place of another kind."""
    here = visit().place
    if here.kind != "county":
        abort(404)
    return here


def _found(name: str) -> Hook:
    return office().webhooks.find(_county().slug, name) or abort(404)


def _person() -> Person:
    return visit().person or abort(403)
