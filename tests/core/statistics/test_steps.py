"""From all that everybody is told, no number that is not told can be worked out."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.statistics.steps import STEP, told_count, told_share

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=8)
Span = tuple[int, int]
Tell = Callable[[int], int | None]


def bare(n: int) -> int | None:
    """Tell a count as it is, unless it is small: what steps are there instead of."""
    return n if n >= STEP else None


def spans(counts: Sequence[int], tell: Tell) -> list[Span]:
    """Return what each part can be, to whoever adds up all that is told of the parts and of whole.

    They know how it is told, and that nothing but these parts makes up the whole.
    """
    least, most = _span(sum(counts), tell)
    alone = [_span(n, tell) for n in counts]
    others = [
        (sum(s[0] for s in alone) - own[0], sum(s[1] for s in alone) - own[1]) for own in alone
    ]
    return [
        (max(own[0], least - high), min(own[1], most - low))
        for own, (low, high) in zip(alone, others, strict=True)
    ]


def _span(n: int, tell: Tell) -> Span:
    same = [each for each in range(n - STEP, n + STEP + 1) if each >= 0 and tell(each) == tell(n)]
    return min(same), max(same)


def worked_out(counts: Sequence[int], tell: Tell) -> list[int]:
    """Return the parts that are not told, and can be only one number."""
    found = zip(counts, spans(counts, tell), strict=True)
    return [n for n, (least, most) in found if tell(n) is None and least == most]


def stands_at_the_edges(counts: Sequence[int]) -> bool:
    """Tell whether at least five parts all stand at the top, and the whole at the bottom."""
    top = all(n % STEP == STEP - 1 for n in counts)
    return top and len(counts) >= STEP and sum(counts) % STEP == 0


@given(COUNTS)
@example([9, 3])
@example([25, 25, 1])
@example([5, 0])
@example([9, 9, 9, 9, 4])
def test_no_number_below_five_can_be_worked_out(counts: list[int]) -> None:
    if stands_at_the_edges(counts):
        assert set(worked_out(counts, told_count)) <= {STEP - 1}
    else:
        assert worked_out(counts, told_count) == []


@pytest.mark.parametrize("counts", [[9, 3], [25, 25, 1], [5, 0]])
def test_control_with_bare_numbers_it_is_the_total_less_the_others(counts: list[int]) -> None:
    assert worked_out(counts, bare) == [counts[-1]]


@given(st.integers(0, 500), st.integers(0, 500))
def test_no_change_below_five_shows_by_how_much(before: int, more: int) -> None:
    """Told twice, a count can have grown by at least five different numbers."""
    first, then = _span(before, told_count), _span(before + more, told_count)
    grown = {b - a for a in range(*_ends(first)) for b in range(*_ends(then)) if b >= a}
    assert more in grown
    assert len(grown) >= STEP


def _ends(span: Span) -> Span:
    return span[0], span[1] + 1


@given(st.integers(0, 500))
def test_a_count_is_told_as_the_step_it_has_reached(n: int) -> None:
    told = told_count(n)
    assert (told is None) == (n < STEP)
    assert told is None or (told % STEP == 0 and told <= n < told + STEP)


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_share_is_told_in_twentieths_and_none_of_a_few(part: int, more: int) -> None:
    told, whole = told_share(part, part + more), part + more
    assert (told is None) == (whole < STEP)
    if told is not None:
        assert told * 20 % 1 == 0
        assert told * whole <= part
        assert (told == 1) == (part == whole)
