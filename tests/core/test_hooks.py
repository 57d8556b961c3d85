"""The prefix of a hook fixes what happens where one raises; and who is asked about a case."""

import logging
import re
import sys
from pathlib import Path

import pytest

from core.api import CaseView, Context, ForeignKey, Happening
from core.effects import RETRIES
from core.plugins import PluginFailed
from core.store import Put
from core.web.app import BUNDLED
from forms.problems import Problem
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.plugin_folder import HEAD, suggest, write
from tests.pages import hidden
from workflows.case import Refused

SEEN: list[tuple[str, object]] = []
WATCH = f"""from core.api import Put
from forms.problems import Problem
from tests.core.test_hooks import SEEN, answer
{HEAD}"""


def answer(hook: str, context: Context, case: CaseView, **told: object) -> object:
    """Note that a hook was asked, and do what the test has it do."""
    SEEN.append((hook, (context.plugin, case.id, dict(case.answers), told)))
    return DOES.get(hook, lambda *_: [])(context, case)


DOES: dict[str, object] = {}
HOOKS = {
    "check_submission": "",
    "check_transition": "transition",
    "claim_submission": "",
    "claim_transition": "before",
    "after_event": "event",
}


def python() -> str:
    """Return a plugin's Python that answers every hook about a case as the test says."""
    methods = []
    for name, more in HOOKS.items():
        given = f", {more}" if more else ""
        told = f", {more}={more}" if more else ""
        methods.append(
            f"    @hookimpl\n    def {name}(self, context, case{given}):\n"
            f"        return answer('{name}', context, case{told})\n"
        )
    return WATCH + "\n".join(methods)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    SEEN.clear()
    DOES.clear()


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    """Return the county with a plugin `watch` that listens to volunteers, on in 禾溪镇."""
    more = write(tmp_path / "more", "watch", python(), listens=["volunteers"])
    made = make_house(folders=[BUNDLED, more])
    made.office.places.switch("hexi-zhen", "watch", "on", "某人", "2026")
    return made


def asked(hook: str) -> list[tuple[str, str, dict[str, object], dict[str, object]]]:
    return [what for name, what in SEEN if name == hook]  # type: ignore[misc]


def _left(what: tuple[str, str, dict[str, object], dict[str, object]]) -> str:
    before = what[3]["before"]
    assert isinstance(before, CaseView)
    return before.state


def raising(_: Context, __: CaseView) -> object:
    raise ZeroDivisionError


def test_a_case_is_asked_about_with_its_owner_and_with_who_listens(house: House) -> None:
    case = house.submit(1)
    assert [what[0] for what in asked("check_submission")] == ["watch"]
    assert [what[0] for what in asked("claim_submission")] == ["watch"]
    house.do(case, "withdraw", "00000000001")
    assert asked("check_transition")[0][3] == {"transition": "withdraw"}
    assert _left(asked("claim_transition")[0]) == "submitted"
    suggest(house.client(), plugin="watch")
    assert len(asked("check_submission")) == 2


