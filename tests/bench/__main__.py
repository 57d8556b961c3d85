"""Prints how long ours takes beside the one by hand, both answered in turn in one run."""

import argparse
import gc
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench import bookings, figures, large_form
from tests.bench.sides import Environ, Side, both

WARM = 30
BATCH = 10
GOALS = {"form page": 1.0, "submission": 1.5}
"""Turning a page has none: by hand nothing is kept until the last, ours keeps a draft."""


def seconds(side: Side, environs: list[list[Environ]], expected: str) -> float:
    """Return the mean time of answering these requests."""
    start = time.perf_counter()
    answers = [side.answer(environ) for environ in environs]
    taken = time.perf_counter() - start
    assert all(status.startswith(expected) for _, status in answers), answers[0]
    return taken / len(environs)


def compare(what: str, ours: Side, hand: Side, rounds: int) -> float:
    """Time both in turn, a batch each; print and return the median of the batches' ratios."""
    times: list[tuple[float, float]] = []
    count = iter(range(10**6))
    for at in range(rounds + WARM // BATCH):
        pair = []
        for side in (ours, hand) if at % 2 else (hand, ours):
            if what == "form page":
                environs, expected = [side.form_page() for _ in range(BATCH)], "200"
            elif what == "page turned":
                environs, expected = [side.turn(next(count)) for _ in range(BATCH)], "200"
            else:
                environs, expected = [side.submission(next(count)) for _ in range(BATCH)], "302"
            gc.collect()
            pair.append((side is hand, seconds(side, environs, expected)))
        times.append((dict(pair)[False], dict(pair)[True]))
    times = times[WARM // BATCH :]
    ratio = median(mine / its for mine, its in times)
    mine, its = (median(each) * 1e6 for each in zip(*times, strict=True))
    said = f"{what:<12} {mine:8.0f} µs ours {its:8.0f} µs by hand {ratio:6.2f} × "
    goal = f" (goal ≤ {GOALS[what]} ×)" if what in GOALS else ""
    sys.stdout.write(f"{said}{goal}\n")
    return ratio


def same_size(ours: Side, hand: Side) -> None:
    """Hold the two pages to within 20 % of their bytes: ours also tells of photos and the draft."""
    mine, its = (len(side.visit().encode()) for side in (ours, hand))
    sys.stdout.write(f"{'bytes':<12} {mine:8} ours {its:11} by hand {mine / its:9.2f} ×\n")
    assert abs(mine - its) <= 0.2 * its, "not the same page"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="batches of ten requests a side")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as (ours, hand):
        same_size(ours, hand)
        compare("page turned", ours, hand, rounds)
        ratios = {what: compare(what, ours, hand, rounds) for what in GOALS}
    large_form.report()
    met = [bookings.report(), figures.report()]
    return int(not all(met) or any(ratio > GOALS[what] for what, ratio in ratios.items()))


if __name__ == "__main__":
    raise SystemExit(main())
