"""Forged, broken and foreign things sent to the registration: refused in words, nothing lost."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.store import Item
from tests.core.house import House, fill_in, hand_in
from tests.pages import FORM, answers, hidden
from tests.siege.refusals import alive, refused

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
PDF = b"%PDF-1.7\n%%EOF"


def cases(house: House) -> list[Item]:
    page = house.store.query("R#hexi-zhen#volunteers#202611", index="register")
    return list(page.items)


def last_page(house: House, n: int = 1, **other: Any) -> tuple[FlaskClient, dict[str, str]]:
    client = house.client()
    _, carried = fill_in(client, n, **other)
    return client, {**carried, **answers(n)[-1], "action": "submit"}


def first_page(house: House) -> tuple[FlaskClient, dict[str, Any]]:
    client = house.client()
    return client, {**hidden(client.get(FORM).text), **answers(1)[0]}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "IjEi.ZZ.x", "\x00", "字"])
def test_a_forged_csrf_token_is_refused_in_words(shared: House, token: str) -> None:
    before = len(cases(shared))
    client, sent = last_page(shared)
    page = refused(client.post(FORM, data={**sent, "csrf_token": token}), 400)
    assert "这个页面放得太久了" in page
    assert len(cases(shared)) == before


def test_a_missing_csrf_token_is_refused_wherever_one_posts(shared: House) -> None:
    paths = [
        rule.rule for rule in shared.app.url_map.iter_rules() if "POST" in (rule.methods or ())
    ]
    given = {"<place>": "hexi-zhen", "<plugin>": "volunteers", "<token>": "x", "<name>": "verify"}
    given |= {"<case_id>": "1234567890123456", "<field>": "name"}
    assert len(paths) > 10
    for path in paths:
        for name, value in given.items():
            path = path.replace(name, value)  # noqa: PLW2901 — filled in step by step
        refused(shared.client().post(path, data={"a": "b"}), 400)


def test_a_token_of_another_session_is_refused(shared: House) -> None:
    _, sent = last_page(shared)
    refused(shared.client().post(FORM, data=sent), 400)


def test_a_forged_case_id_is_refused(shared: House) -> None:
    before = len(cases(shared))
    client, sent = last_page(shared)
    other = hidden(shared.client().get("/songlan-xiang/volunteers/").text)["case"]
    unsigned = json.dumps(["hexi-zhen", "volunteers", "1234567890123452"])
    head, _, mark = sent["case"].rpartition(".")
    for forged in (
        "",
        unsigned,
        f"{unsigned}.{mark}",
        f"{head}A.{mark}",
        other,
        "\x00",
        "字" * 999,
    ):
        page = refused(client.post(FORM, data={**sent, "case": forged}), 400)
        assert "没有看懂这次提交" in page
    assert len(cases(shared)) == before
    assert alive(client.post(FORM, data=sent)).status_code == 302


@pytest.mark.parametrize(
    "carried",
    [
        "no json",
        "[1, 2]",
        "null",
        '"text"',
        "{" * 100_000,
        '{"a":' * 3_000 + "1" + "}" * 3_000,
        '{"about": "' + "x" * 500_000 + '"}',
        '{"name": "\\ud800"}',
        '{"name": "\\u0000", "kind": "\\u202e"}',
        '{"\\ud800": 1}',
        '{"kind": NaN, "name": Infinity}',
        '{"name": ' + "9" * 5_000 + "}",
        '{"unknown": 1, "__class__": "x"}',
        "\x00",
    ],
)
def test_tampered_carried_answers_are_refused(shared: House, carried: str) -> None:
    before = len(cases(shared))
    client, sent = last_page(shared)
    refused(client.post(FORM, data={**sent, "carried": carried}), 422)
    assert len(cases(shared)) == before
    assert alive(client.post(FORM, data=sent)).status_code == 302


WRONG = [
    None,
    True,
    7,
    1.5,
    -1e308,
    [],
    [1],
    [[]],
    {},
    {"a": {"b": []}},
    "\x00",
    "\ud83d",
    "x" * 9999,
]


@pytest.mark.parametrize("name", [name for page in answers(1)[:2] for name in page] + ["age"])
def test_carried_answers_of_the_wrong_type_are_never_a_fault(shared: House, name: str) -> None:
    client, sent = last_page(shared)
    good = json.loads(sent["carried"])
    for value in WRONG:
        for action in ("submit", "back", "next", "drop:certificate"):
            carried = json.dumps({**good, name: value})
            alive(client.post(FORM, data={**sent, "carried": carried, "action": action}))


def test_no_page_signs_a_file_that_was_never_handed_in(shared: House) -> None:
    """Else the page would make tokens for files of other cases, of any type."""
    before = len(cases(shared))
    client, sent = last_page(shared)
    stolen = {"ref": "1234567890123456/abc", "name": "x", "size": 1, "type": "text/html"}
    carried = {**json.loads(sent["carried"]), "kind": "retired_teacher", "name": stolen}
    answer = client.post(
        FORM, data={**sent, "carried": json.dumps(carried), "page": "1", "action": "stay"}
    )
    token = json.loads(hidden(answer.text)["carried"]).get("name")
    carried |= {"name": "测试1", "certificate": token}
    answer = client.post(FORM, data={**sent, "carried": json.dumps(carried)})
    refused(answer, 422)
    assert len(cases(shared)) == before


def test_a_file_token_of_another_case_counts_as_no_file(shared: House) -> None:
    client, sent = first_page(shared)
    sent |= {"kind": "retired_teacher", "certificate": (io.BytesIO(PNG), "a.png")}
    first = client.post(FORM, data=sent, content_type="multipart/form-data")
    token = json.loads(hidden(first.text)["carried"])["certificate"]
    client, sent = last_page(shared)
    carried = {**json.loads(sent["carried"]), "kind": "retired_teacher", "certificate": token}
    page = refused(client.post(FORM, data={**sent, "carried": json.dumps(carried)}), 422)
    assert "教师资格证" in page


@pytest.mark.parametrize("page", ["-5", "999", "abc", "", "1e9", "٣", "9" * 5000, "\x00"])
def test_a_page_that_is_none_is_never_a_fault(shared: House, page: str) -> None:
    client, sent = last_page(shared)
    for action in ("next", "back", "submit", "drop:x", "\x00", ""):
        alive(client.post(FORM, data={**sent, "page": page, "action": action}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 400),
        ("script.pdf", b"#!/bin/sh\nrm -rf /\n"),
        ("elf.pdf", b"\x7fELF\x02\x01\x01"),
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("polyglot.pdf", b"PK\x03\x04 zip first" + PDF),
        ("late.pdf", b" " * 20 + PDF),
        ("empty.pdf", b""),
    ],
)
def test_a_file_is_known_by_its_content_and_refused(
    shared: House, name: str, content: bytes
) -> None:
    client, sent = first_page(shared)
    sent |= {"kind": "retired_teacher", "certificate": (io.BytesIO(content), name)}
    page = refused(client.post(FORM, data=sent, content_type="multipart/form-data"), 422)
    assert ("这个文件是空的" in page) == (not content)
    assert sent["name"] in page


def test_a_polyglot_is_sent_back_as_what_its_first_bytes_are(house: House) -> None:
    """A PDF that is a page too: it goes out as a PDF, in a sandbox, never as a page."""
    client = house.client("00000000112")
    sent = {**hidden(client.get(FORM).text), **answers(1, phone="00000000112")[0]}
    evil = PDF + b"<html><script>alert(1)</script>"
    name = '../../etc/<img src=x onerror=alert(1)>"\r\nX-Evil: 1.html'
    sent |= {"kind": "retired_teacher", "certificate": (io.BytesIO(evil), name)}
    page = client.post(FORM, data=sent, content_type="multipart/form-data")
    page = client.post(FORM, data={**hidden(page.text), **answers(1)[1], "action": "next"})
    done = client.post(FORM, data={**hidden(page.text), **answers(1)[2], "action": "submit"})
    assert done.status_code == 302
    shown = client.get(done.location + "file/certificate")
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "X-Evil" not in shown.headers
    assert not set("<>/\\") & set(shown.headers["Content-Disposition"])
    officer = house.client("00000000103").get(done.location)
    assert "<img src=x" not in officer.text


@pytest.mark.parametrize("wild", ["é\udcff", "\x00\x01", "\u202egnp.exe", "𝕏" * 300, "a" * 4_000])
def test_odd_file_names_are_tamed(shared: House, wild: str) -> None:
    client, sent = first_page(shared)
    name = wild.encode("utf-8", "surrogateescape").decode("utf-8", "replace") + ".png"
    sent |= {"kind": "retired_teacher", "certificate": (io.BytesIO(PNG), name)}
    alive(client.post(FORM, data=sent, content_type="multipart/form-data"))


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00=\xc3\x28", b"case=%ff%c3%28&page=%00", b"--x", b""]
)
def test_broken_bodies_are_refused(shared: House, kind: str, body: bytes) -> None:
    client = shared.client()
    client.get(FORM)
    refused(client.post(FORM, data=body, content_type=kind), 400)
    refused(client.post(FORM, data=body, content_type=f"{kind}; boundary=x"), 400)


def test_broken_utf_8_and_nul_bytes_in_a_field_are_no_fault(shared: House) -> None:
    client, sent = last_page(shared)
    head = "&".join(f"{k}={v}" for k, v in {**hidden(client.get(FORM).text)}.items())
    for tail in ("name=%ff%fe", "name=%00a", "name=%ed%a0%80", "%00=%00", "signature=%ff"):
        body = f"{head}&{tail}&action=next".replace("[", "%5b").replace('"', "%22")
        kind = "application/x-www-form-urlencoded"
        alive(client.post(FORM, data=body.encode(), content_type=kind))
    assert alive(client.post(FORM, data=sent)).status_code == 302


def test_a_thousand_fields_too_many_are_refused(house: House) -> None:
    client, sent = first_page(house)
    many = {**sent, **{f"x{n}": "a" for n in range(1200)}}
    refused(client.post(FORM, data=many, content_type="multipart/form-data"), 413)
    refused(client.post(FORM, data={**sent, "about": "x" * 13_000_000}), 413)


def test_the_same_page_with_other_answers_shows_both_and_keeps_the_first(house: House) -> None:
    client, sent = last_page(house)
    assert client.post(FORM, data=sent).status_code == 302
    carried = {**json.loads(sent["carried"]), "about": "<script>alert(1)</script>"}
    page = refused(client.post(FORM, data={**sent, "carried": json.dumps(carried)}), 409)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert len(cases(house)) == 1


def test_more_submissions_than_the_hour_allows_keep_what_was_filled_in(make_house: Any) -> None:
    house = make_house(config={"SUBMISSIONS_AN_HOUR": 2})
    for n in (1, 2):
        assert hand_in(house.client(), n).status_code == 302
    page = refused(hand_in(house.client(), 3), 429)
    assert json.loads(hidden(page)["carried"])["name"] == "测试3"
    assert len(cases(house)) == 2
