"""How a service is made known: a fixed address, its QR code, a poster on A4, a text to paste.

An address is made of the place and the service alone, neither of which ever changes, so that what
was printed once stays right whatever becomes of the form.
"""

from flask import Blueprint, abort, render_template, request, url_for

from core.places import Place
from core.plugins import Plugin
from core.web.access import anyone
from core.web.beginnings import is_public, shared
from core.web.language import language, translate, words
from core.web.printed import qr_code
from core.web.visit import service_here, visit
from forms.text import Text
from workflows.definition import APPLICANT

bp = Blueprint("posters", __name__)


@bp.get("/<place>/<plugin>/poster/")
@anyone
def poster(place: str, plugin: str) -> str:
    """Show a service's poster, or that of another workflow the public begins (`?workflow=…`)."""
    service, here = service_here(plugin), visit().place
    wanted = request.args.get("workflow", "")
    if wanted and wanted not in shared(service):
        abort(404)
    if not wanted and not is_public(service):
        abort(404)
    title = service.workflows[wanted].title if wanted else _called(service)
    address = (
        url_for("filing.start_new", place=place, plugin=plugin, workflow=wanted, _external=True)
        if wanted
        else url_for("filing.start", place=place, plugin=plugin, _external=True)
    )
    return render_template(
        "poster.html",
        place=here,
        service=service,
        title=title,
        address=address,
        code=qr_code(address),
        text=_text(here, title, service, address),
        others=[service.workflows[name] for name in shared(service)],
        wanted=wanted,
    )


def _called(service: Plugin) -> Text:
    manifest = service.manifest
    listed = manifest.listing and APPLICANT not in service.workflow.starters
    return manifest.listing.label if manifest.listing and listed else manifest.action


def _text(here: Place, title: Text, service: Plugin, address: str) -> str:
    """Return what is pasted into a chat group: who, what, and where."""
    said = {
        "place": words(here.name),
        "title": words(title),
        "summary": service.manifest.summary.get(language()),
    }
    return translate("【%(place)s】%(title)s：%(summary)s。点开就能办：") % said + address
