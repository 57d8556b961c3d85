"""本县表格: a county's own Word and Excel templates for a service, and what each asks for."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.file_kinds import safe_name
from core.open_xml import LARGEST, NotTaken
from core.places import Place
from core.plugins import Plugin
from core.stencils.keeping import MOST, Loses, Stencil, TooMany
from core.stencils.placeholders import OF_CASES, OF_LISTS, OF_ROWS, Asked, asked_of
from core.web.access import manages, signed_in
from core.web.answers import joined
from core.web.import_words import not_taken_words
from core.web.language import translate
from core.web.stencil_use import forms_of, sent_stencil
from core.web.visit import office, visit
from core.web.words import words
from forms.problems import Problem

bp = Blueprint("stencils", __name__)
_UNFIT = 422


@bp.get("/<place>/<plugin>/templates/")
@signed_in
def listed(place: str, plugin: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show a service's templates, how one is written, and where to upload it."""
    return _list(_service(plugin), ())


@bp.post("/<place>/<plugin>/templates/")
@signed_in
def upload(place: str, plugin: str) -> ResponseReturnValue:
    """Take a template in and show what it asks for."""
    service = _service(plugin)
    given, person = request.files.get("template"), visit().person
    content = given.read(LARGEST + 1) if given else b""
    name = safe_name(given.filename or "") if given else ""
    try:
        lossy, who = bool(request.form.get("lossy")), person or abort(403)
        made = office().stencils.keep(place, plugin, name, content, who, lossy=lossy)
    except NotTaken as why:
        told = not_taken_words(why, _accepted(name))
        return _list(service, [Problem(why.code, told, "template")]), _UNFIT
    except Loses as why:
        told = translate(
            "填出来的表里不会有：%s。请换一份不带这些的，或勾选下面一项，再选一次文件。"
        )
        problem = Problem("loses", told % lost_words(why.lost), "template")
        return _list(service, [problem], lossy=True), _UNFIT
    except TooMany:
        told = translate("一项服务最多放 %d 份表格，请先删掉不用的") % MOST
        return _list(service, [Problem("many", told, "template")]), _UNFIT
    return redirect(url_for("stencils.show", place=place, plugin=plugin, number=made.id), 303)


@bp.get("/<place>/<plugin>/templates/<number>/")
@signed_in
def show(place: str, plugin: str, number: str) -> str:  # noqa: ARG001
    """Show which placeholders of a template are known, and what the others may have meant."""
    service, stencil = _service(plugin), _found(plugin, number)
    return render_template(
        "stencil.html",
        place=visit().place,
        service=service,
        stencil=stencil,
        asked=_asked(service, stencil),
        lost=lost_words(stencil.lost),
        problems=(),
    )


@bp.get("/<place>/<plugin>/templates/<number>/file")
@signed_in
def file(place: str, plugin: str, number: str) -> Response:  # noqa: ARG001
    """Send a template as it was uploaded."""
    _service(plugin)
    stencil = _found(plugin, number)
    content = office().stencils.content(stencil)
    return abort(404) if content is None else sent_stencil(content, stencil, "")


@bp.post("/<place>/<plugin>/templates/<number>/delete")
@signed_in
def delete(place: str, plugin: str, number: str) -> ResponseReturnValue:
    """Forget a template."""
    _service(plugin)
    office().stencils.delete(_found(plugin, number))
    return redirect(url_for("stencils.listed", place=place, plugin=plugin), 303)


def _accepted(name: str) -> str:
    """Return the ending that is accepted instead of a file's: of its kind, else both."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("doc", "docx"):
        return "docx"
    return "xlsx" if ending in ("xls", "xlsx", "csv") else translate("docx 或 .xlsx")


def _asked(service: Plugin, stencil: Stencil) -> list[Asked]:
    forms = forms_of(service)
    labels = {spec.name: words(spec.label) for form in forms for spec in form.fields.values()}
    return list(asked_of(stencil.names, forms, labels))


def lost_words(lost: Sequence[str]) -> str:
    """Return what a workbook is filled in without, in words."""
    said = {
        "pictures": translate("图片"),
        "charts": translate("图表"),
        "controls": translate("按钮和勾选框"),
        "objects": translate("嵌入的文件"),
        "pivots": translate("数据透视表"),
        "slicers": translate("切片器"),
        "threads": translate("带回复的批注"),
        "shapes": translate("文本框和形状"),
        "sparklines": translate("迷你图"),
        "rules": translate("部分条件格式和下拉选项"),
    }
    return joined([said[each] for each in lost if each in said])


def _list(service: Plugin, problems: Sequence[Problem], *, lossy: bool = False) -> str:
    here = _county()
    labels = [
        words(spec.label)
        for form in forms_of(service)
        for spec in form.fields.values()
        if spec.type.answerable
    ]
    return render_template(
        "stencils.html",
        place=here,
        service=service,
        stencils=office().stencils.standing(here.slug, service.id),
        labels=list(dict.fromkeys(labels)),
        own=(*OF_CASES, *OF_ROWS, *(each for each in OF_LISTS if each not in OF_CASES)),
        problems=problems,
        lossy=lossy,
    )


def _county() -> Place:
    """Return the county in the address, which the visitor manages; 404 else."""
    here = visit().place
    if here.kind != "county" or not manages(here):
        abort(404)
    return here


def _service(plugin: str) -> Plugin:
    return office().offers.at(_county(), plugin) or abort(404)


def _found(plugin: str, number: str) -> Stencil:
    return office().stencils.find(_county().slug, plugin, number) or abort(404)
