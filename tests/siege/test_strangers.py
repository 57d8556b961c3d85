"""Ids, roles and addresses that are not one's own: refused in words, and nothing moves."""

import re
from typing import Any

import pytest

from core.case_items import Case
from core.numbers import fresh_number
from tests.core.house import OFFICERS, House, case_id_of, hand_in
from tests.pages import FORM, fictional_phone, hidden, narrowed, send
from tests.siege.refusals import alive, refused

CHECKED = {"identity_checked_on": "2026-11-23", "original_seen": "true", "letter_signed": "true"}
WHO = ["", fictional_phone(7), *OFFICERS.values()]


def token(client: Any) -> dict[str, str]:
    return {"csrf_token": hidden(client.get(FORM).text)["csrf_token"]}


def path_of(case: Case, tail: str = "") -> str:
    return f"/hexi-zhen/case/{case.id}/{tail}"


@pytest.mark.parametrize("who", ["other_school", "other_county"])
def test_an_officer_of_elsewhere_sees_and_moves_nothing(house: House, who: str) -> None:
    case = house.submit(1)
    client = house.client(OFFICERS[who])
    shown = client.get(path_of(case))
    assert shown.status_code == 302
    assert "/receipt/" in shown.location
    refused(client.get(path_of(case, "do/verify/")), 403)
    refused(client.post(path_of(case, "do/verify/"), data={**token(client), "seen": "1"}), 403)
    refused(client.post(path_of(case, "show/id_number"), data=token(client)), 404)
    refused(client.get(path_of(case, "file/certificate")), 404)
    refused(client.get(path_of(case, "edit/")), 403)
    assert house.now(case).v == 1
    assert "测试1" not in client.get("/desk/").text


def test_an_applicant_reveals_and_moves_nothing_of_others(house: House) -> None:
    case = house.submit(1)
    for phone in (fictional_phone(1), fictional_phone(2)):
        client = house.client(phone)
        refused(client.post(path_of(case, "show/id_number"), data=token(client)), 404)
    client = house.client(fictional_phone(2))
    refused(client.post(path_of(case, "do/withdraw/"), data={**token(client), "seen": "1"}), 403)
    own = house.client(fictional_phone(1))
    refused(own.post(path_of(case, "do/verify/"), data={**token(own), "seen": "1"}), 409)
    assert house.now(case).v == 1


def test_somebody_without_a_session_is_sent_to_sign_in(house: House) -> None:
    case = house.submit(1)
    client = house.client()
    for tail in ("do/verify/", "edit/", "file/certificate"):
        answer = client.get(path_of(case, tail))
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in/?next=")
    answer = client.post(path_of(case, "show/id_number"), data=token(client))
    assert answer.location.startswith("/sign-in/")


@pytest.mark.parametrize(
    "address", ["/songlan-xiang/case/{}/", "/baiting/case/{}/", "/nowhere/case/{}/"]
)
def test_a_case_is_not_found_at_another_place(house: House, address: str) -> None:
    case = house.submit(1)
    for phone in WHO:
        client = house.client(phone)
        for tail in ("", "do/verify/", "edit/", "file/certificate"):
            answer = client.get(address.format(case.id) + tail)
            if answer.status_code != 302:
                refused(answer, 404)
            else:
                assert "/sign-in/" in answer.location


def test_an_unknown_number_is_answered_like_a_known_one(house: House) -> None:
    known, unknown = house.submit(1).id, fresh_number()
    client = house.client()
    for number in (known, unknown):
        answer = client.get(f"/hexi-zhen/case/{number}/")
        assert (answer.status_code, answer.location) == (302, f"/receipt/?number={number}")
    page = {
        number: client.post("/receipt/", data={**token(client), "number": number, "tail": "9999"})
        for number in (known, unknown)
    }
    assert {each.status_code for each in page.values()} == {404}
    told = {each.text.replace(number, "") for number, each in page.items()}
    assert len({text.partition("csrf_token")[0] for text in told}) == 1


def test_guessing_the_digits_of_a_receipt_stops_after_thirty_tries_an_hour(house: House) -> None:
    case = house.submit(1)
    client = house.client()
    sent = {**token(client), "number": case.id}
    codes = [
        client.post("/receipt/", data={**sent, "tail": f"{n:04}"}).status_code
        for n in range(100, 132)
    ]
    assert codes == [404] * 30 + [429] * 2
    refused(client.post("/receipt/", data={**sent, "tail": "0001"}), 429)
    house.clock.move(hours=1)
    assert client.post("/receipt/", data={**sent, "tail": "0001"}).status_code == 302