def test_who_does_not_listen_or_is_off_at_the_place_is_not_asked(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    more = write(tmp_path / "more", "deaf", python())
    write(tmp_path / "more", "shut", python(), listens=["volunteers"])
    house = make_house(folders=[BUNDLED, more])
    house.office.places.switch("hexi-zhen", "deaf", "on", "某人", "2026")
    house.do(house.submit(1), "withdraw", "00000000001")
    house.office.effects.work_off_due()
    assert SEEN == []


def test_a_listener_sees_no_personal_answers_and_the_owner_all(house: House) -> None:
    house.submit(1)
    seen = asked("check_submission")[0][2]
    assert {"name", "id_number", "phone"} & set(seen) == set()
    assert seen["kind"] == "parent"
    suggest(house.client(), plugin="watch")
    assert asked("check_submission")[1][2]["phone"] == "00000000112"


@pytest.mark.parametrize("hook", ["check_submission", "claim_submission"])
def test_a_check_or_claim_that_raises_refuses_the_submission(house: House, hook: str) -> None:
    DOES[hook] = raising
    with pytest.raises(PluginFailed):
        house.submit(1)
    assert suggest(house.client(), plugin="watch").status_code == 503
    DOES.clear()
    assert suggest(house.client(), plugin="watch").status_code == 302


@pytest.mark.parametrize("hook", ["check_transition", "claim_transition"])
def test_a_check_or_claim_that_raises_refuses_the_move(house: House, hook: str) -> None:
    case = house.submit(1)
    DOES[hook] = raising
    with pytest.raises(PluginFailed):
        house.do(case, "withdraw", "00000000001")
    assert house.now(case).v == 1
    DOES.clear()
    assert house.do(case, "withdraw", "00000000001").v == 2


def test_a_plugin_that_exits_ends_no_server(house: House) -> None:
    DOES["check_submission"] = lambda *_: sys.exit(1)
    with pytest.raises(PluginFailed):
        house.submit(1)


@pytest.mark.parametrize("nonsense", [None, 7, [7], "no"])
def test_a_check_that_answers_nonsense_refuses(house: House, nonsense: object) -> None:
    DOES["check_submission"] = lambda *_: nonsense
    with pytest.raises(PluginFailed):
        house.submit(1)


def test_what_a_check_has_against_a_submission_stands_on_the_page(house: House) -> None:
    DOES["check_submission"] = lambda *_: [Problem("late", "报名已经截止", "words")]
    refused = suggest(house.client(), plugin="watch")
    assert refused.status_code == 422
    assert "报名已经截止" in refused.text
    assert "门口要一盏灯" in refused.text


def test_a_problem_to_explain_lets_through_what_comes_with_a_reason(house: House) -> None:
    DOES["check_submission"] = lambda *_: [Problem("odd", "人数偏多", level="explain")]
    client = house.client()
    assert "人数偏多" in suggest(client, plugin="watch").text
    assert suggest(client, plugin="watch", reason="全年级一起来").status_code == 302


def test_what_only_asks_why_is_no_error_and_offers_a_reason_that_was_given(house: House) -> None:
    asked = Problem("odd", "会取消 2 场", "words", level="explain", reason="停电检修")
    DOES["check_submission"] = lambda *_: [asked]
    client = house.client()
    page = suggest(client, plugin="watch").text
    assert "请确认 · " in page
    assert "有一处要您确认" in page
    assert re.search(r'<textarea [^>]*name="reason"[^>]*>停电检修</textarea>', page)
    assert not [
        each for each in ("还差一处", "有误", "field wrong", "aria-invalid") if each in page
    ]
    DOES["check_submission"] = lambda *_: [asked, Problem("late", "报名已经截止")]
    page = suggest(client, plugin="watch").text
    assert "还差 2 处" in page
    assert "要您确认" not in page


def test_a_move_that_only_asks_why_says_so_too(house: House) -> None:
    case, school = house.submit(1), house.client(OFFICERS["school"])
    DOES["check_transition"] = lambda *_: [Problem("odd", "日子离得近", level="explain")]
    path = f"/{case.item['place']}/case/{case.id}/do/verify/"
    today = house.office.around().today.isoformat()
    sent = {**hidden(school.get(path).text), "identity_checked_on": today}
    sent |= {"original_seen": "yes", "letter_signed": "yes"}
    page = school.post(path, data=sent).text
    assert "有一处要您确认" in page
    assert "说明：为什么仍要这样" in page
    assert "还差一处" not in page
    assert school.post(path, data={**sent, "comment": "已核对"}).status_code == 302


def test_what_a_check_has_against_a_move_refuses_it(house: House) -> None:
    case = house.submit(1)
    DOES["check_transition"] = lambda *_: [Problem("busy", "还有活动没有结束")]
    with pytest.raises(Refused, match="还有活动没有结束"):
        house.do(case, "withdraw", "00000000001")


def test_claims_of_owner_and_listener_join_the_commit(house: House) -> None:
    def note(context: Context, case: CaseView) -> list[Put]:
        pk, sk = context.key("noted", case.id)
        return [Put({"pk": pk, "sk": sk, "of": context.plugin})]

    DOES["claim_submission"] = note
    case = house.submit(1)
    [item] = house.store.get(("X#watch#noted", case.id))
    assert item is not None


@pytest.mark.parametrize("pk", ["X#volunteers#directory", "C#1", "X#watchful#x"])
def test_a_claim_to_keys_that_are_not_the_plugins_own_is_refused(house: House, pk: str) -> None:
    DOES["claim_submission"] = lambda *_: [Put({"pk": pk, "sk": "x"})]
    with pytest.raises(PluginFailed):
        house.submit(1)
    assert house.store.get((pk, "x")) == [None]


def test_an_event_is_told_once_it_is_written_and_until_it_is_heard(house: House) -> None:
    DOES["after_event"] = raising
    case = house.submit(1)
    assert asked("after_event") == []
    for wait in (0, *RETRIES[:3]):
        house.clock.move(seconds=wait)
        house.office.effects.work_off_due()
    assert len(asked("after_event")) == 4
    DOES.clear()
    house.clock.move(seconds=RETRIES[3])
    house.office.effects.work_off_due()
    house.office.effects.work_off_due()
    told = [what[3]["event"] for what in asked("after_event")]
    assert len(told) == 5
    assert len(set(told)) == 1
    event = told[0]
    assert isinstance(event, Happening)
    assert (event.case, event.left, event.state) == (case.id, "", "submitted")


def test_one_that_never_hears_is_parked_in_sight_and_keeps_nobody_waiting(house: House) -> None:
    DOES["after_event"] = raising
    case = house.submit(1)
    for wait in (0, *RETRIES):
        house.clock.move(seconds=wait)
        house.office.effects.work_off_due()
    assert house.letters.to("00000000001")
    [event] = house.office.cases.events(house.now(case))
    assert event["parked"]
    assert [effect["after"] for effect in event["todo"]] == ["watch"]
    page = house.client("00000000102").get(f"/hexi-zhen/case/{case.id}/").text
    assert "后续处理没有做完，待处理" in page


def test_a_plugin_writes_afterwards_to_its_own_keys_and_to_no_others(house: House) -> None:
    caught: list[BaseException] = []

    def write_down(context: Context, case: CaseView) -> None:
        pk, sk = context.key("done", case.id)
        context.commit(Put({"pk": pk, "sk": sk}))
        try:
            context.commit(Put({"pk": "X#volunteers#directory", "sk": "x"}))
        except ForeignKey as refused:
            caught.append(refused)

    DOES["after_event"] = write_down
    case = house.submit(1)
    house.office.effects.work_off_due()
    assert house.store.get(("X#watch#done", case.id)) != [None]
    assert len(caught) == 1


def test_moves_by_the_clock_are_not_checked(house: House) -> None:
    marks = ("certificate",)
    case = house.do(house.submit(1), "return", "school", comment="请补照片", marks=marks)
    DOES["check_transition"] = lambda *_: [Problem("no", "不行")]
    house.clock.move(days=20)
    house.office.ticks.tick()
    assert house.now(case).state == "lapsed"


def test_a_move_taken_back_is_claimed_and_told_like_any_other(house: House) -> None:
    case = house.do(house.submit(1), "withdraw", "00000000001")
    person = house.person("00000000001")
    case = house.office.reversals.take_back(case, person, case.v, house.office.around())
    assert _left(asked("claim_transition")[-1]) == "withdrawn"
    house.office.effects.work_off_due()
    told = sorted(asked("after_event"), key=lambda what: str(what[3]["event"]))
    events = [what[3]["event"] for what in told]
    passed = {(event.left, event.state) for event in events if isinstance(event, Happening)}
    assert passed == {("", "submitted"), ("submitted", "withdrawn"), ("withdrawn", "submitted")}


def test_what_waits_with_the_messages_is_dropped_when_the_move_is_taken_back(house: House) -> None:
    case = house.cleared(1)
    house.office.effects.work_off_due()
    SEEN.clear()
    case = house.do(case, "suspend", "county", comment="核实")
    county = house.person("county")
    house.office.reversals.take_back(case, county, case.v, house.office.around())
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    [event] = [what[3]["event"] for what in asked("after_event")]
    assert isinstance(event, Happening)
    assert (event.left, event.state) == ("declined", "cleared")
