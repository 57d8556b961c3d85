"""The two sides of the bench: prepared requests, answered without a network between."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from core.numbers import fresh_number
from core.web.own_drafts import COOKIE
from core.web.signed_cases import case_signer
from tests.bench import by_hand
from tests.core.house import build, last_page, open_house
from tests.pages import FORM, answers, hidden

Environ = dict[str, Any]
LAST = 2
_MULTIPART = "multipart/form-data"


@dataclass
class Side:
    """One application with a visitor's session; `begin` fills in a form up to its last page.

    It returns where that page is sent, what is sent, and the cookies it is sent with.
    """

    app: Flask
    begin: Callable[["Side", int], tuple[str, dict[str, Any], str]]
    case: Callable[[], dict[str, str]]
    drafts: bool = False
    """Whether a turned page is answered with a redirect to the next."""
    cookie: str = ""
    token: str = ""
    signed: str = ""
    """The case id that the page carried, signed for this session."""

    def visit(self) -> str:
        """Open the form once; keep the session and return the page."""
        client = self.app.test_client()
        page = client.get(FORM).text
        name = self.app.config["SESSION_COOKIE_NAME"]
        found = client.get_cookie(name)
        self.cookie = f"{name}={found.value}" if found else ""
        self.token, self.signed = hidden(page)["csrf_token"], hidden(page).get("case", "")
        return page

    def form_page(self) -> list[Environ]:
        """Return a request for the first page."""
        return [self._get(FORM, self.cookie)]

    def turn(self, n: int) -> list[Environ]:
        """Return the requests by which the n-th parent comes from the first page to the second."""
        case = self.case()
        sent = {**answers(n)[0], **case, "csrf_token": self.token, "page": "0", "action": "next"}
        first = self._post(FORM, sent, self.cookie)
        if not self.drafts:
            return [first]
        page = self.app.test_client()
        name, _, value = self.cookie.partition("=")
        page.set_cookie(name, value)
        answer = page.post(FORM, data=sent)  # once beforehand, for the cookie that opens the draft
        return [first, self._get(answer.location, f"{self.cookie}; {_cookie(page)}")]

    def submission(self, n: int) -> list[Environ]:
        """Return the n-th parent's last page as a browser sends it."""
        where, sent, cookies = self.begin(self, n)
        return [self._post(where, sent, cookies)]

    def answer(self, environs: list[Environ]) -> tuple[bytes, str]:
        """Return the last page and its status."""
        for environ in environs:
            pieces, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        return b"".join(pieces), status

    def _get(self, path: str, cookies: str) -> Environ:
        return EnvironBuilder(path, headers={"Cookie": cookies}).get_environ()

    def _post(self, path: str, sent: dict[str, Any], cookies: str) -> Environ:
        return EnvironBuilder(
            path, method="POST", data=sent, headers={"Cookie": cookies}, content_type=_MULTIPART
        ).get_environ()


def _cookie(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    return f"{COOKIE}={found.value}" if found else ""


def _by_drafts(side: Side, n: int) -> tuple[str, dict[str, Any], str]:
    client = side.app.test_client()
    where, sent = last_page(client, n)
    name = side.app.config["SESSION_COOKIE_NAME"]
    session = client.get_cookie(name)
    assert session
    return where, sent, f"{name}={session.value}; {_cookie(client)}"


def _carried(side: Side, n: int) -> tuple[str, dict[str, Any], str]:
    first, second, last = answers(n)
    carried = {**first, **second, "about": None, "other_specialty": None, "further_schools": []}
    sent = {**last, "csrf_token": side.token, "page": str(LAST), "action": "submit"}
    return FORM, {**sent, "carried": json.dumps(carried)}, side.cookie


@contextmanager
def both(folder: Path) -> Iterator[tuple[Side, Side]]:
    """Yield ours and the one by hand, each on its own file in `folder`."""
    build(folder / "built")
    limits = {"SUBMISSIONS_AN_HOUR": 10**9}
    house = open_house(folder / "built", folder / "ours", config=limits, counters=True)
    house.store.asked, house.later.waiting = _Forgetful(), _Forgetful()
    signer = _signer(house.app)
    hand = by_hand.create_app(folder / "by_hand.sqlite")
    ours = Side(house.app, _by_drafts, lambda: {"case": signer(ours.signed)}, drafts=True)
    sides = ours, Side(hand, _carried, dict)
    for side in sides:
        side.visit()
    yield sides
    house.close()
    hand.extensions["file"].close()


class _Forgetful(list[Any]):
    """Keeps nothing of what a test would look at, and the bench would pay for."""

    def append(self, _: Any) -> None:
        """Forget it."""


def _signer(app: Flask) -> Callable[[str], str]:
    with app.app_context():
        signer = case_signer()

    def another(signed: str) -> str:
        place, name, _, browser = signer.loads(signed)
        return str(signer.dumps([place, name, fresh_number(), browser]))

    return another
