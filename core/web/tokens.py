"""Where a county makes and revokes the tokens by which its other systems come in."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api_tokens import DAYS, NOTES, SCOPES, Wish
from core.people import Person
from core.places import Place, Refusal
from core.web.access import manager
from core.web.language import translate
from core.web.refused import refusal_words
from core.web.visit import API, office, visit
from forms.problems import Problem
from forms.text_types import tidy

bp = Blueprint("tokens", __name__)
_UNFIT, _LONGEST = 422, 40


@bp.get("/<place>/tokens/")
@manager
def listed(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show a county's tokens, when each was used last, and who made or ended which."""
    return _page()


@bp.post("/<place>/tokens/")
@manager
def make(place: str) -> ResponseReturnValue:  # noqa: ARG001
    """Make a token and show it, this once."""
    county, asked = _county(), request.form
    known = [each.id for each in office().offers.known_at([county])]
    label = tidy(asked.get("label", ""))[:_LONGEST]
    scopes = tuple(each for each in SCOPES if each in asked.getlist("scopes"))
    services = tuple(each for each in known if each in asked.getlist("services"))
    days = asked.get("days", 0, int)
    problems = [
        Problem(field, said, field)
        for field, given, said in (
            ("label", label, translate("请写给哪个系统用，例如：区教研平台")),
            ("scopes", scopes, translate("请至少选一样能做的事")),
            ("services", services, translate("请至少选一项服务")),
            ("days", days in DAYS, translate("请选一个期限")),
        )
        if not given
    ]
    if problems:
        return _page(problems), _UNFIT
    try:
        _, text = office().tokens.make(
            county.slug, Wish(label, scopes, services, days, asked.get("id", "")), _person()
        )
    except Refusal as refused:
        return _page([Problem(str(refused), refusal_words(refused))]), _UNFIT
    return _page(text=text)


@bp.post("/<place>/tokens/<name>/revoke")
@manager
def revoke(place: str, name: str) -> ResponseReturnValue:
    """End a token at once."""
    token = office().tokens.find(_county().slug, name) or abort(404)
    office().tokens.revoke(token, _person())
    return redirect(url_for("tokens.listed", place=place))


def scope_words() -> dict[str, str]:
    """Return what each scope lets a token do."""
    return {
        "read": translate("查看办件，不含个人信息"),
        "personal": translate("查看办件里的个人信息，每次查看都留记录"),
        "submit": translate("提交办件"),
        "move": translate("办理办件（能办您本人能办的）"),
    }


def _page(problems: Sequence[Problem] = (), text: str = "") -> str:
    county = _county()
    return render_template(
        "tokens.html",
        place=county,
        tokens=office().tokens.standing(county.slug),
        services=office().offers.known_at([county]),
        scopes=scope_words(),
        days=DAYS,
        history=office().places.history(county.slug, "token", kind=NOTES),
        address=f"{request.url_root.rstrip('/')}{API}{county.slug}",
        problems=problems,
        text=text,
        fresh=secrets.token_hex(8),
    )


def _county() -> Place:
    """Return the county in the address; 404 for a place of another kind."""
    here = visit().place
    if here.kind != "county":
        abort(404)
    return here


def _person() -> Person:
    return visit().person or abort(403)
