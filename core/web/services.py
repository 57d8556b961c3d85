"""Switching services: 服务 × 片区 on one page, each with its history, and one path to open one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import switches
from core.moments import stamp
from core.people import MANAGERS, Role
from core.places import Place, Refusal
from core.plugins import Plugin
from core.switches import Rule
from core.web.access import manager, manages, signed_in
from core.web.case_view import place_names
from core.web.language import language, translate
from core.web.refused import refusal_words
from core.web.sign_in import phone_of
from core.web.step_form import SettingsForm
from core.web.visit import hang_anew, office, visit
from forms.problems import Problem

bp = Blueprint("services", __name__)


@dataclass(frozen=True, slots=True)
class Seat:
    """A role that a service needs at one place, and who holds it."""

    role: str
    name: Any
    place: str
    place_name: str
    holders: tuple[str, ...]


@bp.get("/services/")
@signed_in
def matrix() -> ResponseReturnValue:
    """Show every service against every place the officer manages."""
    tops = _managed()
    if not tops:
        abort(403)
    places = [each for top in tops for each in office().places.tree(top)]
    shown = [each for each in places if switches.rules_for(each.kind)]
    return render_template(
        "services.html",
        places=shown,
        plugins=office().offers.known_at(shown),
        stopped=_stopped(places),
        tops=tops,
    )


@bp.get("/<place>/services/<plugin>/")
@manager
def service(place: str, plugin: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show one service at one place: its switch, its settings, and who changed them when."""
    return _service_page(_plugin(plugin), ())


@bp.post("/<place>/services/<plugin>/")
@manager
def switch(place: str, plugin: str) -> ResponseReturnValue:
    """Set the switch, or the settings."""
    found, at = _plugin(plugin), stamp(office().ports.clock.now())
    person = visit().person
    by = person.name if person else ""
    try:
        if request.form.get("what") == "settings":
            form = SettingsForm(found, visit().place)
            values, problems = form.read(request.form)
            if problems:
                return _service_page(found, problems, form), 422
            office().places.set_settings(place, plugin, values, by, at)
        else:
            rule = cast("Rule", request.form.get("rule", ""))
            office().places.switch(place, plugin, rule, by, at)
    except Refusal as refused:
        return _service_page(found, [Problem(str(refused), refusal_words(refused))]), 422
    return redirect(url_for("services.service", place=place, plugin=plugin))


@bp.route("/<place>/services/<plugin>/open/", methods=["GET", "POST"])
@manager
def open_path(place: str, plugin: str) -> ResponseReturnValue:
    """Open a service in a district: who holds each role there, then the address to share."""
    found, here = _plugin(plugin), visit().place
    if here.kind != "district":
        abort(404)
    problems: list[Problem] = []
    if request.method == "POST" and request.form.get("what") == "seat":
        problems = _seated(found, here)
    elif request.method == "POST":
        person, at = visit().person, stamp(office().ports.clock.now())
        try:
            office().places.switch(place, plugin, "on", person.name if person else "", at)
        except Refusal as refused:
            problems = [Problem(str(refused), refusal_words(refused))]
    if request.method == "POST" and not problems:
        return redirect(url_for("services.open_path", place=place, plugin=plugin))
    page = render_template(
        "open.html",
        place=here,
        plugin=found,
        seats=seats_of(found, here),
        is_open=plugin in here.services,
        locked=here.imposed.get(plugin) == "off",
        address=url_for("filing.start", place=place, plugin=plugin, _external=True),
        problems=problems,
    )
    return page, (422 if problems else 200)


def seats_of(plugin: Plugin, district: Place) -> list[Seat]:
    """Return every seat a service needs for a district: at each school in it, or above it."""
    seats = []
    for role in plugin.manifest.roles:
        slugs = [each.slug for each in district.below if each.kind in _kinds(role.at)]
        above = district.at(role.at)
        for slug in slugs or ([above] if above else []):
            holders = office().people.holding(Role(role.id, slug))
            names = place_names(district)
            who = tuple(person.name or translate("未填姓名") for person in holders)
            seats.append(Seat(role.id, role.name, slug, names.get(slug, slug), who))
    return seats


def _stopped(places: Iterable[Place]) -> list[tuple[str, str]]:
    """Return what does not run though it is here, or is switched on here: its id and why."""
    catalogue = office().catalogue
    wanted = {
        service
        for place in places
        for service in place.services
        if office().offers.at(place, service) is None
    }
    absent = wanted - set(catalogue.broken) - catalogue.left_out
    return [
        *((name, _broken_words(name)) for name in catalogue.broken),
        *((name, translate("本次启动没有带上")) for name in sorted(catalogue.left_out)),
        *((name, translate("已开通，但没有安装")) for name in sorted(absent)),
    ]


def _broken_words(plugin: str) -> str:
    """Return why a plugin is set aside, as far as an officer can tell; the log has the rest."""
    if plugin in office().catalogue.plugins:
        return translate("还有一个同名的，没有用它")
    return translate("因故障停用")


def _kinds(at: str) -> tuple[str, ...]:
    return ("school", "teaching_point") if at == "school" else (at,)


def _seated(plugin: Plugin, district: Place) -> list[Problem]:
    wanted = (request.form.get("role", ""), request.form.get("at", ""))
    seat = next((s for s in seats_of(plugin, district) if (s.role, s.place) == wanted), None)
    phone = phone_of(request.form.get("phone", ""))
    name = request.form.get("name", "").strip()[:40]
    if seat is None or not name:
        return [Problem("name", translate("请填姓名"))]
    if phone is None:
        return [Problem("phone", translate("手机号是 1 开头的 11 位数字，请再核对一遍"))]
    if seat.role in MANAGERS and not manages(office().places.get(seat.place)):
        abort(403)
    office().people.give(phone, name, Role(seat.role, seat.place))
    hang_anew()
    return []


def _service_page(plugin: Plugin, problems: Any, form: SettingsForm | None = None) -> str:
    here = visit().place
    return render_template(
        "service.html",
        place=here,
        plugin=plugin,
        rules=switches.rules_for(here.kind),
        history=office().places.history(here.slug, plugin.id),
        conflicts=office().copies.of(here.slug, plugin.id)[1],
        form=form or SettingsForm(plugin, here),
        problems=problems,
        language=language,
    )


def _plugin(name: str) -> Plugin:
    found = office().offers.at(visit().place, name)
    if found is None:
        abort(404)
    return found


def _managed() -> list[Place]:
    person = visit().person
    if person is None:
        return []
    slugs = dict.fromkeys(role.place for role in person.roles if role.name in MANAGERS)
    return [office().places.get(slug) for slug in slugs]
