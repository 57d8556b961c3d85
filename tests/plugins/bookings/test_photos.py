"""A venue's photographs are everybody's while it is open; whatever else it handed in is not."""

import pytest

from core.filings import Deed
from tests.core.house import House
from tests.core.sampler import PNG
from tests.plugins.bookings.hosting import CONTACT, enter, open_bookings

CALENDAR = "/museum/bookings/calendar/"


@pytest.fixture
def house(house: House) -> House:
    """Return the sample county with the service on and no venue entered."""
    return open_bookings(house)


def with_photo(house: House) -> tuple[str, str]:
    """Enter the museum with a photograph; return its case's address and number."""
    kept = house.office.uploads.keep("qinghe", "1" * 16, "大厅.png", PNG)
    safety = house.office.uploads.keep("qinghe", "1" * 16, "安全.png", PNG)
    case = enter(house, photos=[kept], safety_file=safety)
    return f"/museum/picture/{house.public(case.id)}/", case.id


def test_the_calendar_shows_the_photographs_to_anybody(house: House) -> None:
    case, _ = with_photo(house)
    page = house.client().get(CALENDAR).text
    assert f'src="{case}photos.0?v=' in page
    sent = house.client().get(f"{case}photos.0")
    assert (sent.status_code, sent.data, sent.content_type) == (200, PNG, "image/png")
    assert sent.headers["Cache-Control"] == "public, max-age=300"
    assert sent.headers["Content-Disposition"] == "inline"  # no name of whoever named it


@pytest.mark.parametrize("path", ["safety_file", "photos.1", "photos", "contact", "kind", "x"])
def test_nothing_else_is_public(house: House, path: str) -> None:
    case, _ = with_photo(house)
    assert house.client().get(f"{case}{path}").status_code == 404
    assert house.client(CONTACT).get(f"{case}{path}").status_code == 404


def test_a_venue_that_is_shut_shows_none(house: House) -> None:
    case, number = with_photo(house)
    stood, around = house.office.cases.get(number), house.office.around("zh")
    assert stood
    shut = Deed("shut", stood.v, house.person(CONTACT), comment="搬走了")
    house.office.cases.move(stood, shut, around)
    assert house.client().get(f"{case}photos.0").status_code == 404
