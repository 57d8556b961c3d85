"""A school's page: four blocks, the head's word, versions that stay, and others that require it."""

from pathlib import Path
from typing import Any

import pytest

from core.case_items import Case
from core.filings import Filing
from core.moments import stamp
from core.numbers import fresh_number
from core.web.app import BUNDLED
from forms.evaluation import evaluate
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.pages import send

HEAD = "00000000108"
LIST = "/hexi-zhen/publication/list/"
PAGE = {
    "hours": "周一至周五十六点半到十八点",
    "content": "作业辅导、体育、书法",
    "manner": "自愿报名，随时可以退出",
    "safety": "由家长当面接走，值班老师在门口",
    "complaints": "0355-0000000",
    "until": "2027-01-22",
}


def written(house: House, school: str = "hexi-1", **other: str) -> Case:
    """Hand in a page as the school's officer."""
    plugin, place = house.office.catalogue.plugins["publication"], house.office.places.get(school)
    person = house.person("school" if school == "hexi-1" else "other_school")
    around = house.office.around("zh", place, person)
    outcome = evaluate(plugin.form, {"school": school, **PAGE, **other}, around)
    assert not outcome.problems
    filing = Filing(
        fresh_number(),
        "publication",
        place,
        plugin.form,
        plugin.workflow,
        outcome.data,
        person=person,
    )
    house.clock.move(minutes=1)
    return house.office.cases.submit(filing, None, around)


def published(house: House, **other: str) -> Case:
    case = house.do(written(house, **other), "approve", HEAD)
    house.office.effects.work_off_due()
    return house.now(case)


def offered(house: House, place: str = "hexi-zhen") -> list[str]:
    here = house.office.places.get(place)
    lookup = house.office.contexts.lookups(here, None)
    return [each.value for each in lookup["publication.published"]]


@pytest.mark.parametrize("block", ["hours", "content", "manner", "safety"])
def test_none_of_the_four_blocks_can_be_left_out(house: House, block: str) -> None:
    client = house.client(OFFICERS["school"])
    page = client.get("/hexi-1/publication/new/publishing/")
    assert page.status_code == 200
    sent = {"school": "hexi-1", **PAGE, "action": "submit"}
    back = send(client, page, {**sent, block: ""})
    assert f'href="#f-{block}"' in back.text
    assert "/case/" in send(client, back, sent).request.path


def test_it_is_public_once_the_head_has_approved_it(house: House) -> None:
    case = written(house)
    assert house.public(case.id) not in house.client().get(LIST).text
    house.do(case, "approve", HEAD)
    entry = house.client().get(f"{LIST}{house.public(case.id)}/").text
    for text in (*PAGE.values(), "目前不收费", "青禾县禾溪第一小学"):
        assert text in entry or text == PAGE["until"]
    assert "2027年1月22日" in entry


def test_fees_are_told_where_there_are_any(house: House) -> None:
    case = published(house, charges="每学期二百元，困难家庭免交")
    entry = house.client().get(f"{LIST}{house.public(case.id)}/").text
    assert "每学期二百元，困难家庭免交" in entry
    assert "目前不收费" not in entry


def test_a_new_version_replaces_the_one_before_which_stays_as_it_was(house: House) -> None:
    first = published(house)
    house.clock.move(days=30)
    second = published(house, hours="周一至周五十六点到十八点")
    assert house.now(first).state == "superseded"
    client = house.client()
    entries = [f"{LIST}{house.public(each.id)}/" for each in (second, first)]
    listed, new, old = (client.get(path).text for path in (LIST, *entries))
    assert entries[0] in listed
    assert entries[1] not in listed
    assert "周一至周五十六点到十八点" in new
    assert "以前的版本（已有新版）" in new
    assert f'href="{entries[1]}"' in new
    assert "周一至周五十六点半到十八点" in old
    assert "11月23日" in old or "12月23日" in old


