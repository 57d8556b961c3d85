"""A visit every week: one submission, each date a visit of its own."""

import pytest

from core.case_items import Case
from core.numbers import is_number
from tests.core.house import everything
from tests.plugins.bookings.visiting import CONTACT, WEDNESDAY, Visiting
from workflows.case import Refused

WEEKS = ("2026-12-02", "2026-12-09", "2026-12-16")


def ask(visiting: Visiting, *, all_or_none: bool = False, heads: int = 20) -> Case:
    case = visiting.book(heads, weekly=True, weeks=3, all_or_none=all_or_none)
    visiting.follow()
    return visiting.house.now(case)


def children(visiting: Visiting) -> dict[str, Case]:
    """Return the visits of the series by date."""
    items = [each for each in everything(visiting.house, "C#") if each.get("parent")]
    found = [visiting.house.office.cases.get(each["id"]) for each in items]
    return {each.answers["date"]: each for each in found if each}


def told(visiting: Visiting, case: Case) -> str:
    *_, last = visiting.house.office.cases.events(case)
    return case.unseal(f"comment|{last['n']}", last["comment"])


def test_each_date_becomes_a_visit_of_its_own(visiting: Visiting) -> None:
    case = ask(visiting)
    assert case.state == "spread"
    found = children(visiting)
    assert tuple(sorted(found)) == WEEKS
    assert {each.state for each in found.values()} == {"requested"}
    assert all(is_number(each.id) for each in found.values())
    assert visiting.held(day=WEEKS[2]) == (20, 1)
    visiting.do(found[WEEKS[1]], "cancel")
    assert visiting.held(day=WEEKS[1]) == (0, 0)
    assert visiting.held(day=WEEKS[0]) == (20, 1)


def test_a_date_that_is_full_is_told_with_what_is_free_instead(visiting: Visiting) -> None:
    visiting.book(20, "00000000106", "yunting", school="yunting", date=WEEKS[1])
    case = ask(visiting)
    assert case.state == "spread"
    assert sorted(children(visiting)) == [WEEKS[0], WEEKS[2]]
    assert "12月9日没约成（这个时段满了。可以改约：12月9日 16:30–17:30" in told(visiting, case)


def test_all_or_none_gives_everything_back_where_one_fails(visiting: Visiting) -> None:
    visiting.book(20, "00000000106", "yunting", school="yunting", date=WEEKS[2])
    case = ask(visiting, all_or_none=True)
    assert case.state == "unspread"
    assert {each.state for each in children(visiting).values()} == {"cancelled"}
    assert visiting.held(day=WEDNESDAY) == (0, 0)
    assert "都没有约" in told(visiting, case)


def test_weeks_of_a_year_not_decided_are_told_apart_from_those_that_are_sure(
    visiting: Visiting,
) -> None:
    case = visiting.book(20, weekly=True, weeks=7, all_or_none=False)
    visiting.follow()
    case = visiting.house.now(case)
    assert case.state == "spread"
    assert max(children(visiting)) == "2026-12-30"
    words = told(visiting, case)
    assert "12月30日约上了" in words
    for day in ("1月6日", "1月13日"):
        assert f"{day}没约成（那一年的校历还没有公布" in words
    assert words.count("2027年的校历公布以后请再约，不会自动补上") == 2
    assert "近两周" not in words


def test_all_or_none_over_weeks_not_decided_is_refused_with_what_would_be_accepted(
    visiting: Visiting,
) -> None:
    with pytest.raises(Refused) as refused:
        visiting.book(20, weekly=True, weeks=7, all_or_none=True)
    [problem] = refused.value.problems
    assert (problem.code, problem.field) == ("undecided_weeks", "weeks")
    assert "这几次现在约不了：1月6日、1月13日" in problem.said
    assert "到12月30日为止的5次" in problem.said
    case = visiting.book(20, weekly=True, weeks=5, all_or_none=True)
    visiting.follow()
    assert visiting.house.now(case).state == "spread"


def test_with_one_sure_week_alone_a_series_with_gaps_is_what_would_be_accepted(
    visiting: Visiting,
) -> None:
    with pytest.raises(Refused) as refused:
        visiting.book(20, date="2026-12-30", weekly=True, weeks=2, all_or_none=True)
    [said] = [each.said for each in refused.value.problems if each.field == "weeks"]
    assert "约不了：1月6日。请把最后一问改成“否”" in said


def test_a_series_that_begins_in_a_year_not_decided_is_refused_for_its_first_day(
    visiting: Visiting,
) -> None:
    with pytest.raises(Refused) as refused:
        visiting.book(20, date="2027-01-06", weekly=True, weeks=2, all_or_none=True)
    assert [each.code for each in refused.value.problems] == ["undecided"]


def test_asked_again_after_a_crash_nothing_is_begun_twice(visiting: Visiting) -> None:
    case = visiting.book(20, weekly=True, weeks=3, all_or_none=False)
    office = visiting.house.office
    [event] = visiting.house.store.get((f"C#{case.id}", "E#000001"))
    assert event
    office.contexts.acts.begin(case.id, "bookings", WEEKS[0], {"date": WEEKS[0], "weekly": False})
    visiting.follow()
    assert len(children(visiting)) == 3
    assert visiting.held() == (20, 1)


def test_a_limit_of_the_term_counts_every_date(visiting: Visiting) -> None:
    visiting.open_venue("library", term_limit=2)
    case = visiting.book(10, venue="library", weekly=True, weeks=3, all_or_none=False)
    visiting.follow()
    assert sorted(children(visiting)) == list(WEEKS[:2])
    assert "已约满 2 次" in told(visiting, visiting.house.now(case))


def test_the_venue_confirms_each_by_itself(visiting: Visiting) -> None:
    ask(visiting)
    first = children(visiting)[WEDNESDAY]
    assert visiting.do(first, "confirm", CONTACT).state == "confirmed"
