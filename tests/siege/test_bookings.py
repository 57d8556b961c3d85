"""Everybody books the same hour at once, over HTTP at two workers: 30 places are 30 places.

`make soak` does the same with a thousand requests.
"""

from collections import Counter
from pathlib import Path

from tests.siege.booking import PLACES, besiege, groups

SEED = 20261123


def test_thirty_of_many_get_a_place_and_the_rest_wait_in_order(built: Path, tmp_path: Path) -> None:
    outcome = besiege(built, tmp_path, [1] * 80)
    assert outcome.complaints() == []
    assert outcome.states == Counter(requested=PLACES, waiting=80 - PLACES)
    assert "Traceback" not in (tmp_path / "var" / "server.log").read_text()


def test_groups_of_all_sizes_fill_the_hour_and_nobody_waits_who_fits(
    built: Path, tmp_path: Path
) -> None:
    """On a store that hesitates, so that most have to ask again."""
    outcome = besiege(built, tmp_path, groups(30, SEED), broken="hesitant")
    assert outcome.complaints() == []
    assert outcome.states["waiting"]
    assert any(len(each["told"]) > 1 for each in outcome.told)


def test_control_without_the_condition_more_are_let_in_than_there_are_places(
    built: Path, tmp_path: Path
) -> None:
    outcome = besiege(built, tmp_path, groups(30, SEED), broken="limitless")
    assert outcome.held > PLACES
    assert outcome.complaints()
