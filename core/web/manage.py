"""Entering places and naming officers, as far as an empty installation needs it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.people import MANAGERS, Role
from core.places import KINDS, Refusal
from core.web.access import manager
from core.web.language import translate
from core.web.refused import refusal_words
from core.web.sign_in import phone_of
from core.web.visit import hang_anew, office, visit
from forms.problems import Problem
from forms.text import Text

bp = Blueprint("manage", __name__)
_CORE_ROLES = {"city": ("city_officer",), "county": ("county_officer",)}


@bp.get("/<place>/manage/")
@manager
def place_page(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show what lies beneath a place and who holds which role at it."""
    return _page(())


@bp.post("/<place>/manage/places")
@manager
def add_place(place: str) -> ResponseReturnValue:
    """Enter a place beneath this one."""
    name = Text(request.form.get("name", "").strip(), request.form.get("name_en", "").strip())
    slug, kind = request.form.get("slug", "").strip(), request.form.get("kind", "")
    try:
        office().places.add(slug, name, kind, place)
    except Refusal as refused:
        return _page([Problem(str(refused), refusal_words(refused), "slug")]), 422
    return redirect(url_for("manage.place_page", place=place))


@bp.post("/<place>/manage/people")
@manager
def name_officer(place: str) -> ResponseReturnValue:
    """Let somebody hold a role at this place."""
    role, name = request.form.get("role", ""), request.form.get("name", "").strip()[:40]
    phone = phone_of(request.form.get("phone", ""))
    if role not in _roles():
        abort(400)
    if not name:
        return _page([Problem("name", translate("请填姓名"), "name")]), 422
    if phone is None:
        words = translate("手机号是 1 开头的 11 位数字，请再核对一遍")
        return _page([Problem("phone", words, "phone")]), 422
    office().people.give(phone, name, Role(role, place))
    hang_anew()
    return redirect(url_for("manage.place_page", place=place))


@bp.post("/<place>/manage/people/end")
@manager
def end_role(place: str) -> ResponseReturnValue:
    """End a role; one's own managing role stays, so that nobody locks themselves out."""
    role, person_id = request.form.get("role", ""), request.form.get("person", "")
    person = visit().person
    if person and person.id == person_id and role in MANAGERS:
        words = translate("不能取消自己的管理权限，请由上级办理")
        return _page([Problem("own_role", words)]), 422
    office().people.take(person_id, Role(role, place))
    hang_anew()
    return redirect(url_for("manage.place_page", place=place))


def _roles() -> dict[str, Text]:
    """Return the roles that can be held at this place: the core's and the services'."""
    here = visit().place
    core = {
        "city_officer": Text("市教育局管理员", "City officer"),
        "county_officer": Text("县教育局管理员", "County officer"),
    }
    found = {name: core[name] for name in _CORE_ROLES.get(here.kind, ())}
    for plugin in office().offers.known_at([here]):
        for role in plugin.manifest.roles:
            if role.held_at(here.kind):
                found.setdefault(role.id, role.name)
    return found


def _page(problems: object) -> str:
    here, roles = visit().place, _roles()
    held = [
        (role, name, person)
        for role, name in roles.items()
        for person in office().people.holding(Role(role, here.slug))
    ]
    kinds = [kind for kind in KINDS[KINDS.index(here.kind) + 1 :] if kind != "province"]
    children = [each for each in here.below if each.parent == here.slug]
    return render_template(
        "manage.html",
        place=here,
        roles=roles,
        held=held,
        kinds=kinds,
        children=children,
        problems=problems,
    )
