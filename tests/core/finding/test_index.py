"""The index follows its cases: whatever comes twice, late, at once, or is broken off."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from core.case_items import case_key
from core.finding.index import Index, note_key
from core.store import Conflict, Delete, Put, Write
from infra.cli import main
from tests.core.conftest import MakeHouse
from tests.core.finding.seekers import (
    ABOUT,
    NAME,
    complaints,
    edited,
    follow,
    found,
    handed_in,
    index_of,
)
from tests.core.grants import county_of_three, grants_house, request
from tests.core.house import House, everything
from tests.core.outings import asked, outings_house
from tests.core.statistics.asked import take_back


def index(house: House, store: Any) -> Index:
    return Index(store, house.office.vault, house.office.offers.definitions)


def test_a_submission_is_found_once_its_event_is_worked_off(house: House) -> None:
    case = house.submit(1, name=NAME)
    assert found(house, "school", NAME) == set()
    follow(house)
    assert found(house, "school", NAME) == {case.id}
    assert not complaints(house)


def test_an_old_answer_leads_nowhere_and_the_new_one_does(house: House) -> None:
    case = handed_in(house, 1, name=NAME, about=ABOUT)
    follow(house)
    edited(house, case, name="欧阳明", about="会书法")
    follow(house)
    assert found(house, "school", NAME) == found(house, "school", "孔雀灯笼") == set()
    assert found(house, "school", "欧阳明") == found(house, "school", "会书法") == {case.id}
    assert not complaints(house)


def test_twins_are_found_and_say_what_they_are(house: House) -> None:
    first, twin = house.submit(1, name=NAME), house.submit(1, name=NAME, phone="00000000777")
    follow(house)
    assert twin.item["twin"] == first.id
    assert found(house, "school", NAME) == {first.id, twin.id}
    assert not complaints(house)


def test_a_place_that_a_case_comes_to_finds_it_and_taking_back_ends_that(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    county_of_three(house)
    case = house.do(request(house), "forward", "school")
    follow(house)
    assert not complaints(house)
    take_back(house, case, "school")
    house.clock.move(minutes=11)
    follow(house)
    assert not complaints(house)


@pytest.mark.parametrize("move", ["change", "close"])
def test_answers_that_a_move_changed_are_found_as_before_once_it_is_taken_back(
    make_house: MakeHouse, tmp_path: Path, move: str
) -> None:
    """Where its letters wait, the index does not; it comes back with the answers."""
    house = outings_house(make_house, tmp_path / "plugins")
    case = asked(house, code="A1")
    follow(house)
    case = house.do(case, move, "county", amend={"code": "A2"})
    house.office.effects.work_off(case)
    assert (found(house, "county", "A1"), found(house, "county", "A2")) == (set(), {case.id})
    follow(house)
    case = take_back(house, case, "county")
    house.office.effects.work_off(case)
    assert (found(house, "county", "A1"), found(house, "county", "A2")) == ({case.id}, set())
    house.clock.move(minutes=11)
    follow(house)
    assert not complaints(house)


def test_a_case_that_is_gone_leaves_nothing_behind(house: House) -> None:
    case = handed_in(house, 1, name=NAME, about=ABOUT)
    follow(house)
    house.store.commit(Delete(case_key(case.id)))
    assert house.office.index.follow(case.id)
    assert not index_of(house)
    assert not house.office.index.follow(case.id)


def test_an_event_that_comes_up_again_changes_nothing(house: House) -> None:
    case = handed_in(house, 1, name=NAME, about=ABOUT)
    for n in range(3):
        assert house.office.index.follow(case.id) == (n == 0)
    assert not complaints(house)


class Killed(Exception):  # noqa: N818 — on purpose
    """The process ended here."""


@dataclass
class Killing:
    """Lets `after` commits through, then ends."""

    store: Any
    after: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if not self.after:
            raise Killed
        self.after -= 1
        self.store.commit(*writes)


LONG = ["".join(chr(0x4E00 + n) for n in range(at, at + 280)) for at in (0, 200, 9000)]


@pytest.mark.parametrize("after", range(6))
def test_broken_off_anywhere_it_is_made_good(house: House, after: int) -> None:
    """Each of these texts takes several commits to write down."""
    case = handed_in(house, 1, about=LONG[0])
    follow(house)
    for text in LONG[1:]:
        case = edited(house, case, about=text)
        try:
            index(house, Killing(house.store, after)).follow(case.id)
        except Killed:
            assert complaints(house)
    house.office.index.follow(case.id)
    assert not complaints(house)


@dataclass
class Meeting:
    """Lets nobody write before everybody has read; what was read first is answered once more."""

    store: Any
    barrier: Barrier
    unguarded: bool = False
    waited: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if not self.waited:
            self.waited = True
            self.barrier.wait(30)
        if self.unguarded:
            writes = tuple(replace(each, when=()) for each in writes)
        self.store.commit(*writes)


@dataclass
class Behind:
    """Reads the case as it once stood, the first time."""

    store: Any
    old: Any
    asked: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def get(self, *keys: Any) -> list[Any]:
        self.asked += 1
        found = self.store.get(*keys)
        return [self.old, *found[1:]] if self.asked == 1 else found


def race(house: House, *, unguarded: bool) -> list[str]:
    """Have an old and a new state of one case written down at once; who is refused comes again."""
    case = handed_in(house, 1, name=NAME, about=LONG[0])
    old = case.item
    case = edited(house, case, name="欧阳明", about=LONG[2])
    barrier = Barrier(2)
    stores = [Behind(house.store, old), house.store]
    meeting = [Meeting(each, barrier, unguarded) for each in stores]

    def is_refused(store: Any) -> bool:
        try:
            index(house, store).follow(case.id)
        except Conflict:
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        refused = list(pool.map(is_refused, meeting))
    if any(refused):  # as its event is tried again
        house.office.index.follow(case.id)
    return complaints(house)


def test_of_two_that_follow_one_case_at_once_the_newer_stands(house: House) -> None:
    assert not race(house, unguarded=False)


def test_control_without_the_condition_old_words_are_left(house: House) -> None:
    assert race(house, unguarded=True)


def test_a_case_read_before_its_note_was_written_by_a_later_one_is_read_again(
    house: House,
) -> None:
    case = house.submit(1, name=NAME)
    old = case.item
    case = edited(house, case, name="欧阳明")
    follow(house)
    behind = Behind(house.store, old)
    index(house, behind).follow(case.id)
    assert behind.asked == 2
    assert not complaints(house)


def test_a_county_is_indexed_anew_and_a_second_time_nothing_is_wrong(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [handed_in(house, n, about=ABOUT) for n in range(4)]
    follow(house)
    lost = [*everything(house, f"QC#{cases[0].id}")]
    items = [each for each in index_of(house) if each["case"] == cases[0].id]
    spoilt = next(each for each in index_of(house) if each["case"] == cases[1].id)
    missing = next(each for each in index_of(house) if each["case"] == cases[2].id)
    house.store.commit(*(Delete((each["pk"], each["sk"])) for each in [*lost, *items, missing]))
    house.store.commit(Put({**{k: v for k, v in spoilt.items() if k != "v"}, "reach": ["no2"]}))
    assert len({each.split()[0] for each in complaints(house)}) == 3
    ran = list(wrong(house))
    assert (len(ran), sum(ran)) == (4, 3)
    assert not complaints(house)
    assert main(["reindex", "--place", "qinghe", "--folder", str(house.folder)]) == 0
    assert "4 cases, 0 were not found as they should be" in capsys.readouterr().out
    for place in ("nowhere", "hexi-1"):
        with pytest.raises(SystemExit):
            main(["reindex", "--place", place, "--folder", str(house.folder)])


def wrong(house: House) -> Iterator[bool]:
    return house.office.reindexing.rebuild(house.office.places.get("qinghe"))


def test_nothing_that_somebody_wrote_stands_in_the_index(house: House) -> None:
    case = handed_in(house, 1, name=NAME, about=ABOUT)
    follow(house)
    told = repr([*index_of(house), *house.store.get(note_key(case.id))])
    for secret in (NAME, "欧阳", "孔雀", "灯笼", str(case.answers["id_number"]), "00000000001"):
        assert secret not in told


def test_who_always_comes_too_late_says_so(house: House) -> None:
    case = house.submit(1, name=NAME)

    class Never:
        def __getattr__(self, name: str) -> Any:
            return getattr(house.store, name)

        def commit(self, *writes: Write) -> None:
            raise Conflict([(writes[0], None)])

    with pytest.raises(Conflict):
        index(house, Never()).follow(case.id)
