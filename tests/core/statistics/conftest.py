"""Installations with 助学金, whose form asks what can be counted."""

import pytest

from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.grants import SECOND, seat
from tests.core.house import House
from tests.core.lives.world import SERVICES


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return stipends_house(make_house)


def stipends_house(make_house: MakeHouse) -> House:
    """Return the sample county with stipends in two districts, and nothing left to do."""
    house = make_house(folders=[BUNDLED, SERVICES])
    for district in ("hexi-zhen", "liuting-zhen"):
        house.office.places.switch(district, "stipends", "on", "", "2026-11-01T00:00:00.000Z")
    seat(house, SECOND, "贺兰", "county_officer", "qinghe")
    house.office.ticks.tick()
    house.office.ticks.release()
    return house
