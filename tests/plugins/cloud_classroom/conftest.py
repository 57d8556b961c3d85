"""The sample county with the cloud classroom for all of it."""

import pytest

from core.moments import stamp
from tests.core.house import House


@pytest.fixture
def house(house: House) -> House:
    at = stamp(house.clock.now())
    house.office.places.switch("qinghe", "cloud_classroom", "required", "某人", at)
    return house
