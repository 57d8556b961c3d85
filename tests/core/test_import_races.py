"""An import is confirmed, withdrawn and deleted in the same moment: one of them takes place.

Each test lets the second deed pass between what the first has read and what it writes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.imports.import_data import Import
from core.imports.keeping import Imports
from core.store import Delete
from tests.core.between import Between, meet
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.core.importing import AT, LABELS, drafts, row
from tests.core.workbooks_made import made, pressed, uploaded


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(wrap=Between)


@pytest.fixture
def client(house: House) -> FlaskClient:
    return house.client(OFFICERS["school"])


@pytest.fixture
def page(client: FlaskClient) -> TestResponse:
    """Return the report of an import of two rows."""
    return uploaded(client, AT, made(LABELS, row(1), row(2)))


def also(house: House, page: TestResponse, act: str) -> Callable[[], object]:
    """Return what presses another button of a report, in a second window."""
    other = house.client(OFFICERS["school"])
    seen = other.get(page.request.path)
    return lambda: pressed(other, seen, act)


def head(house: House) -> str:
    """Return the stage of the import, "" where it is forgotten."""
    found = [each for each in everything(house, "I#") if each["sk"] == "H"]
    return str(found[0]["stage"]) if found else ""


def files(house: House) -> list[Path]:
    return list((house.folder / "files" / "imports").glob("*"))


def test_confirmed_while_it_is_deleted_it_stands(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    meet(house, "I#", "H", also(house, page, "confirm"))
    answer = pressed(client, page, "discard")
    assert "已导入 2 行" in answer.text
    assert head(house) == "confirmed"
    assert len(drafts(house)) == 2
    assert len(files(house)) == 1


def test_deleted_while_it_is_confirmed_it_enters_nothing(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    meet(house, "I#", "H", also(house, page, "discard"))
    assert pressed(client, page, "confirm").status_code == 404
    house.later.run()
    assert not drafts(house)
    assert not house.letters.sent
    assert not [each for each in everything(house, "I#") if each["sk"] != "H"]
    assert head(house) == ""
    assert files(house) == []


def test_were_it_deleted_unasked_drafts_would_stand_that_nobody_can_withdraw(
    house: House, client: FlaskClient, page: TestResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the version of what says how the import stands that keeps them apart."""

    def unasked(imports: Imports, imported: Import) -> bool:
        imports.store.commit(Delete((f"I#{imported.id}", "H")))
        return True

    monkeypatch.setattr(Imports, "discard", unasked)
    meet(house, "I#", "H", also(house, page, "confirm"))
    pressed(client, page, "discard")
    assert head(house) == ""
    assert len(drafts(house)) == 2


def test_deleted_twice_at_once_it_is_deleted(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    meet(house, "I#", "H", also(house, page, "discard"))
    pressed(client, page, "discard")
    assert head(house) == ""
    assert files(house) == []


def test_withdrawn_while_it_is_confirmed_again_it_enters_nothing_more(
    house: House, client: FlaskClient, page: TestResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.imports.entering.AT_ONCE", 1)
    pressed(client, page, "confirm")
    assert len(drafts(house)) == 1
    meet(house, "I#", "H", also(house, page, "withdraw"))
    assert pressed(client, page, "confirm").status_code == 409
    assert head(house) == "withdrawn"
    assert not drafts(house)


def test_confirmed_twice_at_once_both_go_on(
    house: House, client: FlaskClient, page: TestResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.imports.entering.AT_ONCE", 1)
    meet(house, "I#", "H", also(house, page, "confirm"))
    pressed(client, page, "confirm")
    assert len(drafts(house)) == 2
    assert head(house) == "confirmed"


def entered(house: House, client: FlaskClient, page: TestResponse) -> TestResponse:
    """Confirm the import, have its people told, and return the report."""
    pressed(client, page, "confirm")
    house.later.run()
    return client.get(page.request.path)


def states(house: House) -> list[str]:
    return [each["state"] for each in everything(house, "I#") if each["sk"] != "H"]


def test_withdrawn_twice_at_once_it_is_withdrawn(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    page = entered(house, client, page)
    meet(house, "C#", "D", also(house, page, "withdraw"))
    answer = pressed(client, page, "withdraw")
    assert "已撤回 2 行" in answer.text
    assert "本人已经接手" not in answer.text
    assert states(house) == ["withdrawn", "withdrawn"]
    assert not drafts(house)


def thrown_away(house: House) -> None:
    """Throw the first row's draft away, as its person does."""
    first = next(each for each in drafts(house) if each.answers["name"] == "测试1")
    house.office.drafts.discard(first)


def test_of_what_its_person_threw_away_nobody_is_said_to_have_it(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    page = entered(house, client, page)
    thrown_away(house)
    answer = pressed(client, page, "withdraw")
    assert "本人已经接手" not in answer.text
    assert states(house) == ["withdrawn", "withdrawn"]


def test_what_another_wrote_down_of_a_row_meanwhile_stays(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    """A withdrawal finds a draft gone and, before it writes that, another has withdrawn the row."""
    page = entered(house, client, page)
    thrown_away(house)
    then, [row_1, *_] = also(house, page, "withdraw"), everything(house, "I#")[1:]
    wants, between = iter((False, True)), cast("Between", house.store.store)
    between.then = (
        then  # before the second write to the row, which is to say that its draft is gone
    )
    between.meets = lambda write: write.key == (row_1["pk"], row_1["sk"]) and next(wants)
    pressed(client, page, "withdraw")
    assert states(house) == ["withdrawn", "withdrawn"]
    assert {each["v"] for each in everything(house, "I#") if each["sk"] == row_1["sk"]} == {3}


def test_what_its_person_has_saved_or_handed_in_is_theirs(
    house: House, client: FlaskClient, page: TestResponse
) -> None:
    page = entered(house, client, page)
    first, second = sorted(drafts(house), key=lambda each: each.answers["name"])
    house.office.drafts.save(first)
    house.office.ports.store.commit(house.office.drafts.handed_in(second))
    house.submit(2, second.id, place="hexi-1")
    answer = pressed(client, page, "withdraw")
    assert answer.text.count("本人已经接手") == 2
    assert states(house) == ["kept", "kept"]