def test_two_versions_in_a_row_leave_one_in_force_however_late_what_follows_is_done(
    house: House,
) -> None:
    first, second, third = (house.do(written(house), "approve", HEAD) for _ in range(3))
    house.office.effects.work_off_due()
    states = [house.now(each).state for each in (first, second, third)]
    assert states == ["superseded", "superseded", "published"]
    assert offered(house) == ["hexi-1"]


def test_a_page_that_ran_out_stays_readable_and_counts_no_more(house: House) -> None:
    case = published(house)
    house.clock.move(days=70)
    house.office.ticks.tick()
    assert house.now(case).state == "ended"
    assert offered(house) == []
    assert house.client().get(f"{LIST}{house.public(case.id)}/").status_code == 200
    assert house.public(case.id) in house.client().get(LIST).text


def test_only_schools_with_a_page_in_force_are_offered_to_others(house: House) -> None:
    written(house)
    assert offered(house) == []
    published(house)
    assert offered(house) == offered(house, "songlan-xiang") == ["hexi-1"]
    assert len([*everything(house, "X#publication#published")]) == 1


def test_the_officer_does_not_approve_and_the_head_of_elsewhere_sees_nothing(house: House) -> None:
    case = written(house)
    client = house.client(OFFICERS["school"])
    assert client.get(f"/hexi-1/case/{case.id}/do/approve/").status_code == 409
    other = house.client(OFFICERS["other_school"])
    assert "/receipt/" in other.get(f"/hexi-1/case/{case.id}/").location


def test_a_page_sent_back_is_mended_and_handed_in_again(house: House) -> None:
    case = house.do(written(house), "mend", HEAD, comment="请写清寒假安排")
    client = house.client(OFFICERS["school"])
    page = client.get(f"/hexi-1/case/{case.id}/edit/")
    send(client, page, {"school": "hexi-1", **PAGE, "hours": "含寒假前两周", "action": "hand_in"})
    assert house.now(case).state == "submitted"
    assert house.now(case).answers["hours"] == "含寒假前两周"


CLUBS = {
    "plugin.yaml": """
id: clubs
api: 1
name: 社团报名
summary: 学校公示以后才能报名
forms: [application]
workflows: [applying]
roles:
  - {id: school_officer, name: 课后服务管理员, at: school}
desk: {who: phone}
personal_data: [phone]
""",
    "forms/application.yaml": """
id: application
title: 社团报名
pages:
  - fields:
      - name: school
        type: lookup
        label: 学校（公示生效的才能报）
        required: true
        choices_from: publication.published
      - {name: phone, type: phone, label: 手机号, required: true, privacy: {class: contact}}
""",
    "workflows/applying.yaml": """
id: applying
form: application
parties: [school]
states:
  draft: {kind: draft}
  open: {kind: open, assign: {role: school_officer, at: school}}
  done: {kind: final}
transitions:
  submit: {from: draft, to: open, by: applicant}
  finish: {from: open, to: done, by: school_officer}
""",
}


def clubs(make_house: MakeHouse, folder: Path) -> House:
    """Return the county with a service that takes applications of schools with a page only."""
    for name, text in CLUBS.items():
        at = folder / "clubs" / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    house = make_house(folders=(BUNDLED, folder))
    house.office.places.switch("qinghe", "clubs", "required", "某人", stamp(house.clock.now()))
    return house


def applied(house: House) -> Any:
    client = house.client()
    sent = {"school": "hexi-1", "phone": "00000000112", "action": "submit"}
    return send(client, client.get("/hexi-zhen/clubs/"), sent)


def test_another_service_takes_applications_for_published_schools_only(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = clubs(make_house, tmp_path / "services")
    assert 'href="#f-school"' in applied(house).text
    published(house)
    assert "/case/" in applied(house).request.path
    house.clock.move(days=70)
    house.office.ticks.tick()
    assert 'href="#f-school"' in applied(house).text


def test_where_nothing_is_made_public_the_service_that_requires_it_takes_nobody(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = clubs(make_house, tmp_path / "services")
    published(house)
    house.office.places.switch("hexi-zhen", "publication", "off", "某人", "2026")
    assert 'href="#f-school"' in applied(house).text
