"""Policy parameters: the nearest level counts, then the documents followed, then our proposal."""

from datetime import date
from typing import Any

import pytest

from core.parameters import DOCUMENTS, LEVELS, Effective, Setting, parameters
from core.places import Refusal
from core.policy import Policy, read_document
from forms.problems import DefinitionError
from forms.source import read_yaml
from tests.core.house import OFFICERS, House

DAY = date(2026, 11, 23)
CITY, COUNTY, SCHOOL, OTHER = "yunhe", "qinghe", "hexi-1", "baiting"
BASIS = "青教字〔2026〕9号"


def put(house: House, slug: str, name: str, value: Any, since: date = DAY) -> None:
    house.office.parameters.set(
        slug, Setting(name, value, since, BASIS), "张敏", "2026-11-23T02:00:00.000Z"
    )


def on(house: House, slug: str, name: str, day: date = DAY) -> Effective:
    return house.office.parameters.on(house.office.places.fresh(slug), name, day)


def test_without_any_setting_the_document_counts_then_our_proposal(house: House) -> None:
    found = on(house, SCHOOL, "evening_latest")
    assert (found.value, found.document) == ("20:30", "changzhi-2021")
    assert found.basis in house.office.policy
    proposed = on(house, SCHOOL, "study_help_max")
    assert (proposed.value, proposed.document, proposed.level) == (15, "", "")


def test_the_nearest_level_counts_from_its_day_on(house: House) -> None:
    put(house, CITY, "evening_latest", "20:20", date(2026, 9, 1))
    put(house, COUNTY, "evening_latest", "20:00", date(2026, 10, 1))
    put(house, SCHOOL, "evening_latest", "19:30", date(2026, 12, 1))
    values = [
        [on(house, slug, "evening_latest", day).value for slug in (CITY, COUNTY, SCHOOL, OTHER)]
        for day in (date(2026, 8, 31), date(2026, 9, 30), DAY, date(2026, 12, 1))
    ]
    assert values == [
        ["20:30", "20:30", "20:30", "20:30"],
        ["20:20", "20:20", "20:20", "20:20"],
        ["20:20", "20:00", "20:00", "20:20"],
        ["20:20", "20:00", "19:30", "20:20"],
    ]
    assert on(house, SCHOOL, "evening_latest") == Effective("20:00", "2026-10-01", BASIS, COUNTY)


def test_a_level_above_that_becomes_stricter_pushes_a_looser_value_aside(house: House) -> None:
    put(house, SCHOOL, "evening_latest", "20:20", date(2026, 9, 1))
    put(house, CITY, "evening_latest", "20:00", date(2026, 11, 1))
    assert on(house, SCHOOL, "evening_latest", date(2026, 10, 1)).value == "20:20"
    assert on(house, SCHOOL, "evening_latest").level == CITY
    put(house, CITY, "evening_latest", None, date(2026, 12, 1))
    assert on(house, SCHOOL, "evening_latest", date(2026, 12, 1)).value == "20:20"


def test_a_level_may_end_its_own_value_and_follow_the_one_above_again(house: House) -> None:
    put(house, CITY, "min_daily_minutes", 130, date(2026, 9, 1))
    put(house, COUNTY, "min_daily_minutes", 150, date(2026, 9, 1))
    put(house, COUNTY, "min_daily_minutes", None, date(2026, 11, 1))
    assert on(house, SCHOOL, "min_daily_minutes", date(2026, 10, 1)).value == 150
    assert on(house, SCHOOL, "min_daily_minutes").value == 130


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("evening_latest", "20:31", "looser_than_above"),
        ("evening_latest", "8点半", "value_time"),
        ("evening_latest", 2030, "value_time"),
        ("min_daily_minutes", 119, "looser_than_above"),
        ("min_daily_minutes", "120", "value_whole"),
        ("min_daily_minutes", -1, "value_whole"),
        ("junior_homework_target", "0.7", "looser_than_above"),
        ("junior_homework_target", "80%", "value_share"),
        ("counted_service_types", ["workday", "cram"], "value_service_types"),
        (DOCUMENTS, ["nonsense"], "value_documents"),
    ],
)
def test_a_value_of_another_kind_or_on_the_looser_side_is_refused(
    house: House, name: str, value: Any, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        put(house, COUNTY, name, value)


def test_a_setting_needs_its_basis_and_a_level_that_sets_things(house: House) -> None:
    for slug, basis, code in ((COUNTY, " ", "basis_missing"), ("museum", BASIS, "level_not_here")):
        with pytest.raises(Refusal, match=code):
            house.office.parameters.set(
                slug, Setting("weekend_days", 2, DAY, basis), "张敏", "2026-11-23T02:00:00.000Z"
            )
    assert "venue" not in LEVELS


def test_the_stricter_overlay_counts_where_it_is_followed_and_in_force(house: House) -> None:
    evening = "evening_self_study"
    put(house, COUNTY, DOCUMENTS, ["changzhi-2021", "national-2023"], date(2023, 1, 1))
    for name in ("counted_service_types", "chargeable_service_types"):
        assert evening in on(house, COUNTY, name, date(2024, 1, 31)).value
        assert evening not in on(house, COUNTY, name).value
        assert evening in on(house, OTHER, name).value
        with pytest.raises(Refusal, match="looser_than_above"):
            put(house, SCHOOL, name, ["workday", evening])
    assert on(house, COUNTY, "evening_latest").document == "changzhi-2021"
    place = house.office.places.fresh(COUNTY)
    assert house.office.parameters.adopted(place, DAY) == ["changzhi-2021", "national-2023"]


def test_every_parameter_of_every_document_is_declared_and_rests_on_a_clause() -> None:
    policy = Policy.bundled()
    for document in policy.documents.values():
        assert document.over in ("", *policy.documents)
        for name, given in document.parameters.items():
            assert name in parameters()
            assert given.basis in policy
    for parameter in parameters().values():
        assert not parameter.basis or parameter.basis in policy
        assert parameter.label.zh
        assert parameter.label.en


def test_a_document_that_sets_by_a_clause_it_has_not_is_refused() -> None:
    text = (
        "id: x\ntitle: 文\nissuer: 县\nclauses: [{no: '1', name: 甲, quote: 乙}]\n"
        "parameters: [{name: weekend_days, value: 2, basis: '9'}]\n"
    )
    with pytest.raises(DefinitionError, match="there is no clause “9”"):
        read_document(read_yaml(text, "x.yaml"))


def test_every_decision_keeps_which_documents_were_in_force(house: House) -> None:
    both = ["changzhi-2021", "national-2023"]
    case = house.submit(1)
    put(house, COUNTY, DOCUMENTS, both)
    case = house.do(case, "verify", "school", step={"identity_checked_on": "2026-11-23"})
    told = [each["policy"] for each in house.office.cases.events(case)]
    assert told == [["changzhi-2021"], both]
    page = house.client(OFFICERS["county"]).get(f"/hexi-zhen/case/{case.id}/").text
    assert "关于进一步规范义务教育课后服务有关工作的通知" in page
