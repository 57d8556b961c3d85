"""从 Excel 导入: the blank workbook, the upload and its dry run, confirmation, withdrawal."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.file_kinds import safe_name
from core.imports.blanks import Returned, blank, returned
from core.imports.import_data import Brought, Import, Letter
from core.imports.judging import Plan, judged_all, phone_field
from core.imports.reading import BadSheet, read_workbook
from core.limits import TooOften
from core.open_xml import LARGEST, NotTaken
from core.people import Person
from core.plugins import Plugin, PluginFailed
from core.web.access import signed_in, works_desk
from core.web.filling import around_here, failed_words
from core.web.import_report import report_of
from core.web.import_words import bad_sheet_words, not_taken_words, wrong_words
from core.web.language import translate, words
from core.web.receipts import follow_up
from core.web.tables import sent_workbook
from core.web.visit import office, service_here, visit
from forms.problems import Problem
from workflows.definition import APPLICANT, Workflow

bp = Blueprint("imports", __name__)
UPLOADS_AN_HOUR = 60
_UNFIT = 422


def importable(service: Plugin) -> list[Workflow]:
    """Return the workflows of a service that the visitor may take cases in for, at this place.

    Who works a desk of it may enter for the public, where the form asks whom to tell; else those
    begin a case by Excel who may begin one by hand.
    """
    person, path = visit().person, visit().place.path
    if person is None:
        return []
    public = works_desk(service, visit().place)
    return [
        each
        for each in service.begun
        if (
            public and phone_field(each.forms[each.form])
            if APPLICANT in each.starters
            else person.roles_over(path) & set(each.starters)
        )
    ]


@bp.get("/<place>/<plugin>/import/")
@signed_in
def start(place: str, plugin: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show how it is done, the blank workbook, where to upload it, and one's own imports."""
    return _start_page(plugin, ())


@bp.get("/<place>/<plugin>/import/blank.xlsx")
@signed_in
def blank_workbook(place: str, plugin: str) -> Response:  # noqa: ARG001
    """Send the empty workbook of a form."""
    service = _service(plugin)
    return sent_workbook(blank(service.form, around_here()), words(service.form.title))


@bp.post("/<place>/<plugin>/import/")
@signed_in
def upload(place: str, plugin: str) -> ResponseReturnValue:
    """Read a workbook and judge its rows; nothing is entered yet."""
    service, person = _service(plugin), _person()
    given = request.files.get("workbook")
    content = given.read(LARGEST + 1) if given else b""
    name = safe_name(given.filename or "") if given else ""
    try:
        office().limits.count("import", person.id, UPLOADS_AN_HOUR, office().ports.clock.now())
        imported = _kept(service, person, name, content)
    except (NotTaken, BadSheet, TooOften) as why:
        problem = Problem("workbook", _refused_words(why), "workbook")
        return _start_page(plugin, (problem,)), _UNFIT
    return redirect(url_for("imports.report", place=place, plugin=plugin, number=imported.id), 303)


@bp.get("/<place>/<plugin>/import/<number>/")
@signed_in
def report(place: str, plugin: str, number: str) -> str:  # noqa: ARG001
    """Show what would become, or has become, of each row."""
    return _report_page(plugin, _found(plugin, number))


@bp.post("/<place>/<plugin>/import/<number>/confirm")
@signed_in
def confirm(place: str, plugin: str, number: str) -> ResponseReturnValue:
    """Enter the next rows; sent again, it goes on where it stood."""
    imported, person, running = _found(plugin, number), _person(), office()
    service, held = _service(plugin, imported.flow), running.imports.held(imported)
    if imported.stage == "withdrawn" or held is None:
        return _report_page(plugin, imported), 409
    if service.form.hash != imported.form:
        told = translate("上传以后这张表改过了。请把文件再上传一次，按新的表检查")
        return _report_page(plugin, imported, (Problem("form", told),)), 409
    if not running.imports.step(imported, "confirmed"):  # withdrawn or deleted in this moment
        return _report_page(plugin, _found(plugin, number)), 409
    plan = Plan(plugin, visit().place, service.form, service.workflow, held.columns)
    try:
        done = running.entering.go_on(imported, held, plan, person, around_here())
    except PluginFailed:
        return _report_page(plugin, imported, (Problem("plugin_failed", failed_words()),)), 503
    for case in done.cases:
        follow_up(case)
    running.ports.background.soon(lambda: running.telling.tell(done.told, done.at))
    return redirect(url_for("imports.report", place=place, plugin=plugin, number=number), 303)


