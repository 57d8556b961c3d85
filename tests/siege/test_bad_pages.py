"""Forged, broken and foreign things sent to the registration: refused in words, nothing lost."""

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from core.store import Item
from tests.core.house import OFFICERS, House, hand_in, last_page
from tests.pages import FORM, answers, hidden, send, sent_back
from tests.siege.refusals import alive, refused

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
PDF = b"%PDF-1.7\n%%EOF"


def cases(house: House) -> list[Item]:
    page = house.store.query("R#hexi-zhen#volunteers#202611", index="register")
    return list(page.items)


def on_last_page(house: House, n: int = 1) -> tuple[FlaskClient, str, dict[str, Any]]:
    """Return somebody who has filled in all but the last page, where it is sent, and what."""
    client = house.client()
    return client, *last_page(client, n)


def first_page(house: House) -> tuple[FlaskClient, dict[str, Any]]:
    client = house.client()
    return client, {**hidden(client.get(FORM).text), **answers(1)[0]}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "IjEi.ZZ.x", "\x00", "字"])
def test_a_forged_csrf_token_is_refused_in_words(shared: House, token: str) -> None:
    before = len(cases(shared))
    client, where, sent = on_last_page(shared)
    page = refused(client.post(where, data={**sent, "csrf_token": token}), 400)
    assert "这个页面放得太久了" in page
    assert len(cases(shared)) == before


def test_a_missing_csrf_token_is_refused_wherever_one_posts(shared: House) -> None:
    paths = [
        rule.rule for rule in shared.app.url_map.iter_rules() if "POST" in (rule.methods or ())
    ]
    given = {"<place>": "hexi-zhen", "<plugin>": "volunteers", "<token>": "x", "<name>": "verify"}
    given |= {"<case_id>": "1234567890123456", "<field>": "name", "<what>": "take"}
    given |= {"<int:number>": "2026"}
    assert len(paths) > 10
    for path in paths:
        for name, value in given.items():
            path = path.replace(name, value)  # noqa: PLW2901 — filled in step by step
        path = path.replace("<public:case_id>", shared.public("1234567890123456"))  # noqa: PLW2901
        asked = shared.client(OFFICERS["county"]).post(path, data={"a": "b"})
        if path.startswith("/api/"):  # there no cookie counts, and so none is needed
            assert asked.status_code == 401
        else:
            refused(asked, 400)


def test_a_token_of_another_session_is_refused(shared: House) -> None:
    _, where, sent = on_last_page(shared)
    refused(shared.client().post(where, data=sent), 400)


def test_a_forged_case_id_is_refused(shared: House) -> None:
    before = len(cases(shared))
    client, sent = first_page(shared)
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
    assert alive(client.post(FORM, data=sent)).status_code == 303


def test_somebody_elses_draft_is_not_found_and_not_changed(shared: House) -> None:
    client, where, sent = on_last_page(shared)
    stranger = shared.client()
    token = hidden(stranger.get(FORM).text)["csrf_token"]
    for person in (stranger, shared.client("00000000113"), shared.client(OFFICERS["county"])):
        refused(person.get(where), 404)
    forged = {**sent, "csrf_token": token, "signature": "别人"}
    refused(stranger.post(where, data=forged), 404)
    refused(stranger.post(f"{where}discard", data={"csrf_token": token}), 404)
    refused(client.get(where.replace("hexi-zhen", "songlan-xiang")), 404)
    assert alive(client.post(where, data=sent)).status_code == 302


WRONG = ["", "\x00", "\u202e", "x" * 9999, "true", "[]", "-1e308", "٣", "{", "\ufffd"]


@pytest.mark.parametrize("name", [name for page in answers(1)[:2] for name in page] + ["age"])
def test_an_answer_of_another_kind_or_another_page_is_never_a_fault(
    shared: House, name: str
) -> None:
    client, where, sent = on_last_page(shared)
    for value in WRONG:
        for action in ("back", "next", "drop:certificate", "save", "add:name", "up:name.-1"):
            alive(client.post(where, data={**sent, name: value, "action": action}))
    assert alive(client.post(where, data={**sent, name: "x"})).status_code == 302


@pytest.mark.parametrize("form", ["", "x", "0" * 64, "../", "\x00"])
def test_a_page_of_a_form_that_never_was_is_refused(shared: House, form: str) -> None:
    client, where, sent = on_last_page(shared)
    refused(client.post(where, data={**sent, "form": form}), 400)
    assert alive(client.post(where, data=sent)).status_code == 302


@pytest.mark.parametrize("draft", ["-1", "999", "abc", "", "9" * 5000])
def test_a_draft_of_another_version_is_no_fault(shared: House, draft: str) -> None:
    client, where, sent = on_last_page(shared)
    assert alive(client.post(where, data={**sent, "draft": draft})).status_code == 302


