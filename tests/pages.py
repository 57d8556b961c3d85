"""What a browser does with our pages: reads their hidden fields, fills them in, sends them."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from forms.identity_types import check_character

PLACE = "hexi-zhen"
SERVICE = "volunteers"
FORM = f"/{PLACE}/{SERVICE}/"


class _Fields(HTMLParser):
    """Collects the inputs of a page's largest form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append({})
        if tag == "input" and given.get("type") == "hidden" and self.forms:
            self.forms[-1][given["name"] or ""] = given.get("value") or ""


def hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of the form that has the most of them."""
    reader = _Fields()
    reader.feed(html)
    return max(reader.forms, key=len, default={})


def send(client: Any, page: Any, given: Mapping[str, Any], **how: Any) -> Any:
    """Send a page as a browser does, with what it carries and what is given; follow where it leads.

    `page` is the answer that brought it (a TestResponse); so is what is returned.
    """
    data = {**hidden(page.text), "action": "next", **given}
    return client.post(page.request.path, data=data, follow_redirects=True, **how)


def narrowed(client: Any, address: str, text: str) -> str:
    """Narrow an officer's list by a text, as its page does; return the address that leads to."""
    page = client.get(address)
    asked = {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
    kind = {"list": "finished"} if "finished" in address else {}
    token = {"csrf_token": hidden(page.text)["csrf_token"]}
    answer = client.post("/desk/find", data={**token, **asked, **kind, "q": text})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def sent_back(page: Any) -> str:
    """Return a page that came back with problems; raise AssertionError for any other."""
    assert page.status_code == 200, (page.status_code, page.text[:1000])
    assert "data-error-summary" in page.text
    return str(page.text)


def words_of(html: str) -> str:
    """Return a page without its tags."""
    return re.sub(r"<[^>]+>", "", html)


def identity(n: int) -> str:
    """Return the n-th made-up identity number of the region that is not assigned."""
    born = date(1950, 1, 1) + timedelta(days=n % 9000)
    first = f"149999{born:%Y%m%d}{n // 9000 % 1000:03}"
    return first + check_character(first)


def fictional_phone(n: int) -> str:
    """Return the n-th phone that nobody can be called on."""
    return f"000000{n % 100000:05}"


def answers(n: int, **other: Any) -> list[dict[str, Any]]:
    """Return what the n-th parent fills in on each page of the registration."""
    pages: list[dict[str, Any]] = [
        {
            "kind": "parent",
            "name": f"测试{n}",
            "id_number": identity(n),
            "phone": fictional_phone(n),
        },
        {
            "specialties": ["reading", "sports"],
            "times": ["friday"],
            "preferred_school": "hexi-1",
            "about": "",
        },
        {"signature": f"测试{n}", "query_consent": "true"},
    ]
    for page in pages:
        page |= {name: value for name, value in other.items() if name in page}
    return pages
