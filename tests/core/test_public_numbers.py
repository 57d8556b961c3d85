"""A receipt number stands in no page that everybody may read: four digits more open its case."""

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from core.numbers import spoken
from core.public_names import PublicNames
from forms.surroundings import Choice
from tests.core.house import House, build_seeded, everything, open_house

_LINK = re.compile(r"""(?:href|src|action|data-[a-z-]+)="(/[^"#]*)""")
_ALIKE = 8
"""How many pages of one address with the same questions are read of each place."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sample county with all its cases."""
    folder = tmp_path_factory.mktemp("seeded") / "var"
    folder.mkdir()
    build_seeded(folder)
    return folder


@pytest.fixture
def house(county: Path, tmp_path: Path) -> Iterator[House]:
    with closing(open_house(county, tmp_path / "house", demo=False)) as house:
        yield house


def walked(house: House) -> Iterator[tuple[str, str]]:
    """Yield what everybody may read, from the first page on, with its address."""
    client, rules = house.client(), house.app.url_map.bind("localhost")
    left, seen, alike = ["/", "/api/v1/qinghe/openapi.json"], set[str](), dict[object, int]()
    while left:
        address = left.pop()
        parts = urlsplit(address)
        if address in seen:
            continue
        seen.add(address)
        try:
            endpoint, given = rules.match(parts.path, "GET")
        except (HTTPException, RoutingException):
            continue
        same = (
            endpoint,
            *(given.get(name) for name in ("place", "plugin", "workflow")),
            *re.findall(r"(\w+)=", parts.query),
        )
        alike[same] = alike.get(same, 0) + 1
        if alike[same] > _ALIKE:
            continue
        answer = client.get(address)
        text = answer.get_data().decode("utf-8", "replace")
        yield address, text + repr(list(answer.headers))
        found = [unescape(each) for each in _LINK.findall(text)]
        left += [urljoin(address, each) for each in (*found, answer.location or "") if each]


def told(house: House) -> dict[str, list[str]]:
    """Return the addresses that were walked, each with the numbers of cases that it tells."""
    ids = {item["id"] for item in everything(house, "C#") if item["sk"] == "H"}
    assert len(ids) > 50
    shown = ids | {spoken(each) for each in ids}
    number = re.compile(r"\d{16}|\d{4}(?: \d{4}){3}")
    return {
        address: [each for each in number.findall(text) if each in shown]
        for address, text in walked(house)
    }


def test_no_public_page_tells_a_receipt_number(house: House) -> None:
    found = told(house)
    assert {address: numbers for address, numbers in found.items() if numbers} == {}
    assert len(found) > 200
    asking = "/cloud_classroom/new/asking/?session="
    for part in (asking, "/join/", "/list/", "/bookings/", "openapi"):
        assert any(part in address for address in found), part


def test_the_walk_finds_a_number_that_a_form_offers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the public name that hides it, not the walk that misses it."""

    def bare(_: PublicNames, choice: Choice) -> Choice:
        return choice

    monkeypatch.setattr(PublicNames, "offered", bare)
    found = [address for address, numbers in told(house).items() if numbers]
    assert found
    assert all("/cloud_classroom/" in address for address in found)
