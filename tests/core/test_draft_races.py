"""A draft is thrown away, or over, in the same moment as it is saved or handed in.

Each test lets the second deed pass between what the first has read and what it writes.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.drafts import Draft, DraftMoved, Drafts, draft_key
from core.store import Write
from tests.core.between import Between, meet
from tests.core.conftest import MakeHouse
from tests.core.house import House, everything, last_page
from tests.pages import PLACE, SERVICE, answers, fictional_phone, hidden

ME = fictional_phone(1)
DRAWN = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n drawn").decode()


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(wrap=Between)


def stored(house: House) -> list[Path]:
    return [each for each in (house.folder / "files").rglob("*") if each.is_file()]


@dataclass
class Hand:
    """Somebody's form before its last page is handed in, and what they can do with it."""

    house: House
    where: str
    sent: dict[str, Any]
    done: list[TestResponse] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.where.split("/")[4]

    def _post(self, where: str, **given: Any) -> TestResponse:
        client = self.house.client(ME)
        token = hidden(client.get("/receipt/").text)["csrf_token"]
        self.done.append(client.post(where, data={**given, "csrf_token": token}))
        return self.done[-1]

    def hand_in(self) -> TestResponse:
        return self._post(self.where, **self.sent)

    def save(self) -> TestResponse:
        return self._post(self.where, **{**self.sent, "action": "save"})

    def throw_away(self) -> TestResponse:
        if self.where.endswith("/edit/"):
            return self._post(self.where, action="forget")
        return self._post(f"{self.where}discard")

    def stands(self) -> bool:
        return self.house.office.cases.get(self.id) is not None


@pytest.fixture
def hand(house: House) -> Hand:
    """Return a registration filled in to the end, its signature drawn and kept."""
    where, sent = last_page(house.client(ME), 1)
    made = Hand(house, where, {**sent, "signature-drawn": DRAWN})
    assert made.save().status_code == 200
    made.sent.pop("draft")
    assert len(stored(house)) == 1
    return made


def test_what_is_handed_in_while_it_is_thrown_away_keeps_its_files(
    house: House, hand: Hand
) -> None:
    meet(house, "C#", "D", hand.hand_in)
    thrown = hand.throw_away()
    assert hand.done[-2].status_code == 302
    assert hand.stands()
    assert len(stored(house)) == 1
    led = house.client(ME).get(thrown.location, follow_redirects=True)
    assert led.request.path == f"/{PLACE}/case/{hand.id}/"


def test_what_is_thrown_away_while_it_is_handed_in_is_not_accepted(
    house: House, hand: Hand
) -> None:
    meet(house, "C#", "H", hand.throw_away)
    answer = hand.hand_in()
    assert answer.status_code == 404
    assert "没有找到这份草稿" in answer.text
    assert not hand.stands()
    assert stored(house) == []
    assert [each["sk"] for each in everything(house, f"C#{hand.id}")] == []


