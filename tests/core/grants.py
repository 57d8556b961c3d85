"""经费申请, a small service in which a school checks and several people of the county decide."""

from pathlib import Path

from core.case_items import Case
from core.filings import Filing
from core.numbers import fresh_number
from core.people import Role
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House

SERVICES = Path(__file__).parent / "services"
PHONE = "00000000701"
SECOND, THIRD = "00000000702", "00000000703"
"""Two further officers of the county, when `county_of_three` has named them."""


def grants_house(make_house: MakeHouse) -> House:
    """Return the sample county with this service open in two districts."""
    house = make_house(folders=[BUNDLED, SERVICES])
    for district in ("hexi-zhen", "liuting-zhen"):
        house.office.places.switch(district, "grants", "on", "", "2026-11-01T00:00:00.000Z")
    house.office.ticks.tick()
    house.office.ticks.release()
    return house


def seat(house: House, phone: str, name: str, role: str, place: str) -> None:
    house.office.people.give(phone, name, Role(role, place))


def county_of_three(house: House) -> None:
    """Name two more officers of the county beside the one of the sample."""
    seat(house, SECOND, "贺兰", "county_officer", "qinghe")
    seat(house, THIRD, "乔木", "county_officer", "qinghe")


def request(house: House, school: str = "hexi-1", phone: str = PHONE, place: str = "") -> Case:
    """Hand in a request at the district that the school lies in."""
    district = place or house.office.places.get(school).at("district") or ""
    where = house.office.places.get(district)
    plugin = house.office.catalogue.plugins["grants"]
    data = {"name": "尹老师", "phone": phone, "school": school}
    filing = Filing(fresh_number(), "grants", where, plugin.form, plugin.workflow, data)
    return house.office.cases.submit(filing, None, house.office.around("zh", where))


def before_the_panel(house: House) -> Case:
    return house.do(request(house), "forward", "school")
