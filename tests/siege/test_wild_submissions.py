"""Anything at all sent to the registration: never a fault."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.house import House, last_page
from tests.pages import FORM, answers
from tests.siege.refusals import alive

NAMES = [name for page in answers(1) for name in page]
NAMES += ["page", "action", "form", "draft", "case", "reason", "certificate-kept", "signature-kept"]
NAMES += ["signature-drawn", "age", "letter", "qualification", "seen", "__class__"]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "true", "0", "-1", "retired_teacher", "other", "submit", "next", "back"]),
    st.sampled_from(["drop:certificate", "data:image/png;base64,AAAA", "2026-02-30", "\x00"]),
)
FIELDS = st.dictionaries(
    st.sampled_from(NAMES) | st.text(min_size=1, max_size=8), TEXTS | st.lists(TEXTS), max_size=8
)


@pytest.fixture
def page(house: House) -> tuple[FlaskClient, str, dict[str, Any]]:
    client = house.client()
    return client, *last_page(client, 1)


@given(fields=FIELDS)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_sent_is_a_fault(
    page: tuple[FlaskClient, str, dict[str, Any]], fields: dict[str, Any]
) -> None:
    client, where, sent = page
    for path in (where, FORM):
        answer = alive(client.post(path, data={**sent, **fields}))
        assert answer.status_code in (200, 302, 303, 400, 409, 413, 422, 429)
