"""Satisfaction by school and by offering: how many rated, and an average from five on only."""

from datetime import date

from core.filings import Filing
from core.numbers import fresh_number
from core.tables import Table
from core.web.answers import answer_words
from tests.core.house import OFFICERS, House

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
FIGURES = "/{}/feedback/figures/?from=2026-11"


def rate(house: House, school: str, score: str, **other: str) -> None:
    """Hand in a rating as the form engine has accepted it."""
    plugin, place = house.office.catalogue.plugins["feedback"], house.office.places.get(school)
    data = {
        "kind": "survey",
        "school": {"value": school, "label": place.name.zh},
        "grades": "lower",
        "score": score,
        **other,
    }
    filing = Filing(fresh_number(), "feedback", place, plugin.form, plugin.workflow, data)
    house.office.cases.submit(filing, None, house.office.around("zh", place))


def tables(house: House, slug: str) -> list[Table]:
    house.office.counting.work_off_due()
    place = house.office.places.get(slug)
    around = house.office.around("zh", place)
    context = house.office.context(
        "feedback", place, None, lambda field, value: answer_words(field, value, around)
    )
    found = house.office.catalogue.figures(
        "feedback", context=context, first=NOVEMBER[0], last=NOVEMBER[1]
    )
    assert found is not None
    return [*found]


def said(table: Table) -> dict[str, tuple[object, object]]:
    return {row[0].zh: (row[1], row[2]) for row in table.rows}  # type: ignore[union-attr]


def test_five_make_an_average_and_four_do_not(house: House) -> None:
    for score in ("5", "5", "4", "3", "1"):
        rate(house, "hexi-1", score)
    for score in ("5", "5", "5", "5"):
        rate(house, "yunting", score)
    by_school, _ = tables(house, "qinghe")
    assert said(by_school)["青禾县禾溪第一小学"] == (3.6, 5)
    assert said(by_school)["青禾县云汀学校"] == (None, 4)
    assert said(by_school)["青禾县第二中学"] == (None, 0)


def test_an_offering_counts_those_who_took_part(house: House) -> None:
    for score in ("5", "4", "4", "4", "3"):
        rate(house, "hexi-1", "5", score_sports=score, score_arts="none")
    _, by_offering = tables(house, "hexi-1")
    assert said(by_offering)["体育"] == (4.0, 5)
    assert said(by_offering)["艺术"] == (None, 0)


def test_a_school_and_a_district_see_their_own(house: House) -> None:
    rate(house, "hexi-1", "5")
    rate(house, "liuting", "5")
    assert set(said(tables(house, "hexi-1")[0])) == {"青禾县禾溪第一小学"}
    assert "青禾县柳汀镇中心小学" not in said(tables(house, "hexi-zhen")[0])


def test_the_page_says_so_too_to_those_it_is_for(house: House) -> None:
    for _ in range(4):
        rate(house, "hexi-1", "5")
    house.office.counting.work_off_due()
    for who, place in (("county", "qinghe"), ("school", "hexi-1")):
        page = house.client(OFFICERS[who]).get(FIGURES.format(place))
        assert page.status_code == 200
        assert "各校的满意度" in page.text
        assert "不满 5 份的不算平均分" in page.text
    assert house.client(OFFICERS["other_school"]).get(FIGURES.format("hexi-1")).status_code == 403
