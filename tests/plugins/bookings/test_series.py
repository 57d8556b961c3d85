"""A visit every week: one submission, each date a visit of its own."""

from core.case_items import Case
from core.numbers import is_number
from tests.core.house import everything
from tests.plugins.bookings.visiting import CONTACT, WEDNESDAY, Visiting

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
