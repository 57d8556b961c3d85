"""What a plugin's Python tells chooses between targets; a commit that conflicts is decided anew."""

import logging
from pathlib import Path

import pytest

from core.bundles import bundle_at
from core.filings import TRIES
from core.loading import load_plugin
from core.store import Change, Conflict
from core.web.app import BUNDLED
from forms.problems import DefinitionError
from tests.core.conftest import MakeHouse
from tests.core.house import House
from tests.core.plugin_folder import GUIDE, blocks, suggest, write

WORKFLOW = """id: answering
form: suggestion
facts: [room]
states:
  draft: {kind: draft}
  waiting: {kind: open}
  placed: {kind: open}
  answered: {kind: final}
transitions:
  submit: {from: draft, to: [{when: room, to: placed}, {to: waiting}], by: applicant}
  reply: {from: [waiting, placed], to: answered, by: school_officer}
"""
ONE_SEAT = """from core.api import Below, Change
from core.hooks import hookimpl


class Plugin:
    @hookimpl
    def check_facts(self, context, case, transition):
        [seats] = context.get(context.key("seats", "-"))
        return {"room": (seats or {}).get("taken", 0) < 1}

    @hookimpl
    def claim_submission(self, context, case):
        if case.state != "placed":
            return []
        return [Change(context.key("seats", "-"), add={"taken": 1}, when=(Below("taken", 0),))]
"""


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    told = blocks(GUIDE)["plugin.yaml"] + "hooks: [check_facts, claim_submission]\n"
    more = write(tmp_path / "more", "seats", ONE_SEAT, workflows__answering=WORKFLOW, plugin=told)
    made = make_house(folders=[BUNDLED, more])
    made.office.places.switch("hexi-zhen", "seats", "on", "某人", "2026")
    return made


def states(house: House) -> list[str]:
    page = house.store.query("R#hexi-zhen#seats#202611", index="register")
    return sorted(item["state"] for item in page.items)


def test_a_fact_chooses_the_target(house: House) -> None:
    suggest(house.client(), plugin="seats")
    suggest(house.client(), plugin="seats")
    assert states(house) == ["placed", "waiting"]


def test_what_was_taken_between_looking_and_writing_leads_elsewhere(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, others = house.store.commit, iter([True])

    def overtaken(*writes: object) -> None:
        ours = any(isinstance(w, Change) and w.key[0] == "X#seats#seats" for w in writes)
        if ours and next(others, False):
            commit(Change(("X#seats#seats", "-"), add={"taken": 1}))
        commit(*writes)  # type: ignore[arg-type]

    monkeypatch.setattr(house.store, "commit", overtaken)
    suggest(house.client(), plugin="seats")
    assert states(house) == ["waiting"]


def test_a_claim_that_never_holds_is_told_as_busy_after_some_tries(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, tries = house.store.commit, []

    def refusing(*writes: object) -> None:
        refused = [w for w in writes if isinstance(w, Change) and w.key[0] == "X#seats#seats"]
        if refused:
            tries.append(refused)
            raise Conflict([(refused[0], None)])
        commit(*writes)  # type: ignore[arg-type]

    monkeypatch.setattr(house.store, "commit", refusing)
    answer = suggest(house.client(), plugin="seats")
    assert answer.status_code == 429
    assert len(tries) == TRIES
    assert "门口要一盏灯" in answer.text
    assert states(house) == []


def test_what_cannot_be_told_refuses_the_submission(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    facts = house.office.catalogue.facts

    def broken(plugin: str, **_: object) -> dict[str, bool]:
        return facts(plugin)  # without its arguments

    monkeypatch.setattr(house.office.catalogue, "facts", broken)
    answer = suggest(house.client(), plugin="seats")
    assert answer.status_code == 503
    assert states(house) == []


def test_facts_that_nobody_tells_are_refused_when_the_plugin_is_loaded(tmp_path: Path) -> None:
    write(tmp_path / "more", "seats", workflows__answering=WORKFLOW)
    with pytest.raises(DefinitionError, match=r"answering.yaml:3.*check_facts"):
        load_plugin(bundle_at(tmp_path / "more" / "seats"))
