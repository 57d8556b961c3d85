"""Everybody books the same hour at once, on DynamoDB's emulators: 30 places are 30 places."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from core.store import Store
from tests.core.conftest import built
from tests.siege.booking import PLACES, groups
from tests.siege.threads import Limitless, crowd_in, house_on

__all__ = ["built"]
SEED = 20261123
DYNAMO = ["ministack", "dynamodb-local"]
MakeStore = Callable[[str], Store]


@pytest.mark.parametrize("kind", DYNAMO)
def test_thirty_of_many_get_a_place_and_the_rest_wait_in_order(
    make_store: MakeStore, kind: str, built: Path, tmp_path: Path
) -> None:
    house = house_on(make_store(kind), built, tmp_path / "var")
    outcome = crowd_in(house, [1] * 45)
    assert outcome.complaints() == []
    assert outcome.states == Counter(requested=PLACES, waiting=45 - PLACES)


@pytest.mark.parametrize("kind", DYNAMO)
def test_groups_of_all_sizes_fill_the_hour_and_nobody_waits_who_fits(
    make_store: MakeStore, kind: str, built: Path, tmp_path: Path
) -> None:
    house = house_on(make_store(kind), built, tmp_path / "var")
    outcome = crowd_in(house, groups(16, SEED))
    assert outcome.complaints() == []
    assert outcome.states["waiting"]


@pytest.mark.parametrize("kind", DYNAMO)
def test_control_without_the_condition_more_are_let_in_than_there_are_places(
    make_store: MakeStore, kind: str, built: Path, tmp_path: Path
) -> None:
    house = house_on(Limitless(make_store(kind)), built, tmp_path / "var")
    assert crowd_in(house, groups(16, SEED)).held > PLACES
