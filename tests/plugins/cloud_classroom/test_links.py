"""Only sites that the county accepts; what does not open twice is taken down (R70, RULE-15)."""

import pytest

from tests.core.house import House
from tests.plugins.cloud_classroom.recommending import (
    TEACHER,
    URL,
    a_day_later,
    looked_at,
    recommend,
)
from workflows.case import Refused


def refused(house: House, **told: str) -> list[str]:
    with pytest.raises(Refused) as why:
        recommend(house, **told)
    return [each.code for each in why.value.problems]


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("https://www.example.com/", ["site"]),
        ("https://smartedu.cn.example.com/", ["site"]),
        ("https://notsmartedu.cn/", ["site"]),
        ("http://basic.smartedu.cn/", ["not_https"]),
        ("https://t.cn/A6xyz", ["shortened"]),
    ],
)
def test_other_sites_are_refused(house: House, url: str, codes: list[str]) -> None:
    assert refused(house, url=url) == codes


def test_an_hour_may_be_held_in_a_room_but_links_lead_nowhere_else(house: House) -> None:
    assert recommend(house, kind="master_teacher_qa").state == "announced"
    assert refused(house, url="https://meeting.tencent.com/dm/x") == ["site"]
    assert refused(house, kind="master_teacher_qa", join="https://www.example.com/") == ["site"]


def test_a_county_accepts_further_sites_or_none_but_its_own(house: House) -> None:
    own = {"hosts": "www.sxedu.example\nyk.sxedu.example", "own_only": False}
    house.office.places.set_settings("qinghe", "cloud_classroom", own, "某人", "2026")
    house.net.answers["https://yk.sxedu.example/1"] = 200
    assert recommend(house, url="https://yk.sxedu.example/1").state == "published"
    assert recommend(house).state == "published"
    only = {**own, "own_only": True}
    house.office.places.set_settings("qinghe", "cloud_classroom", only, "某人", "2026")
    assert refused(house) == ["site"]


def test_the_refusal_says_which_sites_would_do(house: House) -> None:
    with pytest.raises(Refused) as why:
        recommend(house, url="https://www.example.com/")
    assert "smartedu.cn、eduyun.cn" in why.value.problems[0].said


def test_a_teacher_recommends_and_the_county_publishes(house: House) -> None:
    house.net.answers[URL] = 200
    case = recommend(house, TEACHER, "hexi-1")
    assert (case.state, case.item["desk"]) == ("proposed", ["county_officer", "qinghe"])
    assert house.do(case, "approve", "county").state == "published"


@pytest.mark.parametrize("status", [200, 302, 401, 403, 405, 429])
def test_whoever_answers_is_there(house: House, status: int) -> None:
    house.net.answers[URL] = status
    assert looked_at(house, recommend(house)).state == "published"
    assert house.net.asked == [URL]


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_what_does_not_open_twice_is_taken_down_and_lies_on_the_countys_desk(
    house: House, status: int
) -> None:
    house.net.answers[URL] = status
    case = looked_at(house, recommend(house))
    assert case.state == "doubted"
    assert house.public(case.id) in house.client().get("/hexi-zhen/cloud_classroom/list/").text
    case = a_day_later(house, case)
    assert (case.state, case.item["desk"]) == ("dead", ["county_officer", "qinghe"])
    assert house.public(case.id) not in house.client().get("/hexi-zhen/cloud_classroom/list/").text
    house.net.answers["https://basic.smartedu.cn/b"] = 200
    amended = {"url": "https://basic.smartedu.cn/b"}
    case = looked_at(house, house.do(case, "mend", "county", amend=amended))
    assert case.state == "published"


def test_what_opens_again_a_day_later_stays(house: House) -> None:
    case = looked_at(house, recommend(house))  # nobody answers
    assert case.state == "doubted"
    house.net.answers[URL] = 200
    assert a_day_later(house, case).state == "published"


def test_each_link_is_looked_at_every_thirty_days(house: House) -> None:
    house.net.answers[URL] = 200
    case = looked_at(house, recommend(house))
    for months in (2, 3):
        case = a_day_later(house, case, 30)
        assert (case.state, len(house.net.asked)) == ("published", months)
    house.net.answers[URL] = 404
    assert a_day_later(house, case, 30).state == "doubted"
