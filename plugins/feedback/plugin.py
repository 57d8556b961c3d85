"""What `feedback` counts beside its forms and its workflow: how satisfied people are (R80)."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.api import Cell, Chart, Column, Context, Table
from core.hooks import hookimpl
from forms.text import Text

LEAST = 5  # of fewer one could tell who gave which
SCORES = [f"score_{each}" for each in ("homework", "sports", "arts", "science", "reading", "care")]
_FIGURES = (
    Column(Text("平均分", "Average"), "number"),
    Column(Text("评价份数", "Ratings"), "number"),
)
_NOTE = Text(
    "5 分很满意，1 分不满意。不记名；不满 5 份的不算平均分。",
    "5 is very satisfied, 1 dissatisfied. Anonymous; no average under 5 ratings.",
)


class Plugin:
    """The Python of `feedback`."""

    @hookimpl
    def provide_figures(self, context: Context, first: date, last: date) -> Sequence[Table]:
        """Return the satisfaction with each school here, and with each kind of offering."""
        place = context.place
        known = "own_schools" if place.slug == place.county else "schools"
        schools = context.lookup(f"places.{known}") or ()
        everywhere = (place.slug, *(each.value for each in schools))
        told = context.statistics("answering", first, last, *everywhere)
        labels = [each.label for each in context.table(_NOTE, SCORES, []).columns]
        here = told[place.slug].answers
        return [
            _table(
                Text("各校的满意度", "Satisfaction by school"),
                Text("学校", "School"),
                [(each.label, told[each.value].answers.get("score", {})) for each in schools],
            ),
            _table(
                Text("各项服务的满意度", "Satisfaction by offering"),
                Text("服务", "Offering"),
                [(label, here.get(name, {})) for name, label in zip(SCORES, labels, strict=True)],
            ),
        ]


def _table(title: Text, head: Text, counted: Sequence[tuple[Text, Mapping[str, int]]]) -> Table:
    rows = [(name, *_average(counts)) for name, counts in counted]
    return Table(title, [Column(head), *_FIGURES], rows, _NOTE, Chart("bars", (1,)))


def _average(counts: Mapping[str, int]) -> tuple[Cell, Cell]:
    """Return the average of the scores from 1 to 5 that were given, and how many there are."""
    given = {int(score): n for score, n in counts.items() if score.isdigit()}
    ratings = sum(given.values())
    whole = sum(score * n for score, n in given.items())
    return (round(whole / ratings, 1) if ratings >= LEAST else None), ratings
