"""A move that changes answers: one commit of answers, claims, event and the plugin's own writes."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from core.case_items import Case, chain_holds, claim_key
from core.filings import Deed, Stale, Taken
from core.store import Item, Put, Store
from forms.evaluation import evaluate
from infra.aws.clients import dynamodb
from infra.aws.dynamodb import DynamoStore
from infra.deploy.tables import create_table
from tests.core.conftest import MakeHouse
from tests.core.house import House
from tests.core.lives.runs import county_in
from tests.core.outings import PHONE, asked, changes_of, day_of, offer, outings_house
from workflows.case import Refused


def in_cloud(house: MakeHouse, items: Iterable[Item]) -> MakeHouse:
    """Return what makes houses that stand in a table of DynamoDB."""
    client = dynamodb(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    create_table(client, "amend")

    def moved(instead_of: Store) -> Store:
        store = DynamoStore(client, "amend")
        for each in items:
            store.commit(Put(each))
        store.close = instead_of.close  # type: ignore[attr-defined] # when the house is closed
        return store

    return lambda **how: house(wrap=moved, **how)


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return outings_house(make_house, tmp_path / "plugins")


@pytest.fixture(params=["sqlite", "dynamodb"])
def either(
    request: pytest.FixtureRequest, built: Path, make_house: MakeHouse, tmp_path: Path
) -> Iterator[House]:
    """Return the service's county, on each store in turn."""
    if request.param == "sqlite":
        yield outings_house(make_house, tmp_path / "plugins")
        return
    with mock_aws():
        cloud = in_cloud(make_house, county_in(built).items)
        yield outings_house(cloud, tmp_path / "plugins")


def change(house: House, case: Case, who: str = "county", **amend: Any) -> Case:
    return house.do(case, "change", who, amend=amend)


def stands(house: House, case: Case) -> tuple[Any, ...]:
    """Return all that the store says of a case."""
    now = house.now(case)
    return now.item, house.office.cases.events(now), day_of(house, case)


def refused(house: House, case: Case, transition: str = "change", **how: Any) -> list[str]:
    """Return why a move is refused, as field/code; nothing may have changed."""
    before = stands(house, case)
    with pytest.raises(Refused) as why:
        house.do(case, transition, how.pop("who", "county"), **how)
    assert stands(house, case) == before
    return [f"{each.field}/{each.code}" for each in why.value.problems]


def holder(house: House, code: str) -> str:
    """Return which case holds the claim to a code, "" for none."""
    value = house.office.vault.fingerprint("qinghe", code)
    [claim] = house.store.get(claim_key("qinghe", "outings.outing.code", value))
    return str(claim["case"]) if claim else ""


@pytest.mark.parametrize("who", ["county", PHONE])
def test_either_side_changes_answers_in_one_commit_with_all_that_follows(
    either: House, who: str
) -> None:
    case = asked(either)
    either.person(who)
    either.store.asked.clear()
    classes = [{"name": "一班", "heads": "20"}, {"name": "二班", "heads": "21"}]
    after = change(either, case, who, date="2026年12月3日", slot="10", classes=classes)
    [commit] = [each for each in either.store.asked if each[0] == "commit"]
    assert {f"C#{case.id}", "X#outings#days"} == {pk for pk, _ in commit[1:]}
    assert {name: after.answers[name] for name in ("date", "slot", "heads", "phone")} == {
        "date": "2026-12-03",
        "slot": {"value": "10", "label": "10点"},
        "heads": 41,
        "phone": PHONE,
    }
    events = either.office.cases.events(either.now(case))
    assert (events[-1]["transition"], events[-1]["to"]) == ("change", "asked")
    assert changes_of(events) == [[], ["date", "slot", "classes", "heads"]]
    assert chain_holds(events, after.item["head"])
    told = day_of(either, case)
    assert (told["date"], told["before"]) == ("2026-12-03", "2026-12-02")


def test_a_move_without_any_change_names_none(house: House) -> None:
    after = change(house, asked(house), date="2026-12-02", slot="9")
    assert "changed" not in house.office.cases.events(after)[-1]


def test_what_the_store_keeps_of_a_personal_answer_is_sealed(house: House) -> None:
    after = change(house, asked(house), phone="00000000712")
    assert after.answers["phone"] == "00000000712"
    assert "00000000712" not in str(stands(house, after))