def test_no_page_believes_a_file_that_was_never_handed_in(shared: House) -> None:
    """Else a form could name files of other cases, of any type."""
    before = len(cases(shared))
    client, sent = first_page(shared)
    stolen = json.dumps(
        {"ref": "1234567890123456/abc", "name": "x", "size": 1, "type": "text/html"}
    )
    for made_up in (stolen, f"{stolen}.x", "x", "", "IjEi.ZZ.x"):
        forged = {
            **sent,
            "kind": "retired_teacher",
            "certificate-kept": made_up,
            "name-kept": stolen,
        }
        answer = client.post(FORM, data=forged, follow_redirects=True)
        assert "教师资格证" in sent_back(answer)
    assert len(cases(shared)) == before


def test_a_file_token_of_another_case_counts_as_no_file(shared: House) -> None:
    other = shared.client()
    page = other.get(FORM)
    given = {**answers(1)[0], "kind": "retired_teacher", "action": "stay"}
    given["certificate"] = (io.BytesIO(PNG), "a.png")
    page = send(other, page, given, content_type="multipart/form-data")
    token = hidden(page.text)["certificate-kept"]
    client, sent = first_page(shared)
    forged = {**sent, "kind": "retired_teacher", "certificate-kept": token}
    assert "教师资格证" in sent_back(client.post(FORM, data=forged, follow_redirects=True))


@pytest.mark.parametrize("page", ["-5", "999", "abc", "", "1e9", "٣", "9" * 5000, "\x00"])
def test_a_page_that_is_none_is_never_a_fault(shared: House, page: str) -> None:
    client, where, sent = on_last_page(shared)
    for action in ("next", "back", "drop:x", "\x00", "", "submit"):
        alive(client.post(where, data={**sent, "page": page, "action": action}))
    alive(client.get(f"{where}?page={quote(page)}&check={quote(page)}"))


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
    answer = client.post(FORM, data=sent, content_type="multipart/form-data", follow_redirects=True)
    page = sent_back(answer)
    assert ("这个文件是空的" in page) == (not content)
    assert sent["name"] in page


def test_a_polyglot_is_sent_back_as_what_its_first_bytes_are(house: House) -> None:
    """A PDF that is a page too: it goes out as a PDF, in a sandbox, never as a page."""
    client = house.client("00000000112")
    sent = answers(1, phone="00000000112")[0]
    evil = PDF + b"<html><script>alert(1)</script>"
    name = '../../etc/<img src=x onerror=alert(1)>"\r\nX-Evil: 1.html'
    sent |= {"kind": "retired_teacher", "certificate": (io.BytesIO(evil), name)}
    page = send(client, client.get(FORM), sent, content_type="multipart/form-data")
    page = send(client, page, answers(1)[1])
    done = send(client, page, {**answers(1)[2], "action": "submit"}).request.path
    shown = client.get(done + "file/certificate")
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "X-Evil" not in shown.headers
    assert not set("<>/\\") & set(shown.headers["Content-Disposition"])
    officer = house.client("00000000103").get(done)
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
    client, where, sent = on_last_page(shared)
    head = "&".join(f"{k}={v}" for k, v in {**hidden(client.get(FORM).text)}.items())
    for tail in ("name=%ff%fe", "name=%00a", "name=%ed%a0%80", "%00=%00", "signature=%ff"):
        body = f"{head}&{tail}&action=next".replace("[", "%5b").replace('"', "%22")
        kind = "application/x-www-form-urlencoded"
        alive(client.post(FORM, data=body.encode(), content_type=kind))
    assert alive(client.post(where, data=sent)).status_code == 302


def test_a_thousand_fields_too_many_are_refused(house: House) -> None:
    client, sent = first_page(house)
    many = {**sent, **{f"x{n}": "a" for n in range(1200)}}
    refused(client.post(FORM, data=many, content_type="multipart/form-data"), 413)
    refused(client.post(FORM, data={**sent, "about": "x" * 13_000_000}), 413)


def test_the_same_page_with_other_answers_shows_both_and_keeps_the_first(house: House) -> None:
    client, where, sent = on_last_page(house)
    assert client.post(where, data=sent).status_code == 302
    page = refused(client.post(where, data={**sent, "signature": "<script>alert(1)</script>"}), 409)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert len(cases(house)) == 1


def test_more_submissions_than_the_hour_allows_keep_what_was_filled_in(make_house: Any) -> None:
    house = make_house(config={"SUBMISSIONS_AN_HOUR": 2})
    waiting = house.client("00000000112"), house.client()
    there = [last_page(client, n) for n, client in enumerate(waiting, 3)]
    house.clock.move(hours=2)
    for n in (1, 2):
        assert hand_in(house.client(), n).status_code == 302
    page = refused(waiting[1].post(there[1][0], data=there[1][1]), 429)
    assert 'value="测试4"' in page
    assert "测试4" in waiting[1].get(there[1][0] + "?page=0").text
    assert waiting[0].post(there[0][0], data=there[0][1]).status_code == 302  # signed in
    first = refused(_first(house), 429)
    assert 'value="测试5"' in first
    assert len(cases(house)) == 3


def _first(house: House) -> Any:
    """Return the answer to the first page of one more, whom nobody knows."""
    client = house.client()
    return send(client, client.get(FORM), answers(5)[0])
