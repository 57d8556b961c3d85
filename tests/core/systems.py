"""Another system with a token, as the tests of the JSON API have it."""

import base64
import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.api_tokens import DAYS, SCOPES, Wish
from core.case_items import Case
from tests.core.house import House
from tests.pages import PLACE

API, PAGE = "/api/v1", "/qinghe/tokens/"


ALL = ("volunteers", "feedback", "bookings", "grants")


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class System:
    """Another system with a token, asking about one place."""

    def __init__(self, house: House, text: str, place: str = PLACE) -> None:
        self.client: FlaskClient = house.app.test_client()
        self.headers = {"Authorization": f"Bearer {text}"}
        self.root = f"{API}/{place}"

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.client.get(self.root + path, headers=self.headers, **how)

    def put(self, service: str, number: str, sent: Any) -> TestResponse:
        path = f"{self.root}/{service}/cases/{number}"
        return self.client.put(path, headers=self.headers, json=sent)

    def move(self, case: Case, name: str, **sent: Any) -> TestResponse:
        path = f"{self.root}/{case.item['plugin']}/cases/{case.id}/moves/{name}"
        return self.client.post(path, headers=self.headers, json=sent)


def system(
    house: House, *scopes: str, services: tuple[str, ...] = ALL, who: str = "county"
) -> System:
    wish = Wish("教研平台", scopes or SCOPES, services, DAYS[0])  # type: ignore[arg-type]
    _, text = house.office.tokens.make("qinghe", wish, house.person(who))
    return System(house, text)


def opinion(**other: Any) -> dict[str, Any]:
    told = {"kind": "opinion", "school": "hexi-1", "topic": "courses", "named": False}
    return {"answers": {**told, "words": "希望多开一些体育课，谢谢", **other}}


def code_of(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    told = json.loads(answer.text)
    assert told["status"] == answer.status_code
    assert told["detail"]
    return answer.status_code, told["code"]
