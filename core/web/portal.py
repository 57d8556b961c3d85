"""What the public sees first: the city, its counties, a district and what can be done there."""

import re
from collections.abc import Callable, Mapping

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.places import Place, UnknownPlace
from core.plugins import Plugin
from core.web.access import anyone
from core.web.beginnings import led_to
from core.web.fronts import fronts_at
from core.web.happenings import place_names
from core.web.language import COOKIE as LANGUAGE_COOKIE
from core.web.language import SIZE_COOKIE, YEAR, language
from core.web.public_pages import kept_for_all
from core.web.tables import workbook_response
from core.web.visit import office, service_here, visit
from core.web.words import answer_words
from forms.fields import Field

bp = Blueprint("portal", __name__)
_INSIDE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""An address of this site: browsers drop control characters, which would bare a second slash."""


@bp.get("/")
@anyone
def root() -> Response | str:
    """Go to the portal of the place at the top, or say that nothing is set up yet."""
    try:
        top = office().places.root()
    except UnknownPlace:
        return render_template("empty.html")
    return redirect(url_for("portal.home", place=top.slug))


@bp.get("/<place>/")
@anyone
@kept_for_all
def home(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show one place: its services, or the districts that offer them."""
    here = visit().place
    services = office().offers.open_at(here)
    fronts = fronts_at(here, services)
    told = {"services": services, "fronts": fronts, "names": place_names(here)}
    return render_template("portal.html", place=here, led_to=led_to, **told)


@bp.get("/language/<code>")
@anyone
def choose_language(code: str) -> Response:
    """Remember the language and go back."""
    return _remembering(LANGUAGE_COOKIE, "en" if code == "en" else "zh")


@bp.get("/size/<size>")
@anyone
def choose_size(size: str) -> Response:
    """Remember the type size and go back."""
    return _remembering(SIZE_COOKIE, "large" if size == "large" else "normal")


def gate(mounted: Mapping[str, str]) -> Callable[[], None]:
    """Return what stands before the plugins' own pages; `mounted` is blueprint → plugin.

    It answers 404 where the service is not in force, and lays its Context at `flask.g.context`;
    `flask.g.workbook(tables, name)` makes an XLSX file of tables and sends it.
    """

    def closed() -> None:
        plugin = next((mounted[each] for each in request.blueprints if each in mounted), None)
        if plugin is None:
            return
        service_here(plugin)
        here, running = visit(), office()
        around = running.around(language(), here.place, here.person)

        def words(field: Field, value: object) -> str:
            return answer_words(field, value, around)

        g.context = running.context(plugin, here.place, here.person, words)
        g.workbook = workbook_response

    return closed


def at_foot(place: Place) -> list[Plugin]:
    """Return the services in force at a place that stand at the foot of its pages."""
    return [each for each in office().offers.open_at(place) if each.manifest.at_foot]


def back_here() -> str:
    """Return where a change of language or size leads back to: this page, where it can be asked."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    adapter = current_app.create_url_adapter(request)
    known = adapter is not None and adapter.test(request.path, method="GET")
    return request.path if known else "/"


def safe_next(target: str) -> str:
    """Return where to go on, only ever within this site.

    `target` may leave out what stands before every address, the stage of an API gateway.
    """
    prefix = request.script_root
    target = target.removeprefix(prefix) if target.startswith(f"{prefix}/") else target
    return prefix + (target if _INSIDE.fullmatch(target) else "/")


def _remembering(name: str, value: str) -> Response:
    answer = redirect(safe_next(request.args.get("next", "/")))
    answer.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax")
    return answer
