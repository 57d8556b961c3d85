"""A walk past every address there is, as one person, with everything that is read there."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.case_items import Case
from tests.core.house import House
from tests.pages import hidden, narrowed

QUERIES: Mapping[str, Sequence[str]] = {
    "desk.desk": ("state=school", "state=mending"),
    "finished.finished": ("at=hexi-zhen",),
    "finished.workbook": ("at=hexi-zhen",),
    "listings.index": ("q=孔雀蓝", "q=欧阳"),
    "figures.figures": ("from=2026-09&to=2026-12",),
}
SOUGHT = ("欧阳", "8000")
_HARMLESS = ("sign_in.leave", "assets.asset")


def walk(house: House, phone: str, cases: Sequence[Case]) -> Iterator[tuple[str, str]]:
    """Yield every address with what it answers to a look and to an empty order."""
    client = house.client(phone)
    token = hidden(client.get("/hexi-zhen/").text).get("csrf_token", "")
    for rule in house.app.url_map.iter_rules():
        if rule.endpoint not in _HARMLESS:
            for path in _paths(house, rule, cases):
                for asked in _queries(rule, trays(phone, house)):
                    yield from _answers(client, rule, f"{path}?{asked}" if asked else path, token)
    for tray, text, done in product(trays(phone, house), SOUGHT, ("desk/", "desk/finished/")):
        leads = narrowed(client, f"/{done}?tray={quote(tray)}", text)
        book = "finished" if "finished" in leads else "tray"
        for path in (leads, f"/desk/{book}.xlsx?{leads.partition('?')[2]}"):
            yield f"{path} {text}", read(client.get(path))


def trays(phone: str, house: House) -> list[str]:
    """Return the partitions of the desks that a person works at."""
    roles = house.person(phone).roles
    return [f"D#{each.place}#{each.name}#feedback" for each in roles]


def _answers(client: FlaskClient, rule: Rule, path: str, token: str) -> Iterator[tuple[str, str]]:
    methods = rule.methods or set()
    if "GET" in methods:
        yield path, read(client.get(path))
    if "POST" in methods:
        answer = client.post(path, data={"csrf_token": token, "seen": "1", "action": "submit"})
        yield f"POST {path}", read(answer)


def read(answer: TestResponse) -> str:
    """Return all that an answer says: its page, a workbook's sheets, where it leads."""
    raw = answer.get_data()
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"".join(book.read(name) for name in book.namelist())
    return raw.decode("utf-8", "replace") + repr(list(answer.headers))


def _paths(house: House, rule: Rule, cases: Sequence[Case]) -> Iterator[str]:
    fields = house.office.catalogue.plugins["feedback"].forms["opinion"].fields
    known: dict[str, Sequence[str]] = {
        "place": ["hexi-zhen"] if "case_id" in rule.arguments else ["hexi-zhen", "hexi-1"],
        "plugin": ["feedback"],
        "case_id": [case.id for case in cases],
        "workflow": ["answering"],
        "name": ["reply", "pass_on", "settle", "withdraw", "submit"],
        "field": [*fields, "evidence.0", "again_reason"],
        "what": ["take", "give-back", "take-back"],
        "n": ["1", "2", "3"],
    }
    names = sorted(rule.arguments)
    for values in product(*(known.get(name, ["x"]) for name in names)):
        path = rule.rule
        for name, value in zip(names, values, strict=True):
            for kind in ("", "int:", "path:"):
                path = path.replace(f"<{kind}{name}>", quote(value))
            path = path.replace(f"<public:{name}>", house.public(value))
        yield path


def _queries(rule: Rule, own: Sequence[str]) -> Iterator[str]:
    """Yield what is asked of an address: of a desk for every tray, as it is and narrowed."""
    yield ""
    at_trays = [f"tray={quote(each)}" for each in own] if "desk/" in rule.rule else [""]
    for tray, query in product(at_trays, ("", *QUERIES.get(rule.endpoint, ()))):
        if tray or query:
            yield "&".join(filter(None, (tray, query)))
