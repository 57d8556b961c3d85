"""The desk says how many cases lie on each of its trays, and opens on the most urgent one."""

import re

import pytest

from core.web import tray_counts
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import OFFICERS, House
from tests.pages import words_of

TRAY = "/desk/?tray=D%23hexi-1%23school_officer%23"


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return grants_house(make_house)


def trays(house: House, path: str = "/desk/", who: str = "school") -> dict[str, str]:
    """Return what each tray's link says beside its name, by the service's name."""
    page = house.client(OFFICERS[who]).get(path).text
    nav = page.split('<nav class="trays', 1)[1].split("</nav>")[0]
    links = re.findall(r"<strong>([^<]+)</strong>(.*?)<span>", nav, re.DOTALL)
    return {name: words_of(said).strip() for name, said in links}


def opens_on(house: House, who: str = "school") -> str:
    page = house.client(OFFICERS[who]).get("/desk/").text
    return re.findall(r'aria-current="page"><strong>([^<]+)', page)[0]


def test_each_tray_says_how_many_wait_and_how_many_of_them_are_overdue(house: House) -> None:
    house.submit(1)
    house.clock.move(days=9)
    house.submit(2)
    request(house)
    said = trays(house)
    assert said["志愿者登记"] == "2 件 逾期 1 件"
    assert said["经费申请"] == "1 件"
    assert said["场馆预约"] == "0 件"
    assert trays(house, f"{TRAY}grants") == said
    assert trays(house, who="other_school")["志愿者登记"] == "0 件"


def test_what_is_due_first_opens_the_desk(house: House) -> None:
    request(house)
    assert opens_on(house) == "经费申请"
    house.clock.move(days=-3)
    house.submit(1)
    house.clock.move(days=3)
    assert opens_on(house) == "志愿者登记"


def test_without_any_case_the_first_tray_is_open(house: House) -> None:
    assert opens_on(house) == next(iter(trays(house)))


def test_where_more_wait_than_are_counted_that_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray_counts, "PAGE", 2)
    for n in range(3):
        house.submit(n + 1)
    assert trays(house)["志愿者登记"] == "2 件以上"
    house.clock.move(days=9)
    assert trays(house, f"{TRAY}volunteers")["志愿者登记"] == "2 件以上 逾期 2 件以上"


def test_counting_is_one_query_a_tray_and_remembered_for_a_while(house: House) -> None:
    officer = house.client(OFFICERS["school"])
    officer.get("/desk/")
    with house.store.expect(get=1, query=7):
        officer.get("/desk/")
    with house.store.expect(get=1, query=1):
        officer.get(f"{TRAY}volunteers")
    del house.app.extensions[tray_counts.EXTENSION]  # what 30 seconds would do
    with house.store.expect(get=1, query=7):
        officer.get(f"{TRAY}volunteers")


def test_the_tray_that_is_looked_at_is_counted_anew(house: House) -> None:
    trays(house)
    house.submit(1)
    assert trays(house, f"{TRAY}volunteers")["志愿者登记"] == "1 件"
