"""Statistics of a service's workflows as tables, each with its chart."""

from collections.abc import Iterator
from datetime import date

from core.places import Place
from core.plugins import Plugin
from core.statistics.told import Told, told
from core.tables import Chart, Column, Table
from core.web.language import language, words
from core.web.visit import office
from forms.text import Text
from workflows.definition import Workflow

_NOTE = Text(
    "从每一件的办理经过数出来的，刚办的可能晚几分钟计入。用了多久按办完这一步的件数算，误差不超过百分之五。",
    "Counted from what happened to each case; what was done just now may be counted some minutes"
    " later. Times are of the cases that left a step, within five per cent.",
)
_CHARTS = {"now": Chart("bars", (1,)), "months": Chart("series", (1,)), "spent": None}


def statistic_tables(place: Place, service: Plugin, first: date, last: date) -> Iterator[Table]:
    """Yield what there is to tell of each workflow at a place, over the months of a span.

    One round trip, two where months and workflows are many.
    """
    flows = {name: service.workflows[name] for name in service.manifest.workflows}
    span = (f"{first:%Y%m}", f"{last:%Y%m}")
    found = office().statistics.of(place, service.id, [*flows], *span)
    several = sum(any(each.now) or bool(each.filed) for each in found.values()) > 1
    for name, statistics in found.items():
        form = service.forms[flows[name].form]
        for each in told(statistics, flows[name], form, language()):
            if any(row[1] for row in each.rows):
                yield _table(each, flows[name], several=several)


def _table(each: Told, workflow: Workflow, *, several: bool) -> Table:
    """Return one of them; where `several` workflows tell something, it says which it is of."""
    chart = _CHARTS.get(each.name, Chart("bars", (1,)))
    columns = [
        Column(Text(label), "number" if all(isinstance(one, int) for one in cells) else "text")
        for label, cells in zip(each.columns, zip(*each.rows, strict=True), strict=True)
    ]
    title = f"{words(workflow.title)} · {each.title}" if several else each.title
    return Table(Text(title), columns, each.rows, _NOTE, chart)
