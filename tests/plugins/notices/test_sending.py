"""A notice to a group: each is sent one message, whatever happens in between."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import circulations
from core.case_items import Case
from core.effects import RETRIES
from core.store import Busy, Conflict, Item, Store, Write
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything, open_house
from tests.core.test_cases import Unconditional
from tests.pages import fictional_phone
from tests.plugins.notices.writing import (
    CLEARED,
    link,
    past_taking_back,
    press,
    progress,
    sent,
    tick,
    told,
    volunteers,
    written,
)
from tests.plugins.subscriptions.asking import receiving

EVERYONE = range(1, 7)
SEND = "/qinghe/case/{}/do/send/"


def counts(house: House, case_id: str) -> dict[str, int]:
    [item] = house.office.ports.store.get((f"CI#{case_id}", "SUM"))
    names = ("reached", "sent", "opened", "declined", "failed", "over", "recalled")
    return {name: item[name] for name in names if name in (item or {})} if item else {}


def test_before_it_is_sent_its_page_says_how_many_and_not_who(house: House) -> None:
    volunteers(house, *range(1, 4))
    volunteers(house, 4, phone=fictional_phone(1))
    house.submit(9)
    case = written(house)
    house.office.counting.work_off_due()
    officer = house.client(OFFICERS["county"])
    assert "发出后会送到大约 3 人" in progress(house, case, officer)
    page = officer.get(f"/qinghe/case/{case.id}/").text
    assert "测试" not in page
    assert "0000000" not in page.replace("0355-0000000", "")


def test_the_county_finds_its_own_notice_first_among_what_is_done(house: House) -> None:
    case = sent(house)
    officer = house.client(OFFICERS["county"])
    with house.store.expect(get=1, query=1):
        page = officer.get("/desk/finished/?tray=D%23qinghe%23county_officer%23notices").text
    assert f"/qinghe/case/{case.id}/" in page
    assert '<option value="qinghe" selected>' in page
    assert "每人发一条短信" in page
    assert CLEARED not in page


def test_whoever_presses_the_button_is_told_how_many_too(house: House) -> None:
    volunteers(house, 1, 2)
    case = written(house)
    officer = house.client(OFFICERS["county"])
    assert "大约 2 人" in officer.get(f"/qinghe/case/{case.id}/do/send/").text
    assert "大约" not in officer.get(f"/qinghe/case/{case.id}/do/withdraw/").text


def test_that_nobody_would_get_it_is_said_before_it_is_sent(house: House) -> None:
    case = written(house)
    officer = house.client(OFFICERS["county"])
    for page in (progress(house, case, officer), officer.get(SEND.format(case.id)).text):
        assert "现在没有人会收到" in page
        assert "0 人" not in page


def test_until_it_can_no_longer_be_taken_back_its_page_says_when_sending_begins(
    house: House,
) -> None:
    volunteers(house, 1)
    case = press(house, written(house), "send")
    assert "10:10 开始发送" in progress(house, case)
    assert "准备发送" not in progress(house, case)
    house.clock.move(minutes=10)
    assert "开始发送" not in progress(house, case)
    assert "准备发送" in progress(house, case)


def test_one_fault_keeps_no_other_notice_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    volunteers(house, 1)
    bad, good = (press(house, written(house), "send") for _ in range(2))
    step = type(house.office.circulations)._step  # noqa: SLF001 — where a fault would be

    def failing(self: Any, job: Item) -> Any:
        if job["case"] == bad.id:
            raise KeyError("on purpose")
        return step(self, job)

    with monkeypatch.context() as patch, caplog.at_level("CRITICAL", "core.circulations"):
        patch.setattr(type(house.office.circulations), "_step", failing)
        past_taking_back(house)
    assert counts(house, good.id) == {"reached": 1, "sent": 1}
    assert counts(house, bad.id) == {}
    house.clock.move(hours=1)
    tick(house)
    assert counts(house, bad.id) == {"reached": 1, "sent": 1}


def test_each_is_sent_one_message_with_an_address_of_their_own(house: House) -> None:
    volunteers(house, *range(1, 4))
    volunteers(house, 4, phone=fictional_phone(1))
    case = sent(house)
    for n in range(1, 4):
        assert len(told(house, n)) == 1
    assert told(house, 1)[0].startswith(
        "青禾县通知：下周三志愿者备课会。点开看：http://localhost/n/"
    )
    assert len({link(house, n) for n in range(1, 4)}) == 3
    assert told(house, 4) == []
    assert counts(house, case.id) == {"reached": 3, "sent": 3}
    assert "已发给 3 人" in progress(house, case)


def test_it_can_be_taken_back_for_ten_minutes_and_nobody_hears_of_it(house: House) -> None:
    volunteers(house, 1)
    case = press(house, written(house), "send")
    assert case.state == "sent"
    house.clock.move(minutes=5)
    tick(house)
    assert told(house, 1) == []
    person, around = house.person("county"), house.office.around()
    house.office.reversals.take_back(case, person, case.v, around)
    past_taking_back(house)
    assert told(house, 1) == []
    assert everything(house, "N#") == everything(house, f"CI#{case.id}") == []


def test_it_goes_to_those_with_the_answer_at_the_place_and_in_the_state(house: House) -> None:
    volunteers(house, 1, specialties=["calligraphy", "reading"])
    volunteers(house, 2, specialties=["reading"])
    volunteers(house, 3, specialties=["calligraphy"])
    house.submit(4, specialties=["calligraphy"])
    sent(house, audience="volunteers.cleared=calligraphy")
    assert [len(told(house, n)) for n in range(1, 5)] == [1, 0, 1, 0]
    sent(house, within="liuting-zhen")
    sent(house, within="no2")
    assert [len(told(house, n)) for n in range(1, 5)] == [1, 0, 1, 0]
    sent(house, audience="volunteers.registered=parent", within="hexi-1")
    assert [len(told(house, n)) for n in range(1, 5)] == [2, 1, 2, 1]


def test_several_specialities_are_one_message_to_each_who_has_any(house: House) -> None:
    volunteers(house, 1, specialties=["calligraphy", "reading"])
    volunteers(house, 2, specialties=["reading"])
    volunteers(house, 3, specialties=["sports"])
    several = ["volunteers.cleared=calligraphy", "volunteers.cleared=reading"]
    house.office.counting.work_off_due()
    case = written(house, audience=several)
    assert "大约 2 人" in progress(house, case)
    page = house.client(OFFICERS["county"]).get(f"/qinghe/case/{case.id}/").text
    assert "可排课的志愿者：书法、可排课的志愿者：阅读" in page
    press(house, case, "send")
    past_taking_back(house)
    assert [len(told(house, n)) for n in range(1, 4)] == [1, 1, 0]
    assert counts(house, case.id) == {"reached": 2, "sent": 2}


def test_groups_of_two_services_are_joined_and_somebody_in_both_is_sent_one(house: House) -> None:
    volunteers(house, 1, 2)
    receiving(house, 2, 3)
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    house.office.counting.work_off_due()
    both = [CLEARED, "volunteers.registered=parent", "subscriptions.parents"]
    case = written(house, audience=both)
    assert "大约 3 人" in progress(house, case)
    press(house, case, "send")
    past_taking_back(house)
    assert [len(told(house, n)) for n in range(1, 4)] == [1, 1, 1]
    assert counts(house, case.id) == {"reached": 3, "sent": 3}


def test_a_job_from_before_there_were_several_is_done_to_its_end(house: House) -> None:
    case, job = stale_job(house)
    assert len(job["parts"][0]) == 2
    step(house, job)
    assert counts(house, case.id) == {"reached": 6, "sent": 6}


def test_told_again_and_worked_off_again_nobody_is_sent_it_twice(house: House) -> None:
    volunteers(house, *EVERYONE)
    case = sent(house)
    event = house.office.cases.events(case)[-1]
    asked = house.letters.asked
    house.office.circulations.begin(event, case)
    for _ in range(3):
        tick(house)
    assert house.letters.asked == asked
    assert counts(house, case.id) == {"reached": 6, "sent": 6}


class Dying:
    """Passes commits on until one is the last that this process makes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.left = 10**6

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if self.left <= 0:
            raise KeyboardInterrupt("killed")
        self.left -= 1
        self.store.commit(*writes)


