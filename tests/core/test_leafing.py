"""A month or a week off an address, and the months that a span of days touches."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leafing import Leaf, leaf_of, months

TODAY = date(2026, 11, 27)
NEAR = st.dates(date(2021, 12, 20), date(2031, 1, 10))
ONE = timedelta(days=1)


@given(NEAR, st.sampled_from(["month", "week"]))
def test_leafing_on_and_back_again_misses_no_day(day: date, by: str) -> None:
    named = {"month": f"{day:%Y-%m}", "week": f"{day:%G-W%V}"}
    here = leaf_of({by: named[by]}, TODAY)
    assert here.by == by
    assert here.first <= day <= here.last
    for leads, edge in ((here.before, here.first - ONE), (here.after, here.last + ONE)):
        there = leaf_of({by: leads}, edge)
        assert edge in (there.first, there.last)
        assert named[by] in (there.before, there.after)


@given(NEAR)
def test_a_month_and_a_week_lead_to_each_other(day: date) -> None:
    month = leaf_of({"month": f"{day:%Y-%m}"}, day)
    assert (month.week, month.month) == (f"{day:%G-W%V}", f"{day:%Y-%m}")
    week = leaf_of({"week": month.week}, day)
    assert week.first <= day <= week.last
    assert week.first.weekday() == 0
    assert leaf_of({"month": week.month}, day).first <= week.first


@pytest.mark.parametrize(
    "asked",
    [
        *({"month": text} for text in ("2026-13", "9999-01", "1999-01", "二月", "", "2026-12-01")),
        *({"week": text} for text in ("2026-W54", "2026-49", "", "x", "\x00")),
    ],
)
def test_what_is_no_month_or_week_is_this_month(asked: dict[str, str]) -> None:
    this = Leaf("month", date(2026, 11, 1), date(2026, 11, 30), TODAY)
    assert leaf_of(asked, TODAY) == this


@given(NEAR, st.integers(0, 800))
def test_a_span_touches_the_months_of_its_days(first: date, length: int) -> None:
    days = [first + n * ONE for n in range(length + 1)]
    assert months(days[0], days[-1]) == sorted({f"{each:%Y-%m}" for each in days})