def test_were_the_end_of_a_draft_written_unasked_its_case_would_lose_its_files(
    house: House, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the version of the draft that keeps the two apart."""
    asked = Drafts.handed_in

    def unasked(drafts: Drafts, draft: Draft) -> Write:
        return replace(asked(drafts, draft), when=())

    monkeypatch.setattr(Drafts, "handed_in", unasked)
    meet(house, "C#", "H", hand.throw_away)
    hand.hand_in()
    assert hand.stands()
    assert stored(house) == []


def test_what_is_saved_while_it_is_thrown_away_stands_and_is_shown(
    house: House, hand: Hand
) -> None:
    meet(house, "C#", "D", hand.save)
    client = house.client(ME)
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    thrown = client.post(f"{hand.where}discard", data={"csrf_token": token})
    page = client.get(thrown.location)
    assert "这份表刚刚在别处保存过，请再点一次" in page.text
    assert len(stored(house)) == 1
    assert "刚刚在别处保存过" not in client.get(thrown.location).text


def test_what_is_saved_while_it_is_handed_in_is_handed_in(house: House, hand: Hand) -> None:
    meet(house, "C#", "H", hand.save)
    assert hand.hand_in().status_code == 302
    assert hand.stands()
    assert house.office.drafts.get(hand.id) is None
    assert len(stored(house)) == 1


def later(house: House, **by: float) -> Callable[[], object]:
    """Return what rings all timers some time on, in between."""

    def tick() -> None:
        at = house.clock.at
        house.clock.move(**by)
        house.office.ticks.tick()
        house.clock.at = at

    return tick


def test_what_is_over_while_it_is_handed_in_is_not_accepted(house: House, hand: Hand) -> None:
    meet(house, "C#", "H", later(house, days=31))
    assert hand.hand_in().status_code == 404
    assert not hand.stands()
    assert stored(house) == []


def test_what_is_handed_in_while_it_is_cleared_away_keeps_its_files(
    house: House, hand: Hand
) -> None:
    def in_time() -> None:
        at = house.clock.at
        house.clock.move(days=-31)
        hand.hand_in()
        house.clock.at = at

    house.clock.move(days=31)
    meet(house, "C#", "D", in_time)
    house.office.ticks.tick()
    assert hand.stands()
    assert len(stored(house)) == 1
    house.clock.move(hours=1)
    house.office.ticks.tick()
    assert len(stored(house)) == 1
    assert [each["sk"] for each in everything(house, f"C#{hand.id}")] == ["E#000001", "H"]


@pytest.fixture
def mending(house: House) -> Hand:
    """Return a returned case as its applicant is about to hand it in again, newly signed."""
    case = house.submit(1)
    house.do(case, "return", "school", comment="请补充", marks=("signature",))
    where = f"/{PLACE}/case/{case.id}/edit/"
    page = hidden(house.client(ME).get(f"{where}?page=2").text)
    sent = {**page, **answers(1)[2], "page": "2", "action": "submit", "signature-drawn": DRAWN}
    made = Hand(house, where, sent)
    assert made.save().status_code == 200
    made.sent.pop("draft")
    assert len(stored(house)) == 1
    return made


def test_changes_handed_in_while_they_are_thrown_away_keep_their_files(
    house: House, mending: Hand
) -> None:
    case_id = mending.where.split("/")[3]
    meet(house, "C#", "D", mending.hand_in)
    answer = mending.throw_away()
    assert answer.status_code == 409
    assert "这件事刚刚有了变化" in answer.text
    case = house.office.cases.get(case_id)
    assert case is not None
    assert case.state != "returned"
    assert len(stored(house)) == 1


def test_changes_thrown_away_while_they_are_handed_in_are_not_accepted(
    house: House, mending: Hand
) -> None:
    case_id = mending.where.split("/")[3]
    meet(house, "C#", "H", mending.throw_away)
    answer = mending.hand_in()
    assert answer.status_code == 409
    case = house.office.cases.get(case_id)
    assert case is not None
    assert case.state == "returned"
    assert stored(house) == []


@pytest.fixture
def several(house: House) -> list[Draft]:
    """Return two officers' drafts of a case that name the same file."""
    case = house.submit(1)
    name = f"{case.id}/same"
    house.office.ports.files.put(name, b"sealed")
    blank = Draft(case.id, SERVICE, PLACE, "qinghe", case.item["form"], files=(name,))
    return [house.office.drafts.save(replace(blank, editor=each)) for each in ("one", "two")]


def test_a_file_stays_as_long_as_another_draft_of_the_case_holds_it(
    house: House, several: list[Draft]
) -> None:
    one, two = several
    house.office.drafts.discard(one)
    assert len(stored(house)) == 1
    house.office.drafts.let_go(one.id, one.files)
    assert len(stored(house)) == 1
    house.office.drafts.discard(two)
    assert stored(house) == []


def test_nothing_goes_while_the_case_moves_on(house: House, several: list[Draft]) -> None:
    one, two = several
    house.office.drafts.discard(one)
    case = house.office.cases.get(two.id)
    assert case is not None
    meet(
        house, "C#", f"D#{two.editor}", lambda: house.do(case, "return", "school", comment="请补充")
    )
    with pytest.raises(DraftMoved) as moved:
        house.office.drafts.discard(two)
    assert moved.value.draft.v == two.v
    assert len(stored(house)) == 1


def test_a_draft_thrown_away_twice_is_thrown_away_once(house: House, several: list[Draft]) -> None:
    drafts: Drafts = house.office.drafts
    drafts.discard(several[0])
    with pytest.raises(DraftMoved):
        drafts.discard(several[0])


def test_files_left_where_the_deleting_broke_off_are_cleared_by_the_timer(
    house: House, several: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = several
    house.office.drafts.discard(one)

    def broken(_: Any, name: str) -> None:
        raise OSError(name)

    with monkeypatch.context() as patched:
        patched.setattr(type(house.office.ports.files), "delete", broken)
        with pytest.raises(OSError, match="same"):
            house.office.drafts.discard(two)
    assert house.office.drafts.get(two.id, two.editor) is None
    later(house, days=31)()
    assert stored(house) == []
    assert house.office.ports.store.get(draft_key(two.id, two.editor)) == [None]
