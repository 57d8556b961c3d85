"""Statistics are read in one round trip or two, and said in words that make a table."""

from typing import Any

import pytest

from core.statistics.reading import Month, Statistics, months_between
from core.statistics.told import Told, share_words, span_words, told
from forms.surroundings import Language
from tests.core.house import House
from tests.core.statistics.asked import FLOW, SERVICE, ask, count, read


def said(house: House, language: Language = "zh", place: str = "qinghe") -> dict[str, Told]:
    plugin = house.office.catalogue.plugins[SERVICE]
    tables = told(read(house, place, last="202612"), plugin.workflow, plugin.form, language)
    return {each.name: each for each in tables}


@pytest.mark.parametrize("place", ["qinghe", "hexi-zhen", "hexi-1"])
@pytest.mark.parametrize(("flows", "first", "trips"), [(1, "202512", 1), (8, "202512", 2)])
def test_a_year_is_one_round_trip_and_two_are_the_most(
    house: House, place: str, flows: int, first: str, trips: int
) -> None:
    for n in range(5):
        ask(house, n)
    count(house)
    where = house.office.places.get(place)
    names = [FLOW, *(f"other{n}" for n in range(flows - 1))]
    with house.store.expect(get=trips):
        found = house.office.statistics.of(where, SERVICE, names, first, "202611")
    assert found[FLOW].filed == 5
    assert {each.filed for name, each in found.items() if name != FLOW} <= {0}


def test_more_than_two_hundred_months_are_refused(house: House) -> None:
    county = house.office.places.get("qinghe")
    with pytest.raises(ValueError, match="200 at most"):
        house.office.statistics.of(county, SERVICE, [FLOW], "200001", "201701")


def test_months_go_over_the_new_year() -> None:
    assert [*months_between("202611", "202702")] == ["202611", "202612", "202701", "202702"]
    assert [*months_between("202701", "202611")] == []


def test_a_service_nobody_has_used_has_empty_tables(house: House) -> None:
    tables = said(house)
    assert list(tables) == ["now", "months", "spent"]
    assert tables["now"].rows == tables["spent"].rows == ()
    assert tables["months"].rows == (("2026-11", 0, 0), ("2026-12", 0, 0))


def test_states_months_times_and_answers_in_words(house: House) -> None:
    cases = [ask(house, n, needs=["books"] if n else []) for n in range(4)]
    house.clock.move(hours=30)
    house.do(cases[0], "reject", "school", comment="不符")
    house.do(cases[1], "forward", "school")
    house.clock.move(days=8)
    count(house)
    tables = said(house)
    assert [table.title for table in tables.values()] == [
        "现在各环节的件数",
        "每月收到和办结的件数",
        "各环节用了多久",
        "类别",
        "用在哪里",
    ]
    assert tables["now"].columns == ("环节", "件数")
    assert tables["now"].rows == (("待学校初审", 2), ("待评审", 1), ("未批准", 1))
    assert tables["months"].rows == (("2026-11", 4, 1), ("2026-12", 0, 0))
    [[state, left, half, most, late]] = tables["spent"].rows
    assert (state, left, half, most, late) == ("待学校初审", 2, "30小时", "30小时", "0%")
    assert tables["kind"].rows == (("困难补助", 4, "100%"), ("奖学", 0, "0%"))
    assert tables["needs"].rows == (("书本", 3, "75%"), ("午餐", 0, "0%"), ("交通", 0, "0%"))
    english = said(house, "en")
    assert english["spent"].columns[2:] == ("Half within", "Nine in ten within", "Overdue")
    assert english["now"].rows[0] == ("School to check", 2)
    assert english["kind"].rows[1] == ("Merit", 0, "0%")


def test_each_table_has_as_many_cells_as_columns(house: House) -> None:
    house.do(ask(house), "forward", "school")
    count(house)
    for table in said(house).values():
        assert table.rows, table
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_states_and_answers_of_a_former_version_stand_last_under_their_own_names(
    house: House,
) -> None:
    plugin = house.office.catalogue.plugins[SERVICE]
    sums = {"filed.01": 2, "a.kind.merit": 1, "a.kind.gone": 1, "a.old.x": 2}
    month = Month("202611", sums, {"t.scrapped.40": 1})
    found = told(Statistics({"scrapped": 3, "panel": 1}, (month,)), plugin.workflow, plugin.form)
    tables = {each.name: each for each in found}
    assert tables["now"].rows == (("待评审", 1), ("scrapped", 3))
    assert tables["kind"].rows[-1] == ("gone", 1, "50%")
    assert (tables["old"].title, tables["old"].rows) == ("old", (("x", 2, "100%"),))
    assert tables["spent"].rows[0][0] == "scrapped"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0分钟", "0 minutes"),
        (20 * 60, "20分钟", "20 minutes"),
        (90 * 60, "1.5小时", "1.5 hours"),
        (26.4 * 3600, "26小时", "26 hours"),
        (2 * 86400, "2天", "2 days"),
        (30.4 * 86400, "30天", "30 days"),
    ],
)
def test_a_span_is_said_as_people_do(seconds: float, zh: str, en: str) -> None:
    assert (span_words(seconds), span_words(seconds, "en")) == (zh, en)


def test_a_share_of_nothing_is_left_out() -> None:
    assert (share_words(1, 3), share_words(0, 0)) == ("33%", "")


def test_while_only_the_taking_back_is_counted_nothing_is_below_zero() -> None:
    sums: dict[str, Any] = {"in.waiting": -1, "filed.02": 3}
    month = Month("202611", sums, {})
    assert (month.entered, month.filed) == ({}, 3)


def test_a_share_is_of_those_who_answered_the_question(house: House) -> None:
    plugin = house.office.catalogue.plugins["feedback"]
    month = Month("202611", {"filed.01": 9, "a.score.5": 3, "a.score.4": 1}, {})
    [score] = [
        each
        for each in told(Statistics({}, (month,)), plugin.workflow, plugin.form)
        if each.name == "score"
    ]
    assert [row[1:] for row in score.rows[:2]] == [(3, "75%"), (1, "25%")]
