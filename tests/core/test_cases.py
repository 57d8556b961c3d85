"""A case from its submission to its end: one commit each, nothing lost, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import pytest

from core.case_items import Case, chain_holds
from core.filings import Deed, Different, Stale, Taken
from core.numbers import fresh_number
from core.store import Conflict, Item, Store, Write
from tests.core.conftest import MakeHouse
from tests.core.house import NOW, House, everything
from tests.pages import fictional_phone, identity
from workflows.case import Refused

PHONE = fictional_phone(1)


def around(house: House) -> Any:
    return house.office.around("zh", house.office.places.get("hexi-zhen"))


def edit(house: House, case: Case, who: str = PHONE, seen: int = 0, **answers: Any) -> Case:
    deed = Deed("submit", seen or case.v, house.person(who))
    return house.office.cases.edit(case, deed, {**case.answers, **answers}, around(house))


def whole(house: House, case: Case) -> bool:
    """Tell whether a case's version, events and chain agree."""
    stands = house.now(case)
    events = house.office.cases.events(stands)
    numbered = [event["n"] for event in events] == list(range(1, stands.v + 1))
    return numbered and chain_holds(events, stands.item["head"])


def test_the_same_submission_again_is_the_same_case_and_writes_nothing(house: House) -> None:
    number = fresh_number()
    first, stood = house.submit(1, number), house.office.ports.store.get((f"C#{number}", "H"))[0]
    with house.store.expect():
        again = house.office.cases.submit(house.filing(1, number), stood, around(house))
    assert again.item == first.item | {"pk": f"C#{number}", "sk": "H"}
    assert house.submit(1, number).v == 1  # also where the page had not seen it


def test_other_answers_under_the_same_number_are_refused_and_show_the_first(house: House) -> None:
    case = house.submit(1)
    with pytest.raises(Different) as refused:
        house.submit(1, case.id, about="别的", name="别人")
    assert refused.value.case.id == case.id
    assert house.now(case).answers["name"] == "测试1"


def submit_all_at_once(house: House, numbers: list[str]) -> list[Case]:
    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(lambda number: house.submit(1, number), numbers))


def test_one_page_sent_by_many_at_once_is_one_case(house: House) -> None:
    number = fresh_number()
    found = submit_all_at_once(house, [number] * 8)
    assert {case.id for case in found} == {number}
    assert len(everything(house, "C#")) == 2
    assert len(everything(house, "U#")) == 1


def test_one_person_on_many_pages_at_once_is_one_case_and_its_twins(house: House) -> None:
    found = submit_all_at_once(house, [fresh_number() for _ in range(6)])
    [original] = [case for case in found if not case.item["twin"]]
    assert {case.item["twin"] for case in found} == {"", original.id}
    [claim] = everything(house, "U#")
    assert claim["case"] == original.id


