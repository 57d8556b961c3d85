"""Anything at all sent to the registration: never a fault."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.house import House, fill_in
from tests.pages import FORM, answers
from tests.siege.refusals import alive

NAMES = [name for page in answers(1) for name in page]
NAMES += ["page", "action", "carried", "reason", "certificate-kept", "signature-kept"]
NAMES += ["signature-drawn", "age", "letter", "qualification", "seen", "__class__"]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "true", "0", "-1", "retired_teacher", "other", "submit", "next", "back"]),
    st.sampled_from(["drop:certificate", "data:image/png;base64,AAAA", "2026-02-30", "\x00"]),
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)
CARRIED = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), JSONS, max_size=6)
FIELDS = st.dictionaries(
    st.sampled_from(NAMES) | st.text(min_size=1, max_size=8), TEXTS | st.lists(TEXTS), max_size=8
)


@pytest.fixture
def page(house: House) -> tuple[FlaskClient, dict[str, str]]:
    client = house.client()
    return client, fill_in(client, 1)[1]


@given(fields=FIELDS, carried=CARRIED, keep=st.booleans())
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_sent_is_a_fault(
    page: tuple[FlaskClient, dict[str, str]],
    fields: dict[str, Any],
    carried: dict[str, Any],
    keep: bool,  # noqa: FBT001 — drawn by Hypothesis
) -> None:
    client, sent = page
    kept = json.loads(sent["carried"]) if keep else {}
    sent = {**sent, "action": "submit", **answers(1)[2], "carried": json.dumps({**kept, **carried})}
    answer = alive(client.post(FORM, data={**sent, **fields}))
    assert answer.status_code in (200, 302, 400, 409, 413, 422, 429)