def test_guessing_from_many_addresses_stops_too(house: House) -> None:
    case = house.submit(1)
    client = house.client()
    sent = {**token(client), "number": case.id, "tail": "9999"}
    codes = {
        client.post("/receipt/", data=sent, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"}).status_code
        for n in range(35)
    }
    assert codes == {404, 429}


@pytest.mark.parametrize("number", ["", "12", "x" * 16, "１" * 16, "1" * 5000, "\x00", "<script>"])
def test_a_number_that_is_none_is_refused(shared: House, number: str) -> None:
    client = shared.client()
    page = refused(client.post("/receipt/", data={**token(client), "number": number}), 422)
    assert "<script>" not in page.split("<h1>")[1]
    alive(client.get(f"/hexi-zhen/case/{number or '-'}/"))


def test_a_stale_page_an_unknown_move_and_a_replay_move_nothing(house: House) -> None:
    case = house.submit(1)
    client = house.client(OFFICERS["school"])
    sent = {**token(client), **CHECKED, "seen": "1"}
    for seen in ("0", "2", "-1", "x", "", "9" * 5000):
        refused(client.post(path_of(case, "do/verify/"), data={**sent, "seen": seen}), 409)
    for name in ("nothing", "__class__", "expire", "lapse", "%00", "a" * 500):
        refused(client.post(path_of(case, f"do/{name}/"), data=sent), 404, 409)
        alive(client.get(path_of(case, f"do/{name}/")))
    assert house.now(case).v == 1
    assert client.post(path_of(case, "do/verify/"), data=sent).status_code == 302
    refused(client.post(path_of(case, "do/verify/"), data=sent), 409)
    assert house.now(case).v == 2


def test_a_returned_case_handed_in_twice_at_once_is_handed_in_once(house: House) -> None:
    case = house.submit(1)
    case = house.do(case, "return", "school", comment="请补签", marks=("signature",))
    client = house.client(fictional_phone(1))
    page = client.get(path_of(case, "edit/"))
    for _ in range(2):
        page = send(client, page, fields_of(page.text))
    sent = {**fields_of(page.text), "signature": "测试1", "query_consent": "true"}
    sent |= {"action": "submit"}
    assert client.post(path_of(case, "edit/"), data=sent).status_code == 302
    refused(client.post(path_of(case, "edit/"), data=sent), 409)
    assert (house.now(case).v, house.now(case).state) == (3, "submitted")


@pytest.mark.parametrize("where", ["/desk/?after=x", "/my/?after=x", "/desk/?after=AAAA&tray=x"])
def test_a_made_up_cursor_is_refused(shared: House, where: str) -> None:
    refused(shared.client(OFFICERS["school"]).get(where), 404)


EVIL = ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "\t//e.x"]
EVIL += ["/\n/evil.example", "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "/\x00/e.x", "\\\\e.x"]


@pytest.mark.parametrize("target", EVIL)
def test_no_next_leads_off_the_site_or_into_a_header(shared: House, target: str) -> None:
    client = shared.client()
    for path in ("/language/en", "/size/large"):
        answer = client.get(path, query_string={"next": target})
        assert (answer.status_code, answer.location) == (302, "/")
    sent = {**token(client), "phone": OFFICERS["school"], "next": target}
    answer = client.post("/sign-in/demo", data=sent)
    assert (answer.status_code, answer.location) == (302, "/")
    assert all(name not in ("a", "X-Evil") for name in answer.headers)


COOKIES = ["x", "a.b", ".", "字.字", "a" * 4000 + ".b", "P#.x", "0.\x7f", "é.é", "1.2.3", "None.x"]


@pytest.mark.parametrize("cookie", COOKIES)
def test_garbage_for_cookies_is_nobody(shared: House, cookie: str) -> None:
    for name in ("kehou", "kehou_page", "lang", "size"):
        client = shared.client()
        client.set_cookie(name, cookie)
        for path in ("/hexi-zhen/", FORM, "/my/", "/receipt/"):
            alive(client.get(path))
        assert client.get("/desk/").status_code == 302
    raw = {"HTTP_COOKIE": "kehou=\xff\xfe; =; ;;; kehou_page=\x01; kehou=" + cookie}
    try:
        alive(shared.client().get(FORM, environ_overrides=raw))
    except UnicodeError:  # no server hands such text on
        assert not cookie.isascii()


@pytest.mark.parametrize("slug", ["%00", "字", "a" * 3000, "..", "%2e%2e", "A", "-", "PL%23x", "'"])
def test_a_place_that_cannot_be_is_not_found(shared: House, slug: str) -> None:
    for tail in ("", "volunteers/", "case/1/", "volunteers/directory/"):
        answer = shared.client().get(f"/{slug}/{tail}")
        refused(answer, 404)


def test_services_and_people_of_elsewhere_are_left_alone(shared: House) -> None:
    client = shared.client(OFFICERS["other_county"])
    sent = token(client)
    for tail in ("services/volunteers/", "services/volunteers/open/", "manage/"):
        refused(client.get(f"/hexi-zhen/{tail}"), 403)
    for tail, data in (
        ("services/volunteers/", {"rule": "off"}),
        ("services/volunteers/open/", {}),
        ("manage/people", {"role": "county_officer", "name": "x", "phone": "13800000000"}),
        ("manage/places", {"slug": "mine", "name": "我的", "kind": "school"}),
        ("manage/people/end", {"role": "county_officer", "person": "x"}),
    ):
        refused(client.post(f"/qinghe/{tail}", data={**sent, **data}), 403)
    assert "volunteers" in shared.office.places.fresh("hexi-zhen").services


@pytest.mark.parametrize(
    ("tail", "data"),
    [
        ("manage/people", {"role": "root", "name": "x", "phone": "13800000000"}),
        ("manage/people", {"role": "county_officer", "name": "", "phone": "13800000000"}),
        ("manage/people", {"role": "county_officer", "name": "x", "phone": "1" * 999}),
        ("manage/places", {"slug": "../x", "name": "x", "kind": "school"}),
        ("manage/places", {"slug": "desk", "name": "x", "kind": "school"}),
        ("manage/places", {"slug": "hexi-1", "name": "x", "kind": "school"}),
        ("manage/places", {"slug": "new", "name": "x" * 99, "kind": "school"}),
        ("manage/places", {"slug": "new", "name": "x", "kind": "city"}),
        ("services/volunteers/", {"rule": "on"}),
        ("services/volunteers/", {"rule": "\x00"}),
        ("services/nothing/", {"rule": "off"}),
        ("services/volunteers/open/", {}),
    ],
)
def test_what_a_manager_may_not_enter_is_refused(
    shared: House, tail: str, data: dict[str, str]
) -> None:
    client = shared.client(OFFICERS["county"])
    refused(client.post(f"/qinghe/{tail}", data={**token(client), **data}))


def test_without_the_demo_nobody_signs_in_by_a_click_and_no_outbox_shows(make_house: Any) -> None:
    house = make_house(demo=False)
    client = house.client()
    sent = {"csrf_token": hidden(client.get("/sign-in/").text)["csrf_token"]}
    refused(client.post("/sign-in/demo", data={**sent, "phone": OFFICERS["county"]}), 404)
    refused(client.get("/outbox/"), 404)
    refused(client.post("/sign-in/", data={**sent, "phone": OFFICERS["county"]}), 422)
    assert OFFICERS["county"] not in client.get("/sign-in/").text


def test_in_the_demo_a_click_makes_nobody_but_its_people(house: House) -> None:
    house.office.people.enter("13800000000", "真人")
    client = house.client()
    for phone in ("13800000000", "", "00000099999", "\x00"):
        refused(client.post("/sign-in/demo", data={**token(client), "phone": phone}), 404)


XSS = "<script>alert(1)</script>\"'><img src=x onerror=a>"


def test_no_field_carries_markup_onto_a_page(house: House) -> None:
    wild = {"name": XSS[:50], "about": XSS, "signature": XSS[:50]}
    client = house.client("00000000112")
    answer = hand_in(client, 1, phone="00000000112", **wild)
    case = house.office.cases.get(case_id_of(answer))
    assert case is not None
    school = house.client(OFFICERS["school"])
    pages = [client.get(path_of(case)), client.get("/my/"), school.get("/desk/")]
    pages += [school.get(path_of(case)), school.get(f"/desk/?state={XSS}")]
    pages += [school.get(narrowed(school, "/desk/", XSS))]
    returned = house.do(case, "return", "school", comment=XSS, marks=("name",))
    pages += [client.get(path_of(returned)), client.get(path_of(returned, "edit/"))]
    pages += [school.get(path_of(returned)), client.get(f"/receipt/?number={XSS}")]
    pages += [client.get(f"/sign-in/?next={XSS}")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    cleared = house.cleared(2)
    assert cleared.state == "cleared"
    for browser in (house.client(), school):
        assert "<script>" not in browser.get("/hexi-zhen/volunteers/directory/").text


def test_a_page_names_what_scripts_may_run(shared: House) -> None:
    policy = shared.client().get(FORM).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def fields_of(html: str) -> dict[str, Any]:
    """Return hidden fields and what a browser would send of the shown ones."""
    lines = re.findall(r'<input class="[^"]*" id="f-\w+" name="(\w+)" value="([^"]*)"', html)
    chosen = re.findall(r'<select[^>]* name="(\w+)".*?value="([^"]*)" selected', html, re.DOTALL)
    sent: dict[str, Any] = {**hidden(html), **dict(lines), **dict(chosen)}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)" checked', html):
        sent.setdefault(name, []).append(value)
    return sent
