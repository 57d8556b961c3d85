"""填入本县表格: a template of the county filled from a case, or from what an officer's list shows.

Who may not read an answer gets a blank. What is personal and filled in is a look, and recorded as
one, so both are sent by a button.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from core.answer_cells import written
from core.case_items import Case
from core.moments import local_date, moment_of
from core.numbers import spoken
from core.open_xml import NotTaken
from core.plugins import Plugin
from core.stencils.keeping import Stencil
from core.stencils.placeholders import ALSO, Told, known_names, questions
from core.tables import Cell
from core.web.access import is_officer_of, signed_in
from core.web.answer_lists import near, record_looks
from core.web.desk import asked_for as asked_of_desk
from core.web.downloads import named
from core.web.finished import asked_for as asked_of_finished
from core.web.language import language, translate
from core.web.sheet import CaseSheet
from core.web.trays import Tray, name_of, officer
from core.web.visit import office, visit
from core.web.words import answer_words, day_words, words
from core.workbooks import MEDIA_TYPE
from forms.definition import Form

bp = Blueprint("stencil_use", __name__)
MOST_CASES = 1000
_UNFIT = 422
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NUMBERS = ("integer", "decimal", "money")


@bp.get("/<place>/case/<case_id>/templates/")
@signed_in
def of_case(place: str, case_id: str) -> str:  # noqa: ARG001 — the visit has read them
    """Show which of the county's templates this case can be filled into."""
    return _case_page(_case(), "")


@bp.post("/<place>/case/<case_id>/templates/<number>")
@signed_in
def fill_case(place: str, case_id: str, number: str) -> ResponseReturnValue:  # noqa: ARG001
    """Send a template filled from a case."""
    case = _case()
    stencil = _stencil(case.item["county"], case.item["plugin"], number)
    person, sheet, known = visit().person, _sheet(case), _known(case.item["plugin"])
    if person is None or stencil.lists:
        abort(404)
    try:
        content = office().stencils.filled(stencil, _or_blank(_told(sheet), known))
    except NotTaken:
        return _case_page(case, translate("这份表格填好以后太大，请联系县教育局换一份")), _UNFIT
    if content is None:
        abort(404)
    looked = _personal(sheet, stencil)
    if looked:
        office().record_look(case, person, *looked)
    return sent_stencil(content, stencil, spoken(case.id).replace(" ", ""))


@bp.get("/desk/templates/")
@signed_in
def of_list() -> str:
    """Show which of the county's templates a list can be filled into."""
    tray, title, _ = _asked_for()
    return _list_page(tray, title, "")


@bp.post("/desk/templates/<number>")
@signed_in
def fill_list(number: str) -> ResponseReturnValue:
    """Send a template filled from what the list shows, a row for each case."""
    tray, title, found = _asked_for()
    stencil = _stencil(office().places.get(tray.place).county, tray.plugin.id, number)
    if not stencil.lists:
        abort(404)
    listed = list(islice(found, MOST_CASES + 1))
    around = near(listed)
    sheets = [replace(each, around=around[each.case.item["place"]]) for each in listed]
    if len(sheets) > MOST_CASES:
        told = translate("一次最多填 %d 件，请先按月份、结果筛选") % MOST_CASES
        return _list_page(tray, title, told), _UNFIT
    known = known_names(forms_of(tray.plugin))
    rows = [_or_blank(_row(sheet, n), known) for n, sheet in enumerate(sheets, 1)]
    whole = _or_blank(_told_of_list(tray, len(sheets)), known)
    try:
        content = office().stencils.filled(stencil, whole, rows)
    except NotTaken:
        told = translate("填好以后太大了，请先按月份、结果筛选，少填几件")
        return _list_page(tray, title, told), _UNFIT
    if content is None:
        abort(404)
    looked = [sheet for sheet in sheets if _personal(sheet, stencil)]
    record_looks(looked, officer(), f"{tray.plugin.id}.template")
    return sent_stencil(content, stencil, name_of(tray.place))


def forms_of(service: Plugin) -> list[Form]:
    """Return the forms whose questions a service's cases may answer, its own first."""
    own = {flow.form: flow.forms[flow.form] for flow in service.begun}
    steps = {form.id: form for flow in service.begun for form in flow.forms.values()}
    return [*own.values(), *(form for name, form in steps.items() if name not in own)]


def sent_stencil(content: bytes, stencil: Stencil, about: str) -> Response:
    """Send a template, or a filled one, to be saved under its name and what it is about."""
    kind = _WORD if stencil.kind == "docx" else MEDIA_TYPE
    sent = Response(content, content_type=kind)
    name = stencil.name.removesuffix(f".{stencil.kind}")
    name = f"{' '.join(filter(None, (name, about)))}.{stencil.kind}"
    sent.headers["Content-Disposition"] = f"attachment; {named(name)}"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


