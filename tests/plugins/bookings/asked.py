"""What a school fills in, page by page, to book a visit."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import hidden, send
from tests.plugins.bookings.visiting import MUSEUM, SCHOOL, SLOT, WEDNESDAY


def visit_pages(heads: int, name: str, **other: Any) -> list[dict[str, Any]]:
    """Return what is filled in for one class and one escort of `name`."""
    where = {"venue": MUSEUM, "date": WEDNESDAY, "slot": SLOT}
    going = {
        "school": SCHOOL,
        "classes.row": ["0"],
        "classes.0.class_name": f"{name}班",
        "classes.0.heads": str(heads),
        "escorts.row": ["0"],
        "escorts.0.escort_name": f"{name}老师",
        "guide": "false",
        "contact_phone": "00000000109",
    }
    safely = {
        "transport": "walking",
        "safety_plan": "走人行道，单老师在前，赵老师在后",
        "insured": "true",
        "consents": "0",
    }
    pages: list[dict[str, Any]] = [where, going, safely]
    for page in pages:
        page |= {key: value for key, value in other.items() if key in page}
    return pages


def last_page_of_visit(
    client: FlaskClient, heads: int, name: str, **other: Any
) -> tuple[str, dict[str, Any]]:
    """Fill in all but the last page; return where that is sent, and everything it says."""
    *first, last = visit_pages(heads, name, **other)
    page: TestResponse = client.get(f"/{other.get('school', SCHOOL)}/bookings/new/visit/")
    for given in first:
        page = send(client, page, given)
    return page.request.path, {**hidden(page.text), **last, "action": "submit"}