@pytest.mark.parametrize("commits", [0, 1, 2, 3, 4, 5, 6, 8, 10, 12])
def test_killed_after_any_commit_everybody_gets_it_once(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    monkeypatch.setattr(circulations, "_PAGE", 2)
    dying: list[Dying] = []

    def wrap(store: Store) -> Any:
        dying.append(Dying(store))
        return dying[-1]

    house = make_house(wrap=wrap)
    volunteers(house, *EVERYONE)
    case = press(house, written(house), "send")
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    dying[-1].left = commits
    with suppress(KeyboardInterrupt):
        house.office.circulations.work_off_due()
    with closing(open_house(house.folder, tmp_path / "later")) as later:
        later.letters.sent = house.letters.sent  # what a channel has sent it does not send again
        later.clock.move(minutes=12)
        for _ in range(3):
            later.office.circulations.work_off_due()
        assert [len(told(later, n)) for n in EVERYONE] == [1] * 6
        assert counts(later, case.id) == {"reached": 6, "sent": 6}


class Careless(Unconditional):
    """Drops the conditions on jobs and recipients: the control of what they are for."""

    def _loosened(self, write: Write) -> Write:
        return replace(write, when=()) if write.key[0].startswith(("CI#", "N#")) else write


def stale_job(house: House) -> tuple[Case, Item]:
    """Return a notice whose job stands as it was before anybody looked at it."""
    volunteers(house, *EVERYONE)
    case = press(house, written(house), "send")
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    [job] = everything(house, f"CI#{case.id}")
    return case, {**job, "parts": [["hexi-zhen", "202611"]]}


def step(house: House, job: Item) -> None:
    """Do a piece of the job as somebody who read it before the others did theirs."""
    with suppress(Conflict, Busy):
        house.office.circulations._step(job)  # noqa: SLF001 — what a tick does
    house.office.circulations.recipients.send_due()
    house.office.circulations.recipients.count_due()


def test_a_piece_done_by_many_at_once_enters_and_counts_each_once(house: House) -> None:
    case, job = stale_job(house)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: step(house, job), range(4)))
    step(house, job)
    assert counts(house, case.id) == {"reached": 6, "sent": 6}
    assert [len(told(house, n)) for n in EVERYONE] == [1] * 6


