"""The policy library, a clause in its own words, and what is in force at a place."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.moments import local_date, stamp
from core.parameters import DOCUMENTS, LEVELS, SERVICE_TYPES, Effective, Parameter, Setting
from core.parameters import parameters as declared
from core.places import Place, Refusal
from core.web.access import anyone, manager
from core.web.answers import joined
from core.web.language import language, translate
from core.web.public_pages import kept_for_all
from core.web.refused import refusal_words
from core.web.visit import office, visit
from core.web.words import words
from forms.problems import Problem
from forms.text_types import narrow

bp = Blueprint("policy", __name__)
_UNFIT = 422
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter as the page lists it."""

    parameter: Parameter
    found: Effective
    value: str
    source: str


@bp.get("/policy/")
@anyone
@kept_for_all
def library() -> str:
    """List every document of the library."""
    today = local_date(office().ports.clock.now())
    return render_template("library.html", documents=office().policy.documents, today=today)


@bp.get("/policy/<document>/")
@anyone
@kept_for_all
def document(document: str) -> str:
    """Show one document: who issued it, since when it counts, its clauses, what it sets."""
    found = office().policy.documents.get(document)
    if found is None:
        abort(404)
    given = [(declared()[name], value_words(declared()[name], each.value), each.basis)
             for name, each in found.parameters.items()]  # fmt: skip
    documents = office().policy.documents
    return render_template("document.html", document=found, given=given, documents=documents)


@bp.get("/policy/<document>/<path:no>")
@anyone
@kept_for_all
def clause(document: str, no: str) -> str:
    """Show one clause."""
    found = office().policy.clause(f"{document}/{no}")
    if found is None:
        abort(404)
    return render_template("clause.html", clause=found)


@bp.get("/<place>/policy/")
@anyone
@kept_for_all
def in_force(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show what is in force at a place, and who says so."""
    here, today = visit().place, _today()
    lines = [_line(here, each, today) for each in declared().values()]
    followed = [
        office().policy.documents[name] for name in office().parameters.adopted(here, today)
    ]
    may_set = here.kind in LEVELS
    return render_template(
        "parameters.html", place=here, lines=lines, followed=followed, may_set=may_set
    )


@bp.route("/<place>/policy/<name>/", methods=["GET", "POST"])
@manager
def parameter(place: str, name: str) -> ResponseReturnValue:
    """Show one parameter with its history, and let the level set its own value from a day on."""
    here = visit().place
    if name not in declared() or here.kind not in LEVELS:
        abort(404)
    one = declared()[name]
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            _set(here, one)
        except Refusal as refused:
            problems = [_refused(here, one, refused)]
        else:
            return redirect(url_for("policy.parameter", place=place, name=name))
    page = render_template(
        "parameter.html",
        place=here,
        line=_line(here, one, _today()),
        history=[
            (each, value_words(one, each["value"]) if each["value"] is not None else "")
            for each in office().places.history(here.slug, name, kind="PA")
        ],
        options=_options(one),
        today=_today().isoformat(),
        problems=problems,
    )
    return page, (_UNFIT if problems else 200)


_FIELDS = {"basis_missing": "basis", "since_day": "since", "changed_meanwhile": ""}


def _refused(here: Place, parameter: Parameter, refused: Refusal) -> Problem:
    """Say why a value cannot be set, with the clause that binds above where that is why."""
    code, field = str(refused), _FIELDS.get(str(refused), "value")
    above = office().parameters.above(here, parameter.name, _today())
    basis = above.basis if code == "looser_than_above" else None
    return Problem(code, refusal_words(refused), field, basis=basis)


def value_words(parameter: Parameter, value: Any) -> str:
    """Return a parameter's value as people read it."""
    if parameter.kind == "share":
        return f"{round(float(value) * _HUNDRED)}%"
    if isinstance(value, list):
        names = dict(_options(parameter))
        return joined([names.get(str(each), str(each)) for each in value])
    unit = words(parameter.unit)
    if language() == "en" and value == 1:  # every unit here is a plural in -s
        unit = unit.removesuffix("s")
    return f"{value} {unit}" if unit else str(value)


def _line(here: Place, parameter: Parameter, day: date) -> Line:
    found = office().parameters.on(here, parameter.name, day)
    names = {slug: words(name) for slug, _, name in here.line}
    source = translate("建议值，各级可以自定")
    if found.level:
        source = names.get(found.level, found.level)
    elif found.document:
        source = f"《{office().policy.documents[found.document].title}》"
    return Line(parameter, found, value_words(parameter, found.value), source)


def _options(parameter: Parameter) -> list[tuple[str, str]]:
    """Return what may be ticked, as value and words; none for a value that is typed."""
    if parameter.kind == DOCUMENTS:
        return [(name, each.title) for name, each in office().policy.documents.items()]
    if parameter.kind != "service_types":
        return []
    said = {
        "workday": translate("工作日课后服务"),
        "extended_care": translate("延时托管"),
        "weekend": translate("周末服务"),
        "evening_self_study": translate("晚自习"),
        "open_campus": translate("假期开放校园"),
    }
    return [(each, said[each]) for each in SERVICE_TYPES]


def _set(here: Place, parameter: Parameter) -> None:
    """Set what the page says; raise Refusal."""
    person, at = visit().person, stamp(office().ports.clock.now())
    try:
        since = date.fromisoformat(request.form.get("since", ""))
    except ValueError:
        raise Refusal("since_day") from None
    value = None if request.form.get("above") else _value(parameter)
    setting = Setting(parameter.name, value, since, request.form.get("basis", "")[:300])
    office().parameters.set(here.slug, setting, person.name if person else "", at)


def _value(parameter: Parameter) -> Any:
    """Return what was typed or ticked as it is kept; what does not fit is left for the refusal."""
    if parameter.kind in (DOCUMENTS, "service_types"):
        return request.form.getlist("value")
    typed = narrow(request.form.get("value", "")).strip()
    if parameter.kind == "whole":
        return int(typed) if typed.isdecimal() and len(typed) < 6 else typed  # noqa: PLR2004
    if parameter.kind == "time":
        return typed.replace("：", ":").rjust(5, "0")
    percent = typed.removesuffix("%")
    if typed.endswith("%") and percent.isdecimal() and int(percent) <= _HUNDRED:
        return f"{int(percent) / _HUNDRED:.2f}"
    return typed


def _today() -> date:
    return local_date(office().ports.clock.now())
