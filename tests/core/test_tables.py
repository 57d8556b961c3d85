"""Tables: what fits into one, how it is sorted, and that a chart draws what its table says."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.tables import Chart, Column, Table
from core.web.tables import Bar, cell_words, drawn
from forms.text import Text

COLUMNS = (
    Column(Text("馆", "Venue")),
    Column(Text("用了", "Used"), "number"),
    Column(Text("空着", "Free"), "number"),
    Column(Text("使用率", "Share"), "share"),
)
ROWS = (
    (Text("博物馆", "Museum"), 3, 9, 0.25),
    (Text("图书馆", "Library"), 6, 2, 0.75),
    (Text("体育馆", "Gym"), 0, 0, None),
)


def table(chart: Chart | None = None, **other: object) -> Table:
    return Table(
        **{"title": Text("使用"), "columns": COLUMNS, "rows": ROWS, "chart": chart, **other}
    )  # type: ignore[arg-type]


def lengths(bars: list[Bar]) -> list[list[tuple[float, float]]]:
    return [[(part.start, part.length) for part in bar.parts] for bar in bars]


def test_a_share_is_drawn_on_a_whole_and_what_is_not_known_is_not() -> None:
    bars = drawn(table(Chart("bars", (3,))))
    assert lengths(bars) == [[(0, 25)], [(0, 75)], [(0, 0)]]
    assert [[part.words for part in bar.parts] for bar in bars] == [["25.0%"], ["75.0%"], ["—"]]
    assert [bar.name for bar in bars] == ["博物馆", "图书馆", "体育馆"]


def test_parts_stand_one_after_another_on_the_scale_of_the_longest() -> None:
    assert lengths(drawn(table(Chart("stacked", (1, 2))))) == [
        [(0, 25), (25, 75)],
        [(0, 50), (50, 16.67)],
        [(0, 0), (0, 0)],
    ]


def test_a_number_is_drawn_on_the_scale_of_the_greatest_and_nothing_where_all_are_none() -> None:
    assert lengths(drawn(table(Chart("series", (1,))))) == [[(0, 50)], [(0, 100)], [(0, 0)]]
    assert drawn(table(Chart("series", (1,)), rows=[ROWS[2]])) == []
    assert drawn(table()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": [("只有一格",)]},
        {"total": ("合计", 1)},
        {"chart": Chart("bars", (0,))},
        {"chart": Chart("bars", (1, 2))},
        {"chart": Chart("stacked", (1, 3))},
        {"chart": Chart("stacked", (1, 9))},
        {"chart": Chart("stacked", ())},
    ],
)
def test_what_does_not_fit_is_refused_when_it_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="使用"):
        table(**wrong)


def test_rows_are_sorted_by_any_column_either_way_and_the_unknown_stands_last() -> None:
    def order(at: int, *, falling: bool) -> list[str]:
        return [str(row[0].zh) for row in table().sorted_by(at, falling=falling).rows]  # type: ignore[union-attr]

    assert order(3, falling=True) == ["图书馆", "博物馆", "体育馆"]
    assert order(3, falling=False) == ["博物馆", "图书馆", "体育馆"]
    assert order(2, falling=True) == ["博物馆", "图书馆", "体育馆"]
    english = table().sorted_by(0, language="en").rows
    assert [str(row[0].en) for row in english] == ["Gym", "Library", "Museum"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        (1234567, COLUMNS[1], "1,234,567"),
        (Decimal("12.50"), COLUMNS[1], "12.50"),
        (0.12345, COLUMNS[3], "12.3%"),
        (date(2026, 12, 2), COLUMNS[0], "2026年12月2日"),
        (timedelta(hours=26, minutes=5), COLUMNS[0], "26 小时 5 分"),
        ("=1+1", COLUMNS[0], "=1+1"),
        (None, COLUMNS[1], "—"),
    ],
)
def test_a_cell_reads_as_people_say_it(cell: object, column: Column, words: str) -> None:
    assert cell_words(cell, column) == words  # type: ignore[arg-type]
