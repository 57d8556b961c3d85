"""What strangers and the signed in may pile up in an hour, and what becomes of it."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.drafts import LIFE
from tests.core.house import House
from tests.pages import FORM, answers, fictional_phone, hidden

PNG = b"\x89PNG\r\n\x1a\n"
LIMIT = 2
FILES = 4 * LIMIT


def upload(client: FlaskClient, n: int, **how: Any) -> TestResponse:
    """Begin a form with a picture of its own."""
    first = {**answers(1)[0], "kind": "retired_teacher", "action": "next", "page": "0"}
    sent = {**hidden(client.get(FORM).text), **first}
    picture = (io.BytesIO(PNG + str(n).encode()), "证书.png")
    return client.post(FORM, data={**sent, "certificate": picture}, **how)


def stored(house: House) -> list[Path]:
    return [each for each in (house.folder / "files").rglob("*") if each.is_file()]


def test_so_many_files_an_hour_are_kept_from_one_address(house: House) -> None:
    house.app.config["SUBMISSIONS_AN_HOUR"] = LIMIT
    for n in range(FILES + 3):
        answer = upload(house.client(), n)
    assert len(stored(house)) == FILES
    assert "一小时里传的文件太多了" in answer.text
    house.clock.move(hours=1)
    upload(house.client(), 99)
    assert len(stored(house)) == FILES + 1


def test_whoever_has_signed_in_is_counted_alone(house: House) -> None:
    house.app.config["SUBMISSIONS_AN_HOUR"] = LIMIT
    for n in range(FILES + 3):
        page = upload(house.client(fictional_phone(1)), n, follow_redirects=True)
    assert len(stored(house)) == FILES
    assert "一小时里传的文件太多了" in page.text
    upload(house.client(fictional_phone(2)), 99)
    assert len(stored(house)) == FILES + 1


def test_a_file_that_a_page_only_names_is_deleted_with_its_draft(house: House) -> None:
    house.app.config["SUBMISSIONS_AN_HOUR"] = LIMIT
    client = house.client()
    for n in range(LIMIT):
        upload(client, n)
    busy = upload(client, LIMIT)
    house.clock.move(hours=1)
    again = {**hidden(busy.text), **answers(1)[0], "kind": "retired_teacher", "action": "next"}
    saved = client.post(FORM, data=again)
    assert "check=page" not in saved.headers["Location"]
    assert len(stored(house)) == LIMIT + 1
    house.clock.at += LIFE * 2
    house.office.ticks.tick()
    assert stored(house) == []


@pytest.mark.parametrize("action", ["save", "next"])
def test_a_draft_larger_than_the_store_keeps_is_refused_and_not_a_fault(
    house: House, action: str
) -> None:
    client = house.client()
    sent = {**hidden(client.get(FORM).text), "page": "1", "action": action}
    answer = client.post(FORM, data={**sent, "about": "字" * 300_000})
    assert answer.status_code == 413
    answer = client.post(FORM, data={**sent, "about": "字" * 30_000})
    assert answer.status_code in (200, 303)