def test_a_choice_that_has_gone_is_no_hindrance_to_another_change(house: House) -> None:
    case = asked(house)
    offer(house, "10")
    case = change(house, case, date="2026-12-03")
    assert case.answers["slot"] == {"value": "9", "label": "9点"}
    for same in ("9", "9点", {"value": "9", "label": "9点"}):
        case = change(house, case, date="2026-12-04", slot=same)
    assert case.answers["slot"] == {"value": "9", "label": "9点"}
    offer(house, "11")
    assert refused(house, case, amend={"slot": "10"}) == ["slot/choice_unknown"]


def test_a_bound_that_has_passed_is_not_held_against_a_day_that_is_left(house: House) -> None:
    case = asked(house)
    house.clock.move(days=20)
    case = change(house, case, date="2026-12-02", classes=[{"name": "一班", "heads": "5"}])
    assert case.answers["heads"] == 5
    assert refused(house, case, amend={"date": "2026-12-03"}) == ["date/too_early"]


@pytest.mark.parametrize(
    ("amend", "why"),
    [
        ({"date": "三号"}, ["date/not_date"]),
        ({"date": None}, ["date/required"]),
        ({"classes": [{"name": "一班", "heads": "0"}]}, ["classes.0.heads/too_small"]),
        ({"classes": [{"name": "一班", "heads": "61"}]}, ["classes/many"]),
        ({"classes": [{"name": "一班", "heads": "50"}]}, ["None/odd"]),
        ({"classes": [{"name": "一班", "heads": "13"}]}, ["None/guard"]),
        ({"date": "2026-12-25"}, ["date/closed"]),
        ({"heads": 7}, ["heads/unknown_amend"]),
        ({"bus": True}, ["bus/unknown_amend"]),
        ({"nothing": 1}, ["nothing/unknown_amend"]),
    ],
)
def test_what_form_guard_or_python_refuse_changes_nothing(
    house: House, amend: dict[str, Any], why: list[str]
) -> None:
    assert refused(house, asked(house), amend=amend) == why


def test_what_needs_explaining_goes_through_with_a_comment(house: House) -> None:
    case, fifty = asked(house), [{"name": "一班", "heads": "50"}]
    after = house.do(case, "change", "county", amend={"classes": fifty}, comment="拼车")
    assert after.answers["heads"] == 50


def test_a_field_that_shows_from_now_on_is_asked_for(house: House) -> None:
    case = house.do(asked(house), "counter", "county", step={"guide": "李"}, comment="改", amend={})
    assert refused(house, case, amend={"bus": True}) == ["company/required"]


def test_who_may_not_make_the_move_is_told_so_and_nothing_of_the_answers(house: House) -> None:
    case = asked(house)
    wrong = {"date": "2026-12-25"}
    assert refused(house, case, who="other_county", amend=wrong) == ["None/not_allowed"]
    assert refused(house, case, "agree", who=PHONE, amend={}) == ["None/wrong_state"]


def test_the_moves_own_form_comment_and_message_come_in_the_same_commit(house: House) -> None:
    case = asked(house)
    amend = {"date": "2026-12-09", "slot": "10"}
    assert refused(house, case, "counter", amend=amend, step={"guide": "李"}) == [
        "comment/comment_required"
    ]
    after = house.do(
        case, "counter", "county", amend=amend, step={"guide": "李"}, comment="那天闭馆"
    )
    assert (after.state, after.steps) == ("countered", {"guide": "李"})
    assert after.answers["date"] == "2026-12-09"
    house.office.effects.work_off(after)
    assert house.letters.to(PHONE) == ["那天闭馆"]


def test_a_page_made_before_another_move_is_stale_and_nothing_is_lost(either: House) -> None:
    case = asked(either)
    after = change(either, case, date="2026-12-03")
    with pytest.raises(Stale) as stale:
        change(either, case, PHONE, date="2026-12-04")
    assert stale.value.case.v == after.v
    with pytest.raises(Stale):
        either.do(either.now(case), "change", PHONE, seen=1, amend={"date": "2026-12-04"})
    assert either.now(case).answers["date"] == "2026-12-03"


