"""The one-time link of an empty installation."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.web.app import create_app
from infra.local.sqlite import SqliteStore
from tests.core.house import House, Later, Letters, SetClock, ports
from tests.pages import hidden
from tests.siege.refusals import refused

GIVEN = {"name": "李局", "phone": "13800000000", "place": "新县", "kind": "county"}


@pytest.fixture
def empty(tmp_path: Path) -> House:
    clock, letters, later = SetClock(), Letters(), Later()
    made, store = ports(tmp_path, clock, letters, later)
    return House(tmp_path, clock, store, letters, later, create_app(made))


def use(house: House, token: str, slug: str) -> int:
    client = house.app.test_client()
    page = client.get(f"/first/{token}")
    sent = {**GIVEN, "slug": slug, "csrf_token": hidden(page.text).get("csrf_token", "")}
    return client.post(f"/first/{token}", data=sent).status_code


def test_the_link_makes_one_first_officer(empty: House) -> None:
    token = empty.office.door.first_link()
    assert use(empty, token, "xinxian") == 302
    client = empty.app.test_client()
    refused(client.get(f"/first/{token}"), 404)
    refused(client.get("/first/x"), 404)
    assert use(empty, token, "other") == 400  # not even a page to post from


def test_a_restart_before_the_link_was_used_prints_one_that_works(empty: House) -> None:
    lost, fresh = (empty.office.door.first_link() for _ in range(2))
    refused(empty.app.test_client().get(f"/first/{lost}"), 404)
    assert use(empty, fresh, "xinxian") == 302


def test_two_at_once_make_one_first_officer(empty: House) -> None:
    token = empty.office.door.first_link()
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda n: use(empty, token, f"county-{n}"), range(4)))
    assert codes.count(302) == 1
    assert set(codes) <= {302, 400, 404, 422}
    places = empty.store.query("PLACES", index="register").items
    assert len(places) == 1


def test_bad_answers_leave_the_link_usable(empty: House) -> None:
    token = empty.office.door.first_link()
    for slug in ("", "../x", "desk", "A B", "x" * 99, "\x00"):
        assert use(empty, token, slug) == 422
    assert use(empty, token, "xinxian") == 302


@pytest.fixture(autouse=True)
def _close(empty: House) -> object:
    yield
    store = empty.store.store
    assert isinstance(store, SqliteStore)
    store.close()
