"""What plugins may ask of the internet: whether something answers, never to be told anything."""

import pytest

from core.api import Unreachable
from tests.core.house import House
from tests.pages import PLACE, SERVICE


def test_a_context_asks_through_the_port_and_sends_nothing(house: House) -> None:
    context = house.office.contexts.of(SERVICE, house.office.places.get(PLACE), None)
    house.net.answers["https://school.example/"] = 404
    assert context.fetch.status("https://school.example/") == 404
    with pytest.raises(Unreachable, match="refused"):
        context.fetch.status("https://other.example/")
    assert house.net.asked == ["https://school.example/", "https://other.example/"]
    assert not hasattr(context.fetch, "post")
