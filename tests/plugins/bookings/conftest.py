"""A museum that takes bookings."""

import pytest

from tests.core.house import House
from tests.plugins.bookings.visiting import Visiting


@pytest.fixture
def visiting(house: House) -> Visiting:
    for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
        house.office.places.switch(district, "bookings", "on", "某人", "2026")
    made = Visiting(house)
    made.open_venue()
    return made
