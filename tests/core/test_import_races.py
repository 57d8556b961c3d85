"""An import is confirmed, withdrawn and deleted in the same moment: one of them takes place.

Each test lets the second deed pass between what the first has read and what it writes.
"""

from collections.abc import Callable
from pathlib import Path

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