class Unconditional:
    """Drops the conditions on cases and claims: the control of what they are for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*map(self._loosened, writes))

    def _loosened(self, write: Write) -> Write:
        mine = write.key[0].startswith(("C#", "E#", "U#"))
        return replace(write, when=()) if mine else write


def test_control_without_conditions_one_person_is_several_cases(make_house: MakeHouse) -> None:
    house = make_house(wrap=Unconditional)
    found = submit_all_at_once(house, [fresh_number() for _ in range(6)])
    assert len([case for case in found if not case.item["twin"]]) == 6


def test_a_twin_looks_the_same_to_its_sender_and_the_known_phone_is_told(house: House) -> None:
    first = house.submit(1)
    house.clock.move(seconds=5)
    twin = house.submit(1, phone=fictional_phone(2))
    assert (twin.state, twin.v) == (first.state, 1)
    assert twin.item["desk"] == []
    actor = house.office.cases.actor(twin, house.person("school"))
    assert house.office.cases.moves(twin, actor, around(house)) == ()
    house.letters.sent.clear()
    for _ in range(3):
        house.office.ticks.effects.work_off_due()
    assert ["无需再次登记" in text for text in house.letters.to(PHONE)].count(True) == 1
    assert house.letters.to(fictional_phone(2)) == []
    events = house.office.cases.events(house.now(first))
    assert [event["transition"] for event in events] == ["submit", "twin"]


def test_two_who_work_off_the_same_twin_tell_of_it_once(house: House) -> None:
    first = house.submit(1)
    house.submit(1, phone=fictional_phone(2))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _patiently(house, first.id), range(4)))
    assert house.now(first).v == 2


def _patiently(house: House, original: str) -> None:
    for _ in range(20):
        try:
            return house.office.cases.note_twin(original)
        except Conflict:
            continue
    return None


def test_a_move_needs_the_version_it_saw(house: House) -> None:
    case = house.submit(1)
    house.do(case, "return", "school", comment="请补", marks=("name",))
    with pytest.raises(Stale) as stale:
        house.do(case, "withdraw", PHONE)
    assert stale.value.case.state == "returned"
    with pytest.raises(Stale):
        house.do(house.now(case), "withdraw", PHONE, seen=1)


def move_all_at_once(house: House, case: Case, crowd: int = 6) -> int:
    def move(_: int) -> bool:
        try:
            house.do(case, "withdraw", PHONE)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(crowd) as pool:
        return sum(pool.map(move, range(crowd)))


def test_of_many_moves_at_once_one_is_made(house: House) -> None:
    case = house.submit(1)
    assert move_all_at_once(house, case) == 1
    assert house.now(case).v == 2
    assert whole(house, case)


def test_control_without_conditions_every_move_says_it_was_made(make_house: MakeHouse) -> None:
    house = make_house(wrap=Unconditional)
    assert move_all_at_once(house, house.submit(1)) == 6


@pytest.mark.parametrize("who", ["other_school", "other_county", fictional_phone(5), "county"])
def test_a_move_without_the_role_is_refused_and_writes_nothing(house: House, who: str) -> None:
    case = house.submit(1)
    with pytest.raises(Refused):
        house.do(case, "verify", who)
    assert house.now(case).v == 1


def test_every_move_of_a_life_is_an_event_and_the_chain_holds(house: House) -> None:
    case = house.cleared(1)
    assert case.v == 4
    assert whole(house, case)
    events = list(house.office.cases.events(case))
    assert [event["office"] for event in events] == ["", "hexi-1", "qinghe", "hexi-1"]
    assert not chain_holds(events[:-1], case.item["head"])
    assert not chain_holds([*events[:1], *events[2:]], case.item["head"])
    forged: Item = {**events[1], "by": "someone"}
    assert not chain_holds([events[0], forged, *events[2:]], case.item["head"])


def returned(house: House, n: int = 1) -> Case:
    return house.do(house.submit(n), "return", "school", comment="请改", marks=("name",))


def test_handing_in_again_takes_the_new_claim_and_lets_the_old_one_go(house: House) -> None:
    after = edit(house, returned(house), id_number=identity(50))
    assert (after.state, after.answers["id_number"]) == ("submitted", identity(50))
    assert [claim["case"] for claim in everything(house, "U#")] == [after.id]
    assert house.submit(1, phone=fictional_phone(3)).item["twin"] == ""
    assert house.submit(50, phone=fictional_phone(4)).item["twin"] == after.id
    assert whole(house, after)


def test_a_number_that_belongs_to_another_case_is_taken(house: House) -> None:
    house.submit(2)
    case = returned(house)
    with pytest.raises(Taken):
        edit(house, case, id_number=identity(2))
    assert house.now(case).v == 2
    assert len(everything(house, "U#")) == 2


def test_handing_in_again_needs_the_version_seen_and_the_right_person(house: House) -> None:
    case = returned(house)
    with pytest.raises(Stale):
        edit(house, case, seen=1)
    with pytest.raises(Refused):
        edit(house, case, who="school")


@pytest.mark.parametrize("end", ["withdrawn", "lapsed", "refused"])
def test_a_final_state_lets_its_claims_go_so_that_one_may_register_again(
    house: House, end: str
) -> None:
    case = house.submit(1)
    if end == "withdrawn":
        case = house.do(case, "withdraw", PHONE)
    elif end == "refused":
        case = house.do(case, "refuse", "school", comment="不符")
        house.clock.move(days=16)
        house.office.ticks.tick()
    else:
        case = house.do(case, "return", "school", comment="请改", marks=("name",))
        house.clock.move(days=11)
        house.office.ticks.tick()
    assert (house.now(case).state, house.now(case).item["claims"]) == (end, [])
    assert everything(house, "U#") == []
    assert house.submit(1).item["twin"] == ""


def test_a_case_is_found_by_desk_by_holder_and_in_the_register(house: House) -> None:
    case = house.submit(1)
    store = house.office.ports.store
    desk = "D#hexi-1#school_officer#volunteers"
    mine = f"M#{house.office.people.holder(PHONE)}"
    register = f"R#hexi-zhen#volunteers#{NOW:%Y%m}"
    for index, name in (("desk", desk), ("mine", mine), ("register", register)):
        [found] = store.query(name, index=cast("Any", index)).items
        assert found["id"] == case.id
    done = house.do(case, "withdraw", PHONE)
    assert store.query(desk, index="desk").items == ()
    assert [item["id"] for item in store.query(mine, index="mine").items] == [done.id]
