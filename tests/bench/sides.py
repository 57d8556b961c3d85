"""The two sides of the bench: prepared requests, answered without a network between."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from core.numbers import fresh_number
from core.web.visit import case_signer
from tests.bench import by_hand
from tests.core.house import build, open_house
from tests.pages import FORM, answers, hidden

Environ = dict[str, Any]
LAST = 2
_MULTIPART = "multipart/form-data"


@dataclass
class Side:
    """One application with a visitor's session; `case` gives what only our pages carry."""

    app: Flask
    case: Callable[[], dict[str, str]]
    cookie: str = ""
    token: str = ""

    def visit(self) -> str:
        """Open the form once; keep the session and return the page."""
        client = self.app.test_client()
        page = client.get(FORM).text
        name = self.app.config["SESSION_COOKIE_NAME"]
        found = client.get_cookie(name)
        self.cookie = f"{name}={found.value}" if found else ""
        self.token = hidden(page)["csrf_token"]
        return page

    def form_page(self) -> Environ:
        """Return a request for the first page."""
        return EnvironBuilder(FORM, headers={"Cookie": self.cookie}).get_environ()

    def submission(self, n: int) -> Environ:
        """Return the n-th parent's last page as a browser sends it."""
        first, second, last = answers(n)
        carried = {**first, **second, "about": None, "other_specialty": None}
        sent = {**last, **self.case(), "csrf_token": self.token, "page": str(LAST)}
        sent |= {"carried": json.dumps({**carried, "further_schools": []}), "action": "submit"}
        return EnvironBuilder(
            FORM, method="POST", data=sent, headers={"Cookie": self.cookie}, content_type=_MULTIPART
        ).get_environ()

    def answer(self, environ: Environ) -> tuple[bytes, str]:
        """Return the page and the status."""
        pieces, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        return b"".join(pieces), status


@contextmanager
def both(folder: Path) -> Iterator[tuple[Side, Side]]:
    """Yield ours and the one by hand, each on its own file in `folder`."""
    build(folder / "built")
    limits = {"SUBMISSIONS_AN_HOUR": 10**9}
    house = open_house(folder / "built", folder / "ours", config=limits, counters=True)
    house.store.asked, house.later.waiting = _Forgetful(), _Forgetful()
    signer = _signer(house.app)
    hand = by_hand.create_app(folder / "by_hand.sqlite")
    sides = Side(house.app, lambda: {"case": signer(fresh_number())}), Side(hand, dict)
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
    return lambda number: str(signer.dumps(["hexi-zhen", "volunteers", number]))