def test_a_unique_value_is_claimed_anew_and_given_up(either: House) -> None:
    case = change(either, asked(either, code="A1"), code="A2")
    assert (holder(either, "A1"), holder(either, "A2")) == ("", case.id)
    other = asked(either, code="A1")
    assert other.item["twin"] == ""
    before = stands(either, other)
    with pytest.raises(Taken):
        change(either, other, code="A2")
    assert stands(either, other) == before
    case = change(either, case, code=None)
    assert (holder(either, "A2"), case.item["claims"]) == ("", [])
    assert change(either, other, code="A2").item["twin"] == ""


def test_what_is_amended_with_the_last_move_is_not_claimed_for_ever(either: House) -> None:
    case = asked(either, code="A1")
    after = either.do(case, "close", "county", amend={"code": "A2"})
    assert (after.state, after.answers["code"]) == ("over", "A2")
    assert (holder(either, "A1"), holder(either, "A2")) == ("", "")


def test_a_submission_set_aside_as_a_twin_is_not_amended(house: House) -> None:
    asked(house, code="A1")
    twin = asked(house, code="A1")
    assert twin.item["twin"]
    with pytest.raises(Stale):
        change(house, twin, code="A2")


def test_taking_it_back_restores_answers_claims_and_the_plugins_writes(either: House) -> None:
    before = asked(either, code="A1")
    case = change(either, before, PHONE, date="2026-12-03", code="A2", phone="00000000712")
    around = either.office.around("zh", either.office.places.get(case.item["place"]))
    after = either.office.reversals.take_back(case, either.person(PHONE), case.v, around)
    assert after.answers == before.answers
    assert (holder(either, "A1"), holder(either, "A2")) == (case.id, "")
    told = day_of(either, case)
    assert (told["date"], told["before"]) == ("2026-12-02", "2026-12-03")


def test_a_code_that_was_taken_meanwhile_refuses_taking_back(either: House) -> None:
    case = change(either, asked(either, code="A1"), PHONE, code="A2")
    asked(either, code="A1")
    around = either.office.around("zh", either.office.places.get(case.item["place"]))
    with pytest.raises(Taken):
        either.office.reversals.take_back(case, either.person(PHONE), case.v, around)
    assert either.now(case).answers["code"] == "A2"


def test_the_system_says_why_it_moved_a_case(house: House) -> None:
    case, why = asked(house), "没有在期限内答复"
    context = house.office.contexts.of("outings", house.office.places.get("hexi-zhen"), None)
    assert context.move(case.id, "expire", why)
    [*_, event] = house.office.cases.events(house.now(case))
    assert why not in str(event)
    assert case.unseal(f"comment|{event['n']}", event["comment"]) == why
    house.office.effects.work_off(house.now(case))
    assert house.letters.to(PHONE) == [f"不办了：{why}"]
    assert not context.move(case.id, "expire")


AMENDED: dict[str, st.SearchStrategy[Any]] = {
    "date": st.sampled_from(["2026-12-02", "2026/12/9", "2026-11-01", "", None, "2026-12-25"]),
    "slot": st.sampled_from(["9", "10点", "11", None]),
    "code": st.sampled_from(["A1", " A2 ", None]),
    "phone": st.sampled_from([PHONE, "000 0000 0712", "12", None]),
    "classes": st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["一班", "", None]), "heads": st.sampled_from(["8", 30, "x"])}
        ),
        max_size=3,
    ),
}


@given(amend=st.fixed_dictionaries({}, optional=AMENDED))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_amending_any_fields_equals_filling_the_form_in_with_these_answers(
    house: House, amend: dict[str, Any]
) -> None:
    case = asked(house)
    around = house.office.around("zh", house.office.places.get(case.item["place"]))
    whole = evaluate(house.office.cases.form(case), {**case.answers, **amend}, around)
    deed = Deed("change", case.v, house.person("county"), amend=amend)
    try:
        after = house.office.cases.move(case, deed, around)
    except Refused as why:
        said = {(each.field, each.code) for each in why.problems}
        assert said in ({(p.field, p.code) for p in whole.problems}, {("date", "closed")})
        assert house.now(case).answers == case.answers
    else:
        assert whole.problems == ()
        assert after.answers == whole.data
        house.do(after, "close", "county", amend={})
