"""A visit through its pages: begun from a free slot, refused in words, nothing typed is lost."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import send
from tests.plugins.bookings.visiting import WEDNESDAY, Visiting

BEGIN = f"/hexi-1/bookings/new/visit/?venue=museum&date={WEDNESDAY}&slot=15:30-16:30&school=hexi-1"
FIRST = {"venue": "museum", "date": WEDNESDAY, "slot": "15:30-16:30"}
SECOND: dict[str, Any] = {
    "school": "hexi-1",
    "classes.row": ["0"],
    "escorts.row": ["0"],
    "classes.0.class_name": "五年级2班",
    "classes.0.heads": "24",
    "escorts.0.escort_name": "单老师",
    "guide": "false",
    "contact_phone": "00000000109",
}
THIRD = {
    "transport": "walking",
    "safety_plan": "走人行道，单老师在前，赵老师在后",
    "insured": "true",
    "consents": "20",
}
SECOND_ESCORT = {"escorts.row": ["0", "1"], "escorts.1.escort_name": "赵老师"}


def filled(client: FlaskClient, **second: str) -> TestResponse:
    """Return the last page, ready to be handed in with THIRD."""
    page = send(client, client.get(BEGIN), FIRST)
    return send(client, page, {**SECOND, **second})


def test_a_free_slot_on_the_calendar_leads_to_a_form_that_knows_it(visiting: Visiting) -> None:
    page = visiting.house.client("00000000103").get(BEGIN).text
    assert "还剩 30 人、30 个团队" in page
    assert 'value="15:30-16:30" checked' in page


def test_what_the_venue_refuses_is_shown_where_it_is_mended_and_nothing_is_lost(
    visiting: Visiting,
) -> None:
    client = visiting.house.client("00000000103")
    page = send(client, filled(client), {**THIRD, "action": "submit"})
    assert page.status_code == 422
    assert "24 名学生至少要 2 位不同的带队教师" in page.text
    assert 'name="escorts.0.escort_name"' in page.text
    mended = {**SECOND, **SECOND_ESCORT}
    page = send(client, page, mended)
    assert "走人行道，单老师在前" in page.text
    page = send(client, page, {**THIRD, "action": "submit"})
    assert "待场馆确认" in page.text
    assert visiting.held() == (24, 1)
