"""Killed with -9 at random moments: nothing acknowledged is lost, nothing is there twice.

`make soak` does the same with two hundred kills, see `tests.soak`.
"""

from pathlib import Path

import pytest

from tests.siege.killing import ENOUGH, besiege

SEED = 2026_11_23


def test_nothing_is_lost_or_doubled_by_a_server_killed_at_work(folder: Path) -> None:
    outcome = besiege(folder, kills=10, seed=SEED, peace=2)
    assert outcome.complaints == []
    assert outcome.kills.total() == 10
    assert len(outcome.told) >= ENOUGH
    assert any(each["done"] for each in outcome.tried)


@pytest.mark.parametrize("store", ["early", "forgetful"])
def test_control_the_same_judge_finds_what_a_careless_store_loses(folder: Path, store: str) -> None:
    assert besiege(folder, kills=3, seed=SEED, store=store, peace=2).complaints
