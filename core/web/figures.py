"""A service's figures: charts with a table beneath each, for a span of months, and as a workbook.

What the service tells of itself comes first, then the statistics of its workflows. Shown at their
place or above this one to whoever manages places, and to the roles that the manifest's `menu` names
for the page `figures`, else to all of the service's. The service need not be switched on there, for
what is told of lies beneath.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import Context
from core.calendars import terms_at
from core.manifest import FIGURES
from core.moments import local_date
from core.people import MANAGERS
from core.places import Place
from core.plugins import Plugin
from core.tables import Table
from core.web.access import signed_in
from core.web.language import translate
from core.web.statistic_tables import statistic_tables
from core.web.tables import shown, workbook_response
from core.web.visit import office, visit
from core.web.waiting import works_on
from core.web.words import words
from forms.problems import Problem
from forms.text import Text

bp = Blueprint("figures", __name__)
MOST_MONTHS = 13
_YEARS = 5
"""How many years from today can be asked for."""
_UNFIT = 422
_STATISTICS = Text("统计", "Statistics")


class _Refused(ValueError):  # noqa: N818 — an answer, not a fault
    """The span asked for cannot be; says why, and what would be accepted."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months: the first day of the first, the last day of the last."""

    first: date
    last: date

    @property
    def asked(self) -> dict[str, str]:
        """How an address asks for it."""
        return {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}

    @property
    def words(self) -> str:
        """How people say it: 2026年9月, 2026年9月至2027年1月."""
        return _words_between(self.first, self.last)


@bp.get("/<place>/<plugin>/figures/")
@signed_in
def figures(place: str, plugin: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read it
    """Show the figures of this month, or of `?from=2026-09&to=2026-12`."""
    context, service, label = service_figures(plugin)
    today = local_date(office().ports.clock.now())
    span, problems = _months(today, today), list[Problem]()
    try:
        span = _asked(today)
    except _Refused as refused:
        problems = [Problem("span", str(refused), "from")]
    tables = [] if problems else _tables(context, service, span)
    page = render_template(
        "figures.html",
        place=context.place,
        service=service,
        label=label,
        span=span,
        typed=request.args if problems else span.asked,
        choices=_choices(context.place, today),
        shown=shown(tables or []),
        failed=tables is None,
        can_be_kept=context.place.at("county") is not None,
        waits=any(map(context.can, works_on(service) | MANAGERS)),
        problems=problems,
    )
    return page, (_UNFIT if problems else 200)


@bp.get("/<place>/<plugin>/figures.xlsx")
@signed_in
def workbook(place: str, plugin: str) -> ResponseReturnValue:
    """Send the same figures as a workbook; a span that cannot be is refused on the page."""
    context, service, label = service_figures(plugin)
    try:
        span = _asked(local_date(office().ports.clock.now()))
    except _Refused:
        asked = request.query_string.decode("ascii", "replace")
        return redirect(f"{url_for('figures.figures', place=place, plugin=plugin)}?{asked}")
    tables = _tables(context, service, span)
    name = f"{words(label)} {words(context.place.name)} {span.words}"
    return workbook_response(tables, name) if tables else abort(503)


def service_figures(plugin: str) -> tuple[Context, Plugin, Text]:
    """Return what a service works with here, and what its figures are called.

    Raises NotAllowed; 404 where there is no such service.
    """
    here = visit().place
    service = office().offers.at(here, plugin)
    if service is None:
        abort(404)
    label, roles = figures_of(service)
    context = office().context(plugin, here, visit().person, lambda _, value: str(value))
    context.require(*roles, *MANAGERS)
    return context, service, label


def figures_of(service: Plugin) -> tuple[Text, frozenset[str]]:
    """Return what a service's figures are called, and whose roles they are for.

    As the manifest's `menu` says; every service has statistics, for all its roles.
    """
    entries = (each for each in service.manifest.menu if each.path == FIGURES)
    roles = frozenset(each.id for each in service.manifest.roles)
    return next(((each.label, each.roles or roles) for each in entries), (_STATISTICS, roles))


def _tables(context: Context, service: Plugin, span: Span) -> list[Table] | None:
    """Return everything there is to show of a span, whoever counted it; None where that failed."""
    told = {"context": context, "first": span.first, "last": span.last}
    own = office().catalogue.figures(context.plugin, **told)
    if own is None:
        return None
    return [*own, *statistic_tables(context.place, service, span.first, span.last)]


def _asked(today: date) -> Span:
    """Return the span that the address asks for; raise _Refused."""
    said = [request.args.get(each, "") for each in ("from", "to")]
    if not any(said):
        return _months(today, today)
    try:
        first, last = (date.fromisoformat(f"{each or said[0]}-01") for each in said)
    except ValueError:
        raise _Refused(translate("请按“年-月”填起止月份，例如 2026-09")) from None
    if any(abs(each.year - today.year) > _YEARS for each in (first, last)):
        raise _Refused(translate("只能看前后 %d 年以内的月份") % _YEARS)
    if first > last:
        raise _Refused(translate("开始的月份晚于结束的月份，请对调"))
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise _Refused(translate("一次最多看 %d 个月，请把时间缩短") % MOST_MONTHS)
    return _months(first, last)


def _months(first: date, last: date) -> Span:
    after = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    return Span(first.replace(day=1), after - timedelta(days=1))


def _choices(here: Place, today: date) -> Iterator[tuple[str, Span]]:
    """Yield spans that are at hand: this month, the one before, each term of the county."""
    yield translate("本月"), _months(today, today)
    before = today.replace(day=1) - timedelta(days=1)
    yield translate("上个月"), _months(before, before)
    for term in terms_at(here):
        yield term.name, _months(term.first, term.last)


def _words_between(first: date, last: date) -> str:
    said = [
        translate("%(year)s年%(month)s月") % {"year": each.year, "month": each.month}
        for each in (first, last)
    ]
    return (
        said[0]
        if said[0] == said[1]
        else translate("%(first)s至%(last)s") % dict(zip(("first", "last"), said, strict=True))
    )