def test_control_without_conditions_they_are_counted_twice(make_house: MakeHouse) -> None:
    house = make_house(wrap=Careless)
    case, job = stale_job(house)
    for _ in range(2):
        step(house, job)
    assert counts(house, case.id) == {"reached": 12, "sent": 12}


def test_a_channel_that_is_down_is_tried_again_and_then_told_of(house: House) -> None:
    volunteers(house, 1, 2)
    house.letters.down = True
    case = sent(house)
    assert "还有 2 人正在发送" in progress(house, case)
    house.letters.down = False
    house.clock.move(seconds=RETRIES[0])
    tick(house)
    assert counts(house, case.id) == {"reached": 2, "sent": 2}
    house.letters.down = True
    other = sent(house)
    for wait in RETRIES:
        house.clock.move(seconds=wait)
        tick(house)
    assert counts(house, other.id) == {"reached": 2, "failed": 2}
    assert "2 人没有发到" in progress(house, other)


def test_withdrawn_it_is_not_sent_to_the_rest(house: House) -> None:
    volunteers(house, 1, 2)
    house.letters.down = True
    case = sent(house)
    press(house, case, "withdraw", tell="false")
    house.letters.down = False
    house.clock.move(seconds=RETRIES[0])
    tick(house)
    assert told(house, 1) == told(house, 2) == []


def test_withdrawn_before_anybody_was_entered_it_goes_to_nobody(house: House) -> None:
    volunteers(house, 1)
    case = press(house, written(house), "send")
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    press(house, case, "withdraw", tell="true")
    tick(house)
    [job] = everything(house, f"CI#{case.id}")
    assert (job["stands"], everything(house, "N#")) == ("over", [])
    assert "没有发给任何人" in progress(house, case)


def test_a_big_group_is_worked_off_in_bounded_pieces(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.recipients.SENDS_AT_ONCE", 2)
    volunteers(house, *EVERYONE)
    case = press(house, written(house), "send")
    past_taking_back(house)
    seen = [sum(len(told(house, n)) for n in EVERYONE)]
    for _ in range(2):
        tick(house)
        seen.append(sum(len(told(house, n)) for n in EVERYONE))
    assert seen == [2, 4, 6]
    assert "已发给 6 人" in progress(house, case)


@pytest.mark.parametrize("unknown", ["volunteers.gone", "nothing.cleared", "volunteers"])
def test_what_is_no_audience_any_more_is_nobody(house: House, unknown: str) -> None:
    here = house.office.places.get("qinghe")
    assert house.office.circulations.audiences.find(here, unknown) is None


def test_nobody_is_said_to_owe_a_notice(house: House) -> None:
    page = house.client(OFFICERS["county"]).get("/qinghe/notices/waiting/")
    assert page.status_code == 200
    assert "第一小学" not in page.text
