"""One kept figure: places compared, each number opened down to its cases, as workbook and print."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.moments import moment_of
from core.statistics.comparing import (
    ALL,
    FINISHED,
    Asked,
    Compared,
    compared,
    count_of,
    countable,
    denominators,
    is_hidden,
    levels,
    table_of,
)
from core.statistics.keeping import Kept, Row
from core.statistics.opening import Opened
from core.tables import Column, Table
from core.web.access import is_officer_of, manager, manages, signed_in
from core.web.kept_figures import Here, as_of_words, here_or_nothing
from core.web.language import language, translate
from core.web.tables import shown, workbook_response
from core.web.visit import office, visit
from core.web.words import moment, words
from forms.problems import Problem
from forms.text import Text
from workflows.definition import Workflow

bp = Blueprint("kept_figure", __name__)
_UNFIT = 422
_MOST_REASON = 200
_MOST_CASES = 500
"""How many cases are listed of one number."""


@dataclass(frozen=True, slots=True)
class Look:
    """What of something kept is looked at."""

    here: Here
    kept: Kept
    rows: Sequence[Row]
    holds: bool
    flow: Workflow
    asked: Asked

    @property
    def names(self) -> dict[str, Text]:
        """What can be counted, in words."""
        return countable(self.flow, self.rows)

    @property
    def lines(self) -> list[Compared]:
        """The places compared, the whole first."""
        return compared(self.rows, self.flow, self.asked)


@dataclass(frozen=True, slots=True)
class Listed:
    """A case behind a number, as the page lists it: then and now in words."""

    case: Case
    then: str
    now: str
    has_moved: bool


@bp.get("/<place>/<plugin>/figures/kept/<kept_id>/")
@signed_in
def show(place: str, plugin: str, kept_id: str) -> str:  # noqa: ARG001
    """Compare the places beneath, as `?what=`, `?of=`, `?level=` and `?with=` ask."""
    return _page(_look(plugin, kept_id))


@bp.get("/<place>/<plugin>/figures/kept/<kept_id>/table.xlsx")
@signed_in
def workbook(place: str, plugin: str, kept_id: str) -> ResponseReturnValue:  # noqa: ARG001
    """Send the comparison as a workbook, with what was kept by whom and its hash."""
    look = _look(plugin, kept_id)
    name = f"{look.kept.title} {words(look.here.place.name)}"
    return workbook_response([_table(look), _about(look)], name)


@bp.get("/<place>/<plugin>/figures/kept/<kept_id>/cases/<row>/")
@signed_in
def cases(place: str, plugin: str, kept_id: str, row: str) -> str:  # noqa: ARG001
    """List the cases that a number counts, as they were then and are now."""
    look = _look(plugin, kept_id)
    found = next((each for each in look.rows if each.slug == row), None)
    figures = found.figures.get(look.flow.id, {}) if found else {}
    if found is None or is_hidden(look.asked.what, figures, look.flow):
        abort(404)
    every = office().opening.cases(look.kept, look.flow, row, look.asked.what)
    opened = [*islice(every, _MOST_CASES + 1)]
    listed = [_listed(each) for each in opened[:_MOST_CASES]]
    mine = [each for each in listed if is_officer_of(each.case)]
    return render_template(
        "kept_cases.html",
        look=look,
        place=look.here.place,
        row=found,
        what=look.names.get(look.asked.what, Text(look.asked.what)),
        as_of=as_of_words(look.kept),
        back={**asdict(look.asked), "what": request.args.get("shown", look.asked.what)},
        number=count_of(look.asked.what, figures, look.flow),
        found=len(opened),
        more=len(opened) > _MOST_CASES,
        closed=len(listed) - len(mine),
        cases=mine,
    )


@bp.post("/<place>/<plugin>/figures/kept/<kept_id>/withdraw")
@manager
def withdraw(place: str, plugin: str, kept_id: str) -> ResponseReturnValue:
    """Note that what was kept is not to be relied on; it stays to be seen."""
    look, person = _look(plugin, kept_id), visit().person
    reason = request.form.get("reason", "").strip()
    if not 1 <= len(reason) <= _MOST_REASON or person is None:
        said = translate("请写明为什么撤回，最多 %d 个字。撤回后原来的数字还看得到") % _MOST_REASON
        return _page(look, Problem("reason", said, "reason")), _UNFIT
    office().keeping.withdraw(look.kept, reason, person)
    return redirect(url_for(".show", place=place, plugin=plugin, kept_id=kept_id), 303)


def _look(plugin: str, kept_id: str) -> Look:
    here = here_or_nothing(plugin)
    keeping, place = office().keeping, here.place
    kept = keeping.get(place.county, here.service.id, place.slug, kept_id)
    if kept is None:
        abort(404)
    rows, holds = keeping.rows(kept)
    ordered = sorted(rows, key=lambda each: (each.slug != kept.place, len(each.line)))
    name = request.args.get("flow", "")
    flows = kept.flows
    if not flows or not ordered:
        abort(404)
    pinned = flows.get(name) or flows[_busiest(ordered, [*flows])]
    flow = office().offers.definitions.workflow(pinned["workflow"])
    return Look(here, kept, ordered, holds, flow, _asked(ordered, flow))


def _busiest(rows: Sequence[Row], flows: Sequence[str]) -> str:
    """Return the workflow with the most cases; the first where none has any."""
    return max(flows, key=lambda name: sum(rows[0].figures.get(name, {}).values()))


def _asked(rows: Sequence[Row], flow: Workflow) -> Asked:
    what, of = request.args.get("what", ""), request.args.get("of", "")
    at, level = levels(rows), request.args.get("level", "")
    return Asked(
        what if what in countable(flow, rows) else FINISHED,
        of if of in denominators(rows) else ALL,
        level if level in at else next(iter(at), ""),
    )


def _former(look: Look) -> tuple[Kept, dict[str, Compared]] | None:
    """Return what is compared with, as `?with=` asks: another that this place keeps."""
    other_id = request.args.get("with", "")
    kept, keeping = look.kept, office().keeping
    other = keeping.get(kept.county, kept.plugin, kept.place, other_id) if other_id else None
    if other is None or other.id == kept.id:
        return None
    rows, _ = keeping.rows(other)
    ordered = sorted(rows, key=lambda each: (each.slug != kept.place, len(each.line)))
    lines = compared(ordered, look.flow, look.asked)
    return other, {each.row.slug: each for each in lines}


def _table(look: Look, former: tuple[Kept, dict[str, Compared]] | None = None) -> Table:
    title = look.names.get(look.asked.what, Text(look.asked.what))
    former = former or _former(look)
    return table_of(look.lines, title, look.asked, former[1] if former else None)


def _about(look: Look) -> Table:
    kept = look.kept
    told = [
        (translate("标题"), kept.title),
        (translate("数字"), as_of_words(kept)),
        (translate("定格的人"), kept.name),
        (translate("定格的时间"), moment(kept.at)),
        (translate("校验码"), kept.hash),
        (translate("核对"), _holds_words(look)),
        (translate("撤回"), kept.withdrawn.reason if kept.withdrawn else ""),
    ]
    columns = [Column(Text(translate("项目"))), Column(Text(translate("内容")))]
    return Table(Text(translate("说明")), columns, told)


def _holds_words(look: Look) -> str:
    return translate("和定格时一样") if look.holds else translate("和定格时不一样，被改动过")


def _page(look: Look, *problems: Problem) -> str:
    former, kept, lines = _former(look), look.kept, look.lines
    table = _table(look, former)
    slugs = {id(row): line.row.slug for row, line in zip(table.rows, lines[1:], strict=True)}
    [seen] = shown([table])
    others = office().keeping.all_of(kept.county, kept.plugin, kept.place)
    return render_template(
        "kept.html",
        look=look,
        place=look.here.place,
        shown=seen,
        lines=[(slugs[id(row)], row) for row in seen.table.rows],
        as_of=as_of_words(kept),
        as_of_words=as_of_words,
        when=moment(moment_of(kept.at)),
        flows=_flows(kept),
        countable=look.names,
        denominators=denominators(look.rows),
        levels=levels(look.rows),
        opens=(look.asked.what, look.asked.of if look.asked.of in (ALL, FINISHED) else ""),
        others=[each for each in others if each.id != kept.id and each.withdrawn is None],
        before=former[0] if former else None,
        corrected=[each for each in others if each.former == kept.id],
        former=next((each for each in others if each.id == kept.former), None),
        may_withdraw=manages(look.here.place) and kept.withdrawn is None,
        problems=problems,
    )


def _flows(kept: Kept) -> dict[str, str]:
    found = {
        name: office().offers.definitions.workflow(each["workflow"])
        for name, each in kept.flows.items()
    }
    return {name: each.title.get(language()) or name for name, each in found.items()}


def _listed(opened: Opened) -> Listed:
    case = Case(opened.item, office().vault)
    states = office().cases.workflow(case).states
    now, then = states.get(case.state), states.get(opened.state)
    return Listed(
        case,
        words(then.label) if then else opened.state,
        words(now.label) if now else case.state,
        opened.state != case.state,
    )
