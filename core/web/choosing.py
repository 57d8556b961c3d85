"""Where a service is to be had: from a county or a city that has none itself to its districts."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.places import Place
from core.plugins import Plugin
from core.switches import ABOVE
from core.web.access import anyone
from core.web.public_pages import kept_for_all
from core.web.visit import office, visit

bp = Blueprint("choosing", __name__)
_AT_ONCE = 100
"""How many places beneath are offered; one round trip reads them."""


@dataclass(frozen=True, slots=True)
class Beneath:
    """A place that leads on: to the service itself, or, with `asks`, to what lies beneath it."""

    place: Place
    asks: bool


@bp.get("/<place>/choose/<plugin>/")
@anyone
@kept_for_all
def choose(place: str, plugin: str) -> ResponseReturnValue:
    """Ask in which county or district somebody is who wants what stands at the foot here."""
    here = visit().place
    if plugin in here.services:
        return redirect(url_for("filing.start", place=place, plugin=plugin))
    service = next((each for each in at_foot_below(here) if each.id == plugin), None)
    if service is None:
        abort(404)
    children = [each.slug for each in here.below if each.parent == here.slug][:_AT_ONCE]
    found = office().places.several(children)
    having = [Beneath(each, asks=plugin not in each.services) for each in found.values()]
    having = [each for each in having if not each.asks or _may_be_below(each.place, plugin)]
    return render_template("choose.html", place=here, service=service, having=having)


def at_foot_below(place: Place) -> list[Plugin]:
    """Return the services for the foot of a page that are not in force here, but may be beneath."""
    known = office().offers.known_at([place])
    return [each for each in known if each.manifest.at_foot and _may_be_below(place, each.id)]


def _may_be_below(place: Place, plugin: str) -> bool:
    """Tell whether districts beneath may have a service that a place above them has not."""
    open_to = plugin not in place.services and place.imposed.get(plugin) != "off"
    return place.kind in ABOVE and bool(place.below) and open_to