def _case() -> Case:
    """Return the case in the address, which the visitor works on; 404 else."""
    case = visit().case
    return case if is_officer_of(case) else abort(404)


def _sheet(case: Case) -> CaseSheet:
    """Return a case with what its lookups offer where it was filed."""
    cases, place = office().cases, office().places.get(case.item["place"])
    around = office().around(language(), place, visit().person)
    return CaseSheet(case, cases.form(case), cases.workflow(case), around)


def _stencil(county: str, plugin: str, number: str) -> Stencil:
    return office().stencils.find(county, plugin, number) or abort(404)


def _asked_for() -> tuple[Tray, str, Iterator[CaseSheet]]:
    """Return the tray and the cases of the list one comes from: the desk, or what is done."""
    done = request.values.get("list") == "finished"
    return asked_of_finished() if done else asked_of_desk()


def _case_page(case: Case, problem: str) -> str:
    standing = office().stencils.standing(case.item["county"], case.item["plugin"])
    return render_template(
        "stencil_case.html",
        place=visit().place,
        case=case,
        county=office().places.get(case.item["county"]),
        stencils=[each for each in standing if not each.lists],
        problem=problem,
    )


def _list_page(tray: Tray, title: str, problem: str) -> str:
    county = office().places.get(office().places.get(tray.place).county)
    standing = office().stencils.standing(county.slug, tray.plugin.id)
    asked = {
        name: request.values.get(name, "") for name in ("list", "at", "month", "state", "seek")
    }
    return render_template(
        "stencil_list.html",
        tray=tray,
        title=title,
        county=county,
        asked={**asked, "tray": tray.name},
        stencils=[each for each in standing if each.lists],
        problem=problem,
    )


def _told(sheet: CaseSheet) -> Told:
    """Return what tells of a case: its answers and steps by label or name, then its own words."""
    forms = [sheet.form, *sheet.workflow.forms.values()]
    known = questions(forms)
    own = _of_case(sheet)

    def told(name: str) -> Cell:
        return _answer(sheet, known[name]) if name in known else own[ALSO.get(name, name)]

    return told


def _known(plugin: str) -> frozenset[str]:
    """Return what a template of a service may ask for where the visitor is."""
    service = office().offers.at(visit().place, plugin)
    return known_names(forms_of(service) if service else ())


def _or_blank(told: Told, known: frozenset[str]) -> Told:
    """Return what tells the same, and of the other `known` names that there is nothing."""

    def asked(name: str) -> Cell:
        try:
            return told(name)
        except KeyError:
            if name in known:
                return None
            raise

    return asked


def _row(sheet: CaseSheet, n: int) -> Told:
    told = _told(sheet)
    return lambda name: n if name == "序号" else told(name)


def _told_of_list(tray: Tray, count: int) -> Told:
    told: dict[str, Cell] = {"学校": name_of(tray.place), "今天": _today(), "件数": count}
    return told.__getitem__


def _of_case(sheet: CaseSheet) -> dict[str, Cell]:
    case = sheet.case
    return {
        "查询码": spoken(case.id),
        "学校": _school(case),
        "状态": words(sheet.state.label),
        "今天": _today(),
        "提交日期": day_words(local_date(moment_of(case.item["at"]))),
    }


def _school(case: Case) -> str:
    """Return the school that a case concerns; else the place where it was filed."""
    for slug in reversed(case.reach):
        if office().places.get(slug).kind in ("school", "teaching_point"):
            return name_of(slug)
    return name_of(case.item["place"])


def _today() -> str:
    return day_words(local_date(office().ports.clock.now()))


def _answer(sheet: CaseSheet, name: str) -> Cell:
    """Return an answer, of a step the latest; blank where there is none or it may not be read."""
    form, answers = _where(sheet, name)
    spec, value = form.fields[name], answers.get(name)
    if value in (None, "", [], {}) or not sheet.reads(spec):
        return None
    if spec.type.name in _NUMBERS:
        return written(spec, value, sheet.around)
    return answer_words(spec, value, sheet.around)


def _where(sheet: CaseSheet, name: str) -> tuple[Form, Any]:
    """Return the form that asks a question, and the answers that its own are among."""
    if name in sheet.form.fields:
        return sheet.form, sheet.case.answers
    forms = sheet.workflow.forms.values()
    return next(each for each in forms if name in each.fields), sheet.case.steps


def _personal(sheet: CaseSheet, stencil: Stencil) -> Sequence[str]:
    """Return the personal questions that a template asks, as far as their answers were given."""
    known = questions([sheet.form, *sheet.workflow.forms.values()])
    asked = dict.fromkeys(known[name] for name, _ in stencil.names if name in known)
    return [
        name
        for name in asked
        if _where(sheet, name)[0].fields[name].is_personal and _answer(sheet, name) is not None
    ]
