"""What a booking costs: write capacity by the formula of DynamoDB, and round trips."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.store import Key, Put, Write
from infra.aws.capacity import capacity
from tests.core.house import OFFICERS, case_id_of
from tests.pages import hidden
from tests.plugins.bookings.asked import last_page_of_visit, visit_pages
from tests.plugins.bookings.visiting import HEAD, SCHOOL, WEDNESDAY, Visiting

PLUGIN, SLOTS = "X#bookings#", "X#bookings#slots#"
SLOT_UNITS, BOOKING_UNITS = 2, 24
RUSH = {
    "date": WEDNESDAY,
    "starts": "09:00",
    "ends": "10:00",
    "stay": 60,
    "opens_at": "2026-11-22T08:00+08:00",
}


class Weighed:
    """Passes everything on to `store`, and weighs each commit."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.commits: list[dict[Key, int]] = []
        """What each write of each commit took, in WCU."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        keys = [each.key for each in writes]
        stood = {key: item for key, item in zip(keys, self.store.get(*keys), strict=True) if item}
        self.store.commit(*writes)
        self.commits.append({each.key: capacity((each,), stood) for each in writes})

    @property
    def bookings(self) -> list[dict[Key, int]]:
        """The commits that move a case, or touch anything that bookings hold."""
        return [each for each in self.commits if any(map(_counts, each))]


def _counts(key: Key) -> bool:
    return key[0].startswith(PLUGIN) or key[1] == "H"


def weigh(visiting: Visiting) -> Weighed:
    """Weigh all commits from now on."""
    weighed = Weighed(visiting.house.store.store)
    visiting.house.store.store = weighed
    return weighed


def book(visiting: Visiting, client: FlaskClient, name: str, **other: Any) -> tuple[str, Weighed]:
    """Book through the pages; return the number, and what handing it in took."""
    where, sent = last_page_of_visit(client, other.pop("heads", 1), name, **other)
    weighed = weigh(visiting)
    answer = client.post(where, data=sent)
    visiting.house.store.store = weighed.store
    return case_id_of(answer), weighed


def move(visiting: Visiting, who: str, number: str, name: str, **given: Any) -> Weighed:
    """Make a move through its page; return what that took."""
    client, path = visiting.house.client(who), f"/{SCHOOL}/case/{number}/do/{name}/"
    page = client.get(path)
    weighed = weigh(visiting)
    answer = client.post(path, data={**hidden(page.text), **given})
    visiting.house.store.store = weighed.store
    assert answer.status_code == 302, answer.text[:3000]
    return weighed


@pytest.mark.parametrize("before", [0, 28])
def test_a_booking_is_one_commit_of_at_most_24_units(visiting: Visiting, before: int) -> None:
    for n in range(before):
        visiting.book(1, class_name=f"{n}班", escorts=[{"escort_name": f"{n}号老师"}])
    client = visiting.house.client(OFFICERS["school"])
    book(visiting, client, "先")
    _, weighed = book(visiting, client, "后")
    [commit] = weighed.commits
    assert {key[0].split("#")[0] + key[1][:1] for key in commit} >= {"CH", "CE", "CD"}
    if not before:
        assert sum(commit.values()) <= BOOKING_UNITS, commit
    assert commit["X#bookings#slots#museum", f"{WEDNESDAY}#15:30"] <= SLOT_UNITS


def test_approving_changing_and_cancelling_are_one_commit_each(visiting: Visiting) -> None:
    visiting.open_venue("practice-base", risk="medium")
    school = visiting.house.client(OFFICERS["school"])
    number, _ = book(visiting, school, "一", venue="practice-base")
    assert len(move(visiting, HEAD, number, "approve").commits) == 1
    fewer = visit_pages(2, "一", venue="practice-base")
    changed = {**fewer[0], **fewer[1], "guide": "true", "consents": "2"}
    assert len(move(visiting, OFFICERS["school"], number, "change", **changed).commits) == 1
    assert visiting.held(venue="practice-base") == (2, 1)
    assert len(move(visiting, OFFICERS["school"], number, "cancel").commits) == 1
    assert visiting.held(venue="practice-base") == (0, 0)


def test_a_rush_is_three_commits_and_two_units_of_the_slot(visiting: Visiting) -> None:
    """The slot has 29 holders before, 30 afterwards; sending letters, and noting it, is beside."""
    visiting.open_venue("library", special=[RUSH])
    where: Any = {"venue": "library", "slot": "09:00-10:00"}
    for n in range(29):
        visiting.book(1, class_name=f"{n}班", escorts=[{"escort_name": f"{n}号老师"}], **where)
    visiting.follow()
    weighed = weigh(visiting)
    last = visiting.book(1, class_name="末班", escorts=[{"escort_name": "末老师"}], **where)
    visiting.follow()
    assert visiting.state(last) == "requested"
    assert len(visiting.slot(venue="library", starts="09:00")["holders"]) == 30
    assert len(weighed.bookings) == 3
    slots = [n for each in weighed.bookings for key, n in each.items() if key[0].startswith(SLOTS)]
    assert slots == [SLOT_UNITS]


def fill_year(visiting: Visiting, span: str = "") -> None:
    """Let the museum hold 10,000 bookings on 300 days of eight slots each; or those of `span`."""
    store = visiting.house.store
    for n in range(300):
        day = date(2026, 6, 1) + timedelta(days=n)
        slots = [
            {
                "pk": f"{SLOTS}museum",
                "sk": f"{day}#{8 + at:02}:00",
                "ends": f"{9 + at:02}:00",
                "heads": 20,
                "groups": 4,
                "holders": frozenset(f"{n:08}{at}{k}" for k in "1234"),
            }
            for at in range(8)
        ]
        if str(day).startswith(span):
            store.commit(*map(Put, slots))


def test_a_month_of_a_full_year_is_one_round_trip(visiting: Visiting) -> None:
    """Beside it, one read: the venue's entry, as every page of a venue; the place is remembered."""
    client = visiting.house.client()
    path = "/museum/bookings/calendar/?month=2026-12"
    client.get(path)
    fill_year(visiting)
    with visiting.house.store.expect(get=1, query=1):
        assert client.get(path).status_code == 200
    assert visiting.house.store.asked[-1][:2] == ("query", f"{SLOTS}museum")
