"""Parents of the sample county who ask for their school's notices, through the pages they use."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from tests.core.house import House, case_id_of
from tests.pages import fictional_phone, hidden, send

AUDIENCE = "subscriptions.parents"


def asks(
    house: House, n: int, school: str = "hexi-1", client: FlaskClient | None = None, **other: Any
) -> TestResponse:
    """Fill in the form as the n-th parent at the school's own address; return the page after."""
    client = client or house.client()
    place = other.pop("place", school)
    page = client.get(f"/{place}/subscriptions/")
    given = {"school": school, "phone": fictional_phone(n), "agreed": "true", **other}
    return send(client, page, {**given, "action": "submit"})


def asked(house: House, n: int, school: str = "hexi-1", **other: Any) -> Case:
    """Return the case of a parent who has filled in the form."""
    found = house.office.cases.get(case_id_of(asks(house, n, school, **other)))
    assert found is not None
    return found


def receiving(house: House, *numbers: int, school: str = "hexi-1", **other: Any) -> list[Case]:
    """Return the cases of parents who have confirmed their numbers."""
    cases = [asked(house, n, school, **other) for n in numbers]
    for n, case in zip(numbers, cases, strict=True):
        assert pressed(house, case, "confirm", n).state == "receiving"
    return [house.now(case) for case in cases]


def pressed(house: House, case: Case, move: str, n: int) -> Case:
    """Make a move as the n-th parent, who has signed in with a code to their number."""
    client = house.client(fictional_phone(n))
    page = client.get(f"/{case.item['place']}/case/{case.id}/do/{move}/")
    assert page.status_code == 200, page.status_code
    answer = client.post(page.request.path, data=hidden(page.text))
    assert answer.status_code == 302, re.sub("<[^>]+>", "", answer.text)[-500:]
    return house.now(case)