@bp.post("/<place>/<plugin>/import/<number>/withdraw")
@signed_in
def withdraw(place: str, plugin: str, number: str) -> ResponseReturnValue:
    """Take back the drafts that nobody has touched, the next of them."""
    imported = _found(plugin, number)
    if office().imports.step(imported, "withdrawn"):
        done, running = office().entering.withdraw(imported), office()
        running.ports.background.soon(lambda: running.telling.tell(done.told, done.at))
    return redirect(url_for("imports.report", place=place, plugin=plugin, number=number), 303)


@bp.post("/<place>/<plugin>/import/<number>/discard")
@signed_in
def discard(place: str, plugin: str, number: str) -> ResponseReturnValue:
    """Forget an upload that was not confirmed."""
    imported = _found(plugin, number)
    if not office().imports.discard(imported):
        return redirect(url_for("imports.report", place=place, plugin=plugin, number=number), 303)
    return redirect(url_for("imports.start", place=place, plugin=plugin, flow=imported.flow), 303)


@bp.get("/<place>/<plugin>/import/<number>/problems.xlsx")
@signed_in
def problems_workbook(place: str, plugin: str, number: str) -> Response:  # noqa: ARG001
    """Send the rows that have to be mended, each with what is wrong."""
    imported = _found(plugin, number)
    held, done = office().imports.held(imported), office().imports.outcomes(imported)
    if held is None:
        abort(404)
    form = office().offers.definitions.form(imported.form)
    rows = [
        Returned(
            each.row.n,
            "\n".join(wrong_words(one, form) for one in each.wrong) or done[each.row.n].why,
            each.row.cells,
        )
        for each in held.rows
        if each.wrong or (each.row.n in done and done[each.row.n].state == "refused")
    ]
    content = returned(form, held.columns, rows, around_here())
    to_mend = translate("要改的行")
    return sent_workbook(content, f"{words(form.title)} {to_mend}")


def _kept(service: Plugin, person: Person, name: str, content: bytes) -> Import:
    """Read, judge and keep a workbook; raise NotTaken or BadSheet."""
    running, here, around = office(), visit().place, around_here()
    form, workflow = service.form, service.workflow
    sheet = read_workbook(content, form, around)
    plan = Plan(service.id, here, form, workflow, sheet.columns)
    if not plan.by_officers and phone_field(form) not in sheet.columns:
        raise BadSheet("phone")
    verdicts = list(judged_all(sheet.rows, plan, around, running.vault))
    verdicts = running.entering.compared(verdicts, plan, person)
    by = " ".join(filter(None, (here.name.zh, person.name)))
    address = url_for("desk.mine", _external=True)
    letter = Letter(service.manifest.name.zh, here.name.zh, by, address)
    brought = Brought(person, here, service.id, workflow.id, form.hash, name, letter)
    return running.imports.keep(brought, sheet, verdicts)


def _refused_words(why: NotTaken | BadSheet | TooOften) -> str:
    if isinstance(why, NotTaken):
        return not_taken_words(why, "xlsx")
    if isinstance(why, BadSheet):
        return bad_sheet_words(why)
    return translate("一小时里上传的文件太多了，请过一会儿再传")


def _service(plugin: str, flow: str = "") -> Plugin:
    """Return a service as it begins cases in the workflow asked for; 404 where one may not."""
    service = service_here(plugin)
    found = importable(service)
    wanted = flow or request.values.get("flow", "")
    workflow = next((each for each in found if wanted in ("", each.id)), None)
    return service.begun_in(workflow.id) if workflow else abort(404)


def _found(plugin: str, number: str) -> Import:
    """Return one of the visitor's own imports, as long as they work there; else 404."""
    imported = office().imports.get(number)
    here = (visit().place.slug, plugin, _person().id)
    if imported is None or (imported.place, imported.plugin, imported.by) != here:
        abort(404)
    _service(plugin, imported.flow)
    return imported


def _person() -> Person:
    return visit().person or abort(403)


def _start_page(plugin: str, problems: tuple[Problem, ...]) -> str:
    service, here = _service(plugin), visit().place
    return render_template(
        "import.html",
        place=here,
        service=service,
        form=service.form,
        flow=service.workflow.id,
        others=[each for each in importable(service) if each.id != service.workflow.id],
        by_officers=APPLICANT not in service.workflow.starters,
        imports=office().imports.of_officer(here.slug, plugin, _person().id),
        problems=problems,
    )


def _report_page(plugin: str, imported: Import, problems: tuple[Problem, ...] = ()) -> str:
    service = _service(plugin, imported.flow)
    form = office().offers.definitions.form(imported.form)
    shown = report_of(imported, form, service)
    return render_template(
        "import_report.html",
        place=visit().place,
        service=service,
        form=form,
        report=shown,
        imported=imported,
        by_officers=APPLICANT not in service.workflow.starters,
        problems=problems,
    )
