"""Which cases somebody may begin: the public the first workflow's, officers those of their role."""

from flask import abort, request, url_for

from core.manifest import FIGURES, MenuItem
from core.plugins import Plugin
from core.web.trays import Tray, name_of
from core.web.visit import office, service_here, visit
from forms.text import Text
from workflows.definition import APPLICANT, SUBMIT, Workflow


def begun_here(plugin: str, workflow: str = "") -> Plugin:
    """Return a service as its cases are begun in a workflow; 404 for none, 403 for others'."""
    service = service_here(plugin)
    if workflow and workflow not in service.workflows:
        abort(404)
    service = service.begun_in(workflow)
    by, person = service.workflow.starters, visit().person
    if APPLICANT not in by and not (person and person.roles_over(visit().place.path) & set(by)):
        abort(403)
    return service


def led_to(service: Plugin) -> MenuItem | None:
    """Return the page that the public is led to where it begins no cases of a service."""
    if APPLICANT in service.workflow.starters:
        return None
    return next((each for each in service.manifest.menu if not each.officers), None)


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
    return begun + pages


def _label(workflow: Workflow) -> Text:
    submit = workflow.find(SUBMIT, workflow.start)
    return submit.label if submit else workflow.title
