"""A case on paper: a sheet with its number and a code that leads whoever scans it to the case."""

import re

import pytest

from core.numbers import spoken
from core.web.printed import qr_code
from tests.core.house import OFFICERS, House
from tests.pages import fictional_phone, hidden, narrowed, words_of

DESK = "/desk/"


def sheet_at(house: House, n: int) -> tuple[str, str]:
    """Return the address of the n-th parent's case, and of its sheet."""
    case = house.submit(n)
    shown = f"/{case.item['place']}/case/{case.id}/"
    return shown, f"{shown}sheet/"


def test_its_applicant_reads_everything_in_full(house: House) -> None:
    shown, sheet = sheet_at(house, 1)
    page = house.client(fictional_phone(1)).get(sheet)
    words = words_of(page.text)
    number = shown.split("/")[3]
    assert spoken(number) in words
    assert fictional_phone(1) in words
    assert "测试1" in words
    assert "（盖章）" in words


def test_the_code_is_the_address_of_the_case(house: House) -> None:
    shown, sheet = sheet_at(house, 1)
    page = house.client(fictional_phone(1)).get(sheet, base_url="http://localhost:8080").text
    assert qr_code(f"http://localhost:8080{shown}") in page
    assert f"http://localhost:8080{shown}</p>" in page
    assert qr_code("https://kehou.example/1") != qr_code("https://kehou.example/2")


def test_an_officer_reads_personal_answers_masked(house: House) -> None:
    _, sheet = sheet_at(house, 1)
    words = words_of(house.client(OFFICERS["school"]).get(sheet).text)
    assert fictional_phone(1) not in words
    assert "•" in words


def test_with_the_receipt_alone_there_is_number_and_state_but_no_answer(house: House) -> None:
    shown, sheet = sheet_at(house, 1)
    client, number = house.client(), shown.split("/")[3]
    assert client.get(sheet).location == f"/receipt/?number={number}"
    token = {"csrf_token": hidden(client.get("/receipt/").text)["csrf_token"]}
    client.post("/receipt/", data={**token, "number": number, "tail": fictional_phone(1)[-4:]})
    words = words_of(client.get(sheet).text)
    assert spoken(number) in words
    assert "阅读" not in words
    assert "测试1" not in words


def test_nobody_else_reads_it_and_an_unknown_number_looks_alike(house: House) -> None:
    _, sheet = sheet_at(house, 1)
    other = house.client(fictional_phone(2))
    assert other.get(sheet).location.startswith("/receipt/?number=")
    unknown = "/hexi-zhen/case/0000000000000007/sheet/"
    assert house.client().get(unknown).status_code in (302, 404)


def test_sheets_are_linked_from_the_case(house: House) -> None:
    shown, sheet = sheet_at(house, 1)
    for phone in (fictional_phone(1), OFFICERS["school"]):
        assert sheet in house.client(phone).get(shown).text


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4} {:.4}"])
def test_a_whole_number_on_the_desk_leads_to_its_case(house: House, typed: str) -> None:
    shown, _ = sheet_at(house, 1)
    number = shown.split("/")[3]
    said = re.sub(r"^\{:.4\} .*", spoken(number), typed).format(number)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in number)
    for each in (said, wide):
        assert narrowed(house.client(OFFICERS["county"]), DESK, each) == shown


def test_a_number_that_is_no_business_of_an_officer_leads_nowhere(house: House) -> None:
    shown, _ = sheet_at(house, 1)
    number = shown.split("/")[3]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for who, typed in (("other_county", number), ("county", wrong)):
        officer = house.client(OFFICERS[who])
        leads = narrowed(officer, DESK, typed)
        assert leads.startswith("/desk/?seek=")
        assert f"{number}/" not in officer.get(leads).text


def test_staff_who_scan_before_signing_in_are_led_to_the_case_after_it(house: House) -> None:
    shown, _ = sheet_at(house, 1)
    asked = house.client().get(shown).location
    page = house.client().get(asked).text
    assert "工作人员扫码来的，请先登录" in page
    assert house.client(OFFICERS["school"]).get(asked).location == shown
    other = house.client(OFFICERS["other_county"]).get(asked)
    assert other.status_code == 200


def test_a_wrong_digit_of_a_receipt_number_is_said_and_only_a_scan_is_asked_to_sign_in(
    house: House,
) -> None:
    number, client = house.submit(1).id, house.client()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    scanned = client.get(f"/receipt/?number={number}").text
    assert "工作人员扫码来的" in scanned
    token = {"csrf_token": hidden(scanned)["csrf_token"]}
    for typed, code, said in (
        (wrong, 422, "这个查询码有一位不对"),
        (number[:-1], 422, "查询码是 16 位数字"),
        (number, 404, "没有查到"),
    ):
        page = client.post("/receipt/", data={**token, "number": typed, "tail": "x"})
        assert page.status_code == code
        assert said in page.text
        assert "工作人员扫码来的" not in page.text
