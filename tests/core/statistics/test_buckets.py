"""Times in log buckets: whatever was counted, what is read of it is within ±5 %."""

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.statistics.buckets import MOST, bucket_of, quantile, seconds_in

MOST_SECONDS = 30 * 366 * 86400
spans = st.floats(1, MOST_SECONDS)


@given(spans)
def test_a_span_is_read_within_five_per_cent(seconds: float) -> None:
    assert abs(seconds_in(bucket_of(seconds)) - seconds) <= 0.05 * seconds


@given(st.lists(spans, min_size=1, max_size=300), st.sampled_from([0.5, 0.9]))
def test_median_and_ninetieth_percentile_are_within_five_per_cent(
    all_spans: list[float], share: float
) -> None:
    exact = sorted(all_spans)[math.ceil(share * len(all_spans)) - 1]
    read = quantile(Counter(map(bucket_of, all_spans)), share)
    assert read is not None
    assert abs(read - exact) <= 0.05 * exact


@given(st.integers(1, MOST_SECONDS))
def test_longer_is_never_in_an_earlier_bucket(seconds: int) -> None:
    assert bucket_of(seconds) <= bucket_of(seconds + 1) < MOST


def test_less_than_a_second_or_a_clock_set_back_is_no_time() -> None:
    assert [bucket_of(each) for each in (-5.0, 0.0, 0.999)] == [0, 0, 0]
    assert quantile({0: 3}, 0.9) == 0


def test_of_nothing_there_is_no_median() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({7: 0}, 0.5) is None


def test_what_was_taken_back_before_it_was_counted_is_no_time() -> None:
    assert quantile({3: -1, 40: 2, 50: 1}, 0.5) == seconds_in(40)
