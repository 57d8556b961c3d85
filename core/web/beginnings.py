"""Which cases somebody may begin: the public the first workflow's, officers those of their role."""

from flask import abort, request, url_for

from core.api import NotSignedIn
from core.imports.judging import phone_field
from core.manifest import FIGURES, LIST
from core.people import MANAGERS
from core.plugins import Plugin
from core.web.figures import figures_of
from core.web.trays import Tray, name_of
from core.web.visit import office, service_here, visit
from core.web.waiting import works_on
from forms.text import Text
from workflows.definition import APPLICANT, SUBMIT, Workflow

_WAITING = Text("候办与提醒", "Who is waited for")
_IMPORT = Text("从 Excel 导入", "Import from Excel")
_SHARE = Text("海报、二维码和群发文字", "Poster, QR code, text to share")


def begun_here(plugin: str, workflow: str = "", *, ask: bool = False) -> Plugin:
    """Return a service as its cases are begun in a workflow; 404 for none, 403 for others'.

    With `ask`, whoever has not signed in is asked to, instead of refused.
    """
    service = service_here(plugin)
    if workflow and workflow not in service.workflows:
        abort(404)
    service = service.begun_in(workflow)
    by, person = service.workflow.starters, visit().person
    if ask and APPLICANT not in by and person is None:
        raise NotSignedIn
    if APPLICANT not in by and not (person and person.roles_over(visit().place.path) & set(by)):
        abort(403)
    return service


def led_to(service: Plugin) -> str:
    """Return the page that the public is led to where it begins no cases in the first workflow.

    That is the service's public list, else its first page for everybody; "" for none.
    """
    manifest = service.manifest
    if APPLICANT in service.workflow.starters:
        return ""
    pages = (each.path for each in manifest.menu if not each.officers)
    return LIST if manifest.listing else next(pages, "")


def is_public(service: Plugin) -> bool:
    """Tell whether the public finds anything at a service's own address."""
    return bool(led_to(service)) or APPLICANT in service.workflow.starters


def shared(service: Plugin) -> list[str]:
    """Return the workflows beside the first that the public begins cases in."""
    first = service.manifest.workflows[0]
    return [
        name
        for name in service.manifest.workflows
        if name != first and APPLICANT in service.workflows[name].starters
    ]


def beginnings(tray: Tray | None) -> list[tuple[Text, str, str]]:
    """Return what an officer can begin or look at beside their queue: label, place, address."""
    if tray is None:
        return []
    here = office().places.get(tray.place)
    place, plugin = name_of(here.slug), tray.plugin
    is_open = plugin.id in here.services
    root = f"{request.script_root}/{here.slug}/{plugin.id}"
    pages = [
        (each.label, place, f"{root}/{each.path}/")
        for each in plugin.manifest.menu
        if each.officers and tray.role in (each.roles or {tray.role})
        if is_open or each.path == FIGURES
    ]
    begun = [
        (
            _label(each),
            place,
            url_for("filing.start_new", place=here.slug, plugin=plugin.id, workflow=each.id),
        )
        for each in plugin.begun
        if is_open and tray.role in each.starters
    ]
    told, roles = figures_of(plugin)
    if tray.role in roles and not any(each.path == FIGURES for each in plugin.manifest.menu):
        pages.append((told, place, f"{root}/{FIGURES}/"))
    if tray.role in works_on(plugin) | MANAGERS:
        pages.append((_WAITING, place, f"{root}/waiting/"))
    if is_open and _takes_in(tray):
        at = url_for("imports.start", place=here.slug, plugin=plugin.id)
        pages.append((_IMPORT, place, at))
    if is_open and (is_public(plugin) or shared(plugin)):
        first = None if is_public(plugin) else shared(plugin)[0]
        shared_at = url_for("posters.poster", place=here.slug, plugin=plugin.id, workflow=first)
        pages.append((_SHARE, place, shared_at))
    return begun + pages


def _takes_in(tray: Tray) -> bool:
    """Tell whether cases can be taken in from a workbook by who works a tray."""
    return any(
        bool(phone_field(each.forms[each.form]))
        if APPLICANT in each.starters
        else tray.role in each.starters
        for each in tray.plugin.begun
    )


def _label(workflow: Workflow) -> Text:
    submit = workflow.find(SUBMIT, workflow.start)
    return submit.label if submit else workflow.title
