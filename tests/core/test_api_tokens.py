"""A token goes as far as its county, scopes, services and days, and no further."""

import re
from typing import Any

import pytest

from core.api_tokens import DAYS, MOST
from core.numbers import fresh_number
from core.people import Role
from core.places import Refusal
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import OFFICERS, House
from tests.core.systems import (
    API,
    PAGE,
    System,
    code_of,
    system,
)
from tests.pages import PLACE, hidden


def test_a_header_that_is_no_text_is_no_token(house: House) -> None:
    for odd in ("Basic \xff", "Bearer \xff", "Basic =", "Digest x", "Bearer"):
        headers = {"Authorization": odd}
        answer = house.app.test_client().get(f"{API}/{PLACE}/", headers=headers)
        assert code_of(answer) == (401, "token"), odd


def test_a_move_is_made_at_the_version_seen_as_whoever_made_the_token(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    case, other = request(house), system(house)
    shown = other.get(f"/grants/cases/{case.id}")
    assert shown.json
    assert [each["name"] for each in shown.json["moves"]] == ["reject"]
    assert code_of(other.move(case, "reject", version=case.v)) == (422, "unfit")
    assert code_of(other.move(case, "reject", version=7, comment="不符合")) == (409, "stale")
    assert code_of(other.move(case, "forward", version=case.v)) == (422, "unfit")
    assert code_of(other.move(case, "nothing", version=case.v)) == (409, "not_now")
    assert code_of(other.move(case, "reject", comment="不符合")) == (422, "unfit")
    moved = other.move(case, "reject", version=case.v, comment="不符合要求")
    assert moved.status_code == 200, moved.text
    assert moved.json
    assert moved.json["state"]["name"] == "rejected"
    assert code_of(other.move(case, "reject", version=case.v, comment="不符合")) == (409, "not_now")
    events = other.get(f"/grants/cases/{case.id}/events").json
    assert events
    assert [each["what"] for each in events["items"]] == ["submit", "reject"]
    assert events["items"][1]["role"] == "county_officer"
    assert events["items"][1]["comment"] == "不符合要求"
    page = house.client(OFFICERS["county"]).get(f"/{PLACE}/case/{case.id}/").text
    assert "林静 · 教研平台" in page


def test_without_a_good_token_nothing_is_said(house: House) -> None:
    case, good = house.submit(1), system(house)
    text = good.headers["Authorization"]
    for wrong in (
        "",
        "Bearer ",
        "Bearer x",
        text[:-1],
        text[:-1] + "!",
        text.replace("Bearer", "Basic"),
    ):
        client = house.app.test_client()
        answer = client.get(
            f"{good.root}/volunteers/cases/{case.id}", headers={"Authorization": wrong}
        )
        assert code_of(answer) == (401, "token"), wrong
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    cookie = house.client(OFFICERS["county"])
    assert code_of(cookie.get(f"{good.root}/volunteers/cases/{case.id}")) == (401, "token")


def test_a_token_ends_with_its_day_its_revocation_or_its_makers_office(house: House) -> None:
    old, revoked, office = system(house), system(house), system(house)
    stands = house.office.tokens.standing("qinghe")
    assert all(each.get("/").status_code == 200 for each in (old, revoked, office))
    county = house.person("county")
    text = revoked.headers["Authorization"]
    name = text.split(".")[2]
    house.office.tokens.revoke(next(each for each in stands if each.id == name), county)
    assert code_of(revoked.get("/")) == (401, "token")
    house.clock.move(days=DAYS[0])
    assert old.get("/").status_code == 200
    house.clock.move(days=1)
    assert code_of(old.get("/")) == (401, "token")
    house.clock.move(days=-1)
    house.office.people.take(county.id, Role("county_officer", "qinghe"))
    assert code_of(office.get("/")) == (401, "token")


def test_a_token_is_for_its_county_its_services_and_its_scopes(house: House) -> None:
    narrow = system(house, "read", services=("volunteers",))
    assert code_of(narrow.get("/feedback/cases")) == (403, "scope")
    assert code_of(narrow.put("volunteers", fresh_number(), {})) == (403, "scope")
    assert code_of(narrow.get(f"/volunteers/cases/{fresh_number()}/files/x")) == (403, "scope")
    narrow.root = f"{API}/baiting"
    assert house.office.places.get("baiting").county == "baiting"
    assert code_of(narrow.get("/")) == (401, "token")
    narrow.root = f"{API}/nowhere-at-all"
    assert code_of(narrow.get("/"))[0] == 404


def test_a_token_is_used_so_often_an_hour_and_no_oftener(make_house: MakeHouse) -> None:
    house = make_house(config={"CALLS_AN_HOUR": 3})
    other = system(house)
    assert [other.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert other.get("/").headers["Retry-After"] == "600"


def test_secrets_are_stored_as_hashes_only(house: House) -> None:
    text = system(house).headers["Authorization"].removeprefix("Bearer ")
    secret = text.rpartition(".")[2]
    kept = b"".join(each.read_bytes() for each in house.folder.rglob("*") if each.is_file())
    assert secret.encode() not in kept


def test_a_county_makes_shows_once_and_revokes_its_tokens(house: House) -> None:
    client = house.client(OFFICERS["county"])
    token = {"csrf_token": hidden(client.get(PAGE).text)["csrf_token"]}
    asked = {"label": "教研平台", "scopes": ["read"], "services": ["volunteers"], "days": "90"}
    asked |= {"id": hidden(client.get(PAGE).text)["id"]}
    page = client.post(PAGE, data={**token, **asked}).text
    shown = re.search(r'id="f-text"[^>]*>([^<]+)<', page)
    assert shown
    again = client.post(PAGE, data={**token, **asked})  # the page reloaded
    assert (again.status_code, "刚才已经做好" in again.text) == (422, True)
    assert len(house.office.tokens.standing("qinghe")) == 1
    other = System(house, shown[1])
    assert other.get("/").status_code == 200
    later = client.get(PAGE).text
    assert shown[1] not in later
    assert "志愿者登记" in later
    assert "教研平台" in later
    assert "2026-11-23" in later, "used last"
    name = shown[1].split(".")[2]
    client.post(f"{PAGE}{name}/revoke", data=token)
    assert code_of(other.get("/")) == (401, "token")
    assert "撤销了令牌" in client.get(PAGE).text


@pytest.mark.parametrize(
    "wrong",
    [{"label": " "}, {"scopes": []}, {"scopes": ["all"]}, {"services": ["x"]}, {"days": "9"}],
)
def test_a_token_without_a_purpose_or_an_end_is_not_made(house: House, wrong: Any) -> None:
    client = house.client(OFFICERS["county"])
    token = {"csrf_token": hidden(client.get(PAGE).text)["csrf_token"]}
    asked = {"label": "x", "scopes": ["read"], "services": ["volunteers"], "days": "90", **wrong}
    assert client.post(PAGE, data={**token, **asked}).status_code == 422
    assert house.office.tokens.standing("qinghe") == []


def test_only_who_manages_the_county_comes_to_its_tokens(house: House) -> None:
    for who, status in (("school", 403), ("other_county", 403), ("county", 200)):
        assert house.client(OFFICERS[who]).get(PAGE).status_code == status
    assert house.client(OFFICERS["county"]).get(f"/{PLACE}/tokens/").status_code == 404


def test_a_county_has_so_many_tokens_and_no_more(house: House) -> None:
    for _ in range(MOST):
        system(house)
    with pytest.raises(Refusal):
        system(house)
    [first, *_] = house.office.tokens.standing("qinghe")
    for _ in range(2):
        house.office.tokens.revoke(first, house.person("county"))
    system(house)
    with pytest.raises(Refusal):
        system(house)
