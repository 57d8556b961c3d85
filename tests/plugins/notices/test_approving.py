"""What a school sends beyond itself the county agrees to, or as it has set it."""

import re

import pytest
from flask.testing import FlaskClient

from core.case_items import Case
from core.web import fronts
from tests.core.finding.seekers import found
from tests.core.house import OFFICERS, House, case_id_of, everything
from tests.pages import hidden, send
from tests.plugins.notices.writing import (
    CLEARED,
    TEXT,
    past_taking_back,
    press,
    told,
    volunteers,
    written,
)

WIDE = {"place": "hexi-1", "within": "hexi-zhen"}
PUBLIC = {"reach": "everybody", "audience": "", "within": ""}


def setting(house: House, rule: str) -> None:
    house.office.places.set_settings("qinghe", "notices", {"approval": rule}, "某人", "2026")


def portal(house: House, place: str) -> list[str]:
    """Return the notices that stand on a place's portal, as they are now."""
    house.app.extensions.pop(fronts.EXTENSION, None)
    page = house.client().get(f"/{place}/").text
    part = re.search(r'<section aria-labelledby="front-notices">(.*?)</section>', page, re.DOTALL)
    return re.findall(r"<strong[^>]*>(.*?)</strong>", part[1]) if part else []


def test_within_the_school_it_goes_out_and_beyond_it_waits_for_the_county(house: House) -> None:
    volunteers(house, 1)
    own = press(house, written(house, "school", "hexi-1"), "send", "school")
    assert own.state == "sent"
    wide = press(house, written(house, "school", **WIDE), "send", "school")
    assert wide.state == "approval"
    past_taking_back(house)
    assert len(told(house, 1)) == 1
    agreed = press(house, wide, "approve")
    assert agreed.state == "sent"
    past_taking_back(house)
    assert len(told(house, 1)) == 2


def test_the_county_sends_it_back_with_a_reason(house: House) -> None:
    wide = press(house, written(house, "school", **WIDE), "send", "school")
    back = press(house, wide, "mend", comment="请写明地点")
    assert back.state == "ready"
    house.office.effects.work_off_due()
    assert any("请写明地点" in each for each in house.letters.to(OFFICERS["school"]))


@pytest.mark.parametrize(
    ("rule", "own", "wide"),
    [("always", "approval", "approval"), ("never", "sent", "sent"), ("beyond", "sent", "approval")],
)
def test_the_county_sets_what_it_agrees_to(house: House, rule: str, own: str, wide: str) -> None:
    setting(house, rule)
    case = press(house, written(house, "school", "hexi-1"), "send", "school")
    assert case.state == own
    case = press(house, written(house, "school", **WIDE), "send", "school")
    assert case.state == wide
    assert press(house, written(house), "send").state == "sent", "the county's own"


def test_a_notice_for_everybody_stands_on_the_portal_of_its_place_and_beneath(house: House) -> None:
    volunteers(house, 1)
    school = press(house, written(house, "school", "hexi-1", **PUBLIC), "send", "school")
    house.clock.move(minutes=1)
    county = press(house, written(house, title="全县停课通知", **PUBLIC), "send")
    assert (school.state, county.state) == ("posted", "posted")
    assert portal(house, "hexi-1") == ["全县停课通知", TEXT["title"]]
    assert portal(house, "liuting-zhen") == portal(house, "qinghe") == ["全县停课通知"]
    assert portal(house, "baiting") == []
    assert TEXT["title"] in house.client().get("/hexi-zhen/notices/list/").text
    past_taking_back(house)
    assert told(house, 1) == []
    assert everything(house, "N#") == []
    press(house, county, "withdraw")
    assert portal(house, "liuting-zhen") == []


def test_the_countys_list_names_the_school_and_no_date_without_a_label(house: House) -> None:
    press(house, written(house, "school", "hexi-1", **PUBLIC), "send", "school")
    house.office.places._cache.clear()  # noqa: SLF001 — what 30 seconds would do
    assert "青禾县禾溪第一小学 · " in house.client().get("/hexi-1/").text
    listed = house.client().get("/qinghe/notices/list/").text
    assert '<span class="when">青禾县禾溪第一小学 · ' in listed
    assert "12月31日" not in listed


def test_officers_find_a_notice_by_part_of_its_title(house: House) -> None:
    case = written(house, "school", "hexi-1", **PUBLIC)
    house.office.effects.work_off_due()
    assert found(house, "school", "备课会") == {case.id}


def test_the_portal_shows_the_latest_three(house: House) -> None:
    for n in range(5):
        house.clock.move(minutes=1)
        press(house, written(house, title=f"第{n}个全县通知", **PUBLIC), "send")
    assert portal(house, "qinghe") == [f"第{n}个全县通知" for n in (4, 3, 2)]


def test_a_notice_to_a_group_stands_in_no_list(house: House) -> None:
    press(house, written(house), "send")
    assert portal(house, "qinghe") == []
    assert TEXT["title"] not in house.client().get("/qinghe/notices/list/").text


def begun(client: FlaskClient, place: str) -> str:
    """Return the second page of the form, as an officer comes to it."""
    page = client.get(f"/{place}/notices/new/announcing/")
    page = send(client, page, TEXT)
    return str(page.text)


def test_the_form_offers_the_groups_and_places_that_an_officer_may_write_to(house: House) -> None:
    text = begun(house.client(OFFICERS["school"]), "hexi-1")
    assert 'value="volunteers.cleared"' in text
    assert "可排课的志愿者：书法" in text
    assert 'value="volunteers.registered=parent"' in text
    for place in ("hexi-1", "hexi-zhen", "qinghe"):
        assert f'value="{place}"' in text
    assert 'value="no2"' not in text
    head = house.client("00000000108").get("/hexi-1/notices/new/announcing/")
    assert head.status_code == 403
    assert house.client().get("/hexi-1/notices/new/announcing/").status_code == 302


def test_an_officer_writes_it_page_by_page(house: House) -> None:
    volunteers(house, 1)
    client = house.client(OFFICERS["school"])
    page = send(client, client.get("/hexi-1/notices/new/announcing/"), TEXT)
    group = {"reach": "group", "audience": CLEARED, "within": "hexi-1", "action": "submit"}
    done = send(client, page, group)
    case = house.office.cases.get(case_id_of(done))
    assert isinstance(case, Case)
    assert case.state == "ready"
    house.office.counting.work_off_due()
    page = client.get(f"/hexi-1/case/{case.id}/")
    assert "大约 1 人" in page.text
    assert "hidden" not in hidden(page.text)


def test_where_the_service_of_a_group_is_closed_it_is_not_offered(house: House) -> None:
    for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
        house.office.places.switch(district, "volunteers", "off", "某人", "2026")
    assert "volunteers.cleared" not in begun(house.client(OFFICERS["school"]), "hexi-1")
