"""Personal data: sealed where it lies, masked where it shows, absent from every log."""

import io
import logging

import pytest

from core.privacy import Vault, mask
from tests.core.house import OFFICERS, House, case_id_of, everything, hand_in
from tests.pages import FORM, PLACE, answers, fictional_phone, hidden, identity, send

SECRETS = {"name": "欧阳䶮", "signature": "欧阳䶮"}
CERTIFICATE = b"\x89PNG\r\n\x1a\n" + b"certificate of a person" * 20


def told(n: int = 1) -> list[str]:
    return [identity(n), fictional_phone(n)]


def register_with_a_file(house: House) -> str:
    client = house.client()
    first = {**answers(1, **SECRETS)[0], "kind": "retired_teacher"}
    file = (io.BytesIO(CERTIFICATE), "证.png")
    sent = {**first, "certificate": file}
    page = send(client, client.get(FORM), sent, content_type="multipart/form-data")
    page = send(client, page, answers(1)[1])
    return case_id_of(send(client, page, {**answers(1, **SECRETS)[2], "action": "submit"}))


def test_nothing_personal_stands_readable_in_the_files(house: House) -> None:
    case_id = register_with_a_file(house)
    case = house.office.cases.get(case_id)
    assert case is not None
    house.do(case, "return", "school", comment="欧阳䶮请补签", marks=("name",))
    house.later.run()
    house.office.people.enter("13812345678", "欧阳䶮")
    raw = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    assert case_id.encode() in raw
    assert b"calligraphy" in raw or b"reading" in raw
    for secret in (*told(), "欧阳䶮", "13812345678"):
        assert secret.encode() not in raw, secret
    assert b"certificate of a person" not in raw
    assert case.answers["name"] == "欧阳䶮"


def test_the_check_of_the_raw_bytes_would_find_what_is_not_sealed(house: House) -> None:
    """The control: an answer without a privacy class does stand readable."""
    hand_in(house.client(), 1, about="这里没有隐私")
    raw = b"".join(path.read_bytes() for path in house.folder.rglob("kehou.sqlite*"))
    assert "这里没有隐私".encode() in raw


def test_phone_and_identity_number_are_masked_on_every_page(house: House) -> None:
    case = house.cleared(1)
    other = house.submit(2)
    pages = [
        (OFFICERS["school"], "/desk/"),
        (OFFICERS["county"], "/desk/"),
        (OFFICERS["school"], f"/{PLACE}/case/{case.id}/"),
        (OFFICERS["school"], f"/{PLACE}/case/{other.id}/do/verify/"),
        (OFFICERS["school"], f"/{PLACE}/volunteers/directory/"),
        (fictional_phone(1), "/my/"),
        (fictional_phone(1), f"/{PLACE}/case/{case.id}/"),
        ("", f"/{PLACE}/volunteers/directory/"),
        ("", f"/{PLACE}/"),
    ]
    for phone, path in pages:
        page = house.client(phone).get(path)
        assert page.status_code == 200
        for secret in told(1) + told(2):
            assert secret not in page.text, path
    assert "测试1" not in house.client().get(f"/{PLACE}/volunteers/directory/").text


def test_showing_an_answer_is_a_post_and_is_the_look_that_is_recorded(house: House) -> None:
    case = house.submit(1)
    client = house.client(OFFICERS["school"])
    page = client.get(f"/{PLACE}/case/{case.id}/")
    assert audit(house) == []
    token = {"csrf_token": hidden(page.text)["csrf_token"]}
    shown = client.post(f"/{PLACE}/case/{case.id}/show/id_number", data=token)
    assert identity(1) in shown.text
    assert fictional_phone(1) not in shown.text
    [look] = audit(house)
    assert (look["look"], look["case"]) == ("id_number", case.id)
    assert look["by"] == house.person("school").id


def audit(house: House) -> list[dict[str, str]]:
    return [dict(item) for item in everything(house, "A#qinghe")]


def test_no_log_line_holds_a_phone_a_number_or_a_name(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    register_with_a_file(house)
    house.letters.down = True
    house.later.run()
    client = house.client()
    sent = {"csrf_token": hidden(client.get("/sign-in/").text)["csrf_token"]}
    client.post("/sign-in/", data={**sent, "phone": fictional_phone(1)})
    house.office.ticks.tick()
    for secret in (*told(), "欧阳䶮"):
        assert secret not in caplog.text


def test_a_sealed_value_opens_only_where_it_belongs(house: House) -> None:
    one, two = house.submit(1), house.submit(2)
    sealed = one.item["answers"]["id_number"]["~"]
    assert one.unseal("id_number", sealed)
    for case, name in ((two, "id_number"), (one, "name")):
        with pytest.raises(ValueError, match="sealed elsewhere"):
            case.unseal(name, sealed)
    with pytest.raises(ValueError, match="sealed elsewhere"):
        house.office.vault.open("baiting", f"{one.id}|id_number", sealed)


def test_keys_change_by_the_month_and_old_values_open_still(house: House) -> None:
    case = house.submit(1)
    house.clock.move(days=40)
    vault = Vault(house.office.ports.store, house.office.ports.keys, house.clock)
    assert vault.seal("qinghe", "x", "y") != vault.seal("qinghe", "x", "y")
    assert type(case)(case.item, vault).answers["name"] == "测试1"


def test_equal_values_are_equal_within_a_county_only(house: House) -> None:
    vault = house.office.vault
    assert vault.fingerprint("qinghe", "a") == vault.fingerprint("qinghe", "a")
    assert vault.fingerprint("qinghe", "a") != vault.fingerprint("baiting", "a")


@pytest.mark.parametrize("text", ["", "1", "12", "123", "1234", "149999195803151017"])
def test_a_mask_leaves_at_most_three_characters(text: str) -> None:
    assert sum(character != "•" for character in mask(text)) <= 3
    assert text == "" or "•" in mask(text)
