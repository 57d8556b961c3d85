"""Other systems hand in, read and move cases: with a token, and no further than it goes."""

import base64
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.api_tokens import DAYS, MOST, SCOPES, Wish
from core.case_items import Case
from core.numbers import fresh_number
from core.people import Role
from core.places import Refusal
from tests.core.conftest import MakeHouse
from tests.core.grants import PHONE, grants_house, request
from tests.core.house import OFFICERS, House, everything
from tests.pages import PLACE, fictional_phone, hidden

API, PAGE = "/api/v1", "/qinghe/tokens/"
ALL = ("volunteers", "feedback", "bookings", "grants")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class System:
    """Another system with a token, asking about one place."""

    def __init__(self, house: House, text: str, place: str = PLACE) -> None:
        self.client: FlaskClient = house.app.test_client()
        self.headers = {"Authorization": f"Bearer {text}"}
        self.root = f"{API}/{place}"

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.client.get(self.root + path, headers=self.headers, **how)

    def put(self, service: str, number: str, sent: Any) -> TestResponse:
        path = f"{self.root}/{service}/cases/{number}"
        return self.client.put(path, headers=self.headers, json=sent)

    def move(self, case: Case, name: str, **sent: Any) -> TestResponse:
        path = f"{self.root}/{case.item['plugin']}/cases/{case.id}/moves/{name}"
        return self.client.post(path, headers=self.headers, json=sent)


def system(
    house: House, *scopes: str, services: tuple[str, ...] = ALL, who: str = "county"
) -> System:
    wish = Wish("教研平台", scopes or SCOPES, services, DAYS[0])  # type: ignore[arg-type]
    _, text = house.office.tokens.make("qinghe", wish, house.person(who))
    return System(house, text)


def opinion(**other: Any) -> dict[str, Any]:
    told = {"kind": "opinion", "school": "hexi-1", "topic": "courses", "named": False}
    return {"answers": {**told, "words": "希望多开一些体育课，谢谢", **other}}


def code_of(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    told = json.loads(answer.text)
    assert told["status"] == answer.status_code
    assert told["detail"]
    return answer.status_code, told["code"]


def test_a_case_is_handed_in_once_however_often_it_is_sent(house: House) -> None:
    other, number = system(house), fresh_number()
    first = other.put("feedback", number, opinion())
    again = other.put("feedback", number, opinion())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.json
    assert first.json["id"] == number
    assert first.json["state"]["name"] == "school"
    assert first.headers["ETag"] == '"1"'
    assert len(everything(house, f"C#{number}")) == 2
    differs = other.put("feedback", number, opinion(words="这是另外一段话，不一样"))
    assert code_of(differs) == (409, "different")
    stands = house.office.cases.get(number)
    assert stands is not None
    assert stands.answers["words"] == "希望多开一些体育课，谢谢"


def test_who_hands_in_for_somebody_is_told_the_code_and_nobody_else(house: House) -> None:
    other, number = system(house), fresh_number()
    code = json.loads(other.put("feedback", number, opinion()).text)["code"]
    assert re.fullmatch(r"[0-9]{8}", code)
    assert json.loads(other.get(f"/feedback/cases/{number}").text)["code"] is None
    client = house.client()
    token = {"csrf_token": hidden(client.get("/receipt/").text)["csrf_token"]}
    found = client.post("/receipt/", data={**token, "number": number, "tail": code})
    assert found.status_code == 302


def test_an_officer_finds_on_the_desk_what_another_system_handed_in(house: House) -> None:
    number = fresh_number()
    system(house).put("feedback", number, opinion())
    page = house.client(OFFICERS["school"]).get(f"/{PLACE}/case/{number}/")
    assert "希望多开一些体育课" in page.text


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        (opinion(kind="praise"), "kind", "choice_unknown"),
        (opinion(words=None), "words", "required"),
        (opinion(school="nowhere"), "school", "choice_unknown"),
        (opinion(nonsense=1), "nonsense", "unknown_field"),
        ({"answers": []}, "answers", "member_kind"),
        ({**opinion(), "workflow": "nope"}, "workflow", "workflow"),
        ({**opinion(), "more": 1}, "more", "unknown_member"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands_and_nothing_is_kept(
    house: House, sent: Any, field: str, code: str
) -> None:
    number = fresh_number()
    answer = system(house).put("feedback", number, sent)
    assert code_of(answer) == (422, "unfit")
    told = {(each["field"], each["code"]) for each in json.loads(answer.text)["errors"]}
    assert (field, code) in told
    assert everything(house, f"C#{number}") == []


def test_a_number_with_a_wrong_check_digit_is_refused(house: House) -> None:
    number = fresh_number()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert code_of(system(house).put("feedback", wrong, opinion())) == (422, "unfit")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b'{"answers": NaN}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 5000 + b"]" * 5000, "application/json", 400),
        (b'{"answers":' + b'{"a":' * 50 + b"1" + b"}" * 51, "application/json", 400),
        (b'{"answers": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'"text"', "application/json", 400),
    ],
)
def test_what_is_no_json_object_is_refused(
    house: House, body: bytes, kind: str, status: int
) -> None:
    other = system(house)
    path = f"{other.root}/feedback/cases/{fresh_number()}"
    answer = other.client.put(path, data=body, content_type=kind, headers=other.headers)
    assert code_of(answer)[0] == status


def test_a_file_comes_within_the_answers_and_is_sent_back_whole(house: House) -> None:
    other, number = system(house), fresh_number()
    photo = {"name": "操场.png", "content": base64.b64encode(PNG).decode()}
    sent = {
        "kind": "complaint",
        "school": "hexi-1",
        "topic": "fees",
        "named": False,
        "account": "学校另外收了一笔钱，没有收据",
        "evidence": [photo],
    }
    answer = other.put("feedback", number, {"answers": sent})
    assert answer.status_code == 201, answer.text
    told = json.loads(answer.text)
    [kept] = told["answers"]["evidence"]
    assert (kept["name"], kept["type"]) == ("操场.png", "image/png")
    assert other.client.get(kept["href"], headers=other.headers).data == PNG
    assert other.put("feedback", number, {"answers": sent}).status_code == 200


def test_no_answer_names_a_file_of_somebody_elses_case(house: House) -> None:
    other, number = system(house), fresh_number()
    photo = {"name": "a.png", "content": base64.b64encode(PNG).decode()}
    told = {"kind": "complaint", "school": "hexi-1", "topic": "fees", "named": False}
    told |= {"account": "学校另外收了一笔钱，没有收据"}
    other.put("feedback", number, {"answers": {**told, "evidence": [photo]}})
    case = house.office.cases.get(number)
    assert case is not None
    stolen = case.answers["evidence"]
    answer = other.put("feedback", fresh_number(), {"answers": {**told, "evidence": stolen}})
    assert code_of(answer) == (422, "unfit")
    assert json.loads(answer.text)["errors"][0]["code"] == "file_inline"


def test_files_of_what_was_refused_are_not_kept(house: House) -> None:
    other = system(house)
    photo = {"name": "a.png", "content": base64.b64encode(PNG).decode()}
    before = sorted(house.folder.rglob("*"))
    told = {"topic": "fees", "evidence": [photo]}
    for sent in (told, told | {"kind": "complaint"}):  # refused, and taken in with it hidden
        other.put("feedback", fresh_number(), opinion(**sent))
    files = [each for each in sorted(house.folder.rglob("*")) if each.is_file()]
    assert [each for each in files if each not in before and "sqlite" not in each.name] == []


def test_a_reader_without_the_scope_gets_nothing_personal_and_is_told_what_is_withheld(
    house: House,
) -> None:
    case = house.submit(1)
    answer = system(house, "read").get(f"/volunteers/cases/{case.id}")
    assert answer.json
    assert fictional_phone(1) not in answer.text
    assert "测试1" not in answer.text
    assert {"name", "phone", "id_number"} <= {*answer.json["withheld"]}
    assert answer.json["answers"]["specialties"] == ["reading", "sports"]
    looks = [each for each in everything(house, "A#qinghe#") if each.get("look") == "api"]
    assert looks == []


def test_who_reads_what_is_personal_is_written_down(house: House) -> None:
    case, other = house.submit(1), system(house, "read", "personal")
    answer = other.get("/volunteers/cases")
    assert answer.json
    assert answer.json["items"][0]["answers"]["phone"] == fictional_phone(1)
    [look] = [each for each in everything(house, "A#qinghe#") if each.get("look") == "api"]
    assert look["cases"] == [case.id]
    assert look["by"] == house.person("county").id


def test_a_move_and_what_happened_are_looks_too(make_house: MakeHouse) -> None:
    house = grants_house(make_house)
    case, other = request(house), system(house, "read", "personal", "move")
    house.do(case, "reject", "school", comment="联系电话不对")
    for ask in (
        lambda: other.get(f"/grants/cases/{case.id}/events"),
        lambda: other.move(house.now(case), "nothing", version=1),
        lambda: other.move(request(house, phone="00000000709"), "reject", version=1, comment="不"),
    ):
        ask()
    looks = [each["cases"] for each in everything(house, "A#qinghe#") if each.get("look") == "api"]
    assert len(looks) == 2, "not where nothing was said"


def test_of_what_does_not_belong_only_some_is_told(house: House) -> None:
    sent = {**opinion(), **{f"odd{n}": 1 for n in range(5000)}}
    answer = system(house).put("feedback", fresh_number(), sent)
    assert answer.status_code == 422
    assert len(json.loads(answer.text)["errors"]) == 20


def test_a_header_that_is_no_text_is_no_token(house: House) -> None:
    for odd in ("Basic \xff", "Bearer \xff", "Basic =", "Digest x", "Bearer"):
        headers = {"Authorization": odd}
        answer = house.app.test_client().get(f"{API}/{PLACE}/", headers=headers)
        assert code_of(answer) == (401, "token"), odd


def test_a_call_that_is_refused_takes_no_file_from_one_that_is_taken_in(house: House) -> None:
    other, number = system(house), fresh_number()
    photo = {"name": "a.png", "content": base64.b64encode(PNG).decode()}
    good = {"kind": "complaint", "school": "hexi-1", "topic": "fees", "named": False}
    good |= {"account": "学校另外收了一笔钱，没有收据", "evidence": [photo]}
    bad = {**good, "account": None}
    for sent in (bad, good, bad, {**good, "account": "另外一段话，不一样的经过"}):
        other.put("feedback", number, {"answers": sent})
    assert other.get(f"/feedback/cases/{number}/files/evidence.0").data == PNG


def test_pages_hold_every_case_once_and_lead_on(house: House) -> None:
    numbers = {house.submit(n).id for n in range(1, 6)}
    other, found, path = system(house, "read"), list[str](), "/volunteers/cases?limit=2"
    while path:
        answer = other.get(path)
        assert answer.json
        found += [each["id"] for each in answer.json["items"]]
        onward = re.search(r"<([^>]+)>", answer.headers.get("Link", ""))
        assert bool(onward) == bool(answer.json["next"])
        path = onward[1].removeprefix(other.root) if onward else ""
    assert sorted(found) == sorted(numbers)
    assert code_of(other.get("/volunteers/cases?cursor=nonsense")) == (400, "cursor")
    assert code_of(other.get("/volunteers/cases?month=2026-13")) == (400, "month")
    assert code_of(other.get("/volunteers/cases?limit=0")) == (400, "limit")
    answer = other.get("/volunteers/cases?month=2026-10")
    assert answer.json == {"items": [], "next": None}


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


def test_a_moves_own_form_is_read_as_the_page_reads_it(make_house: MakeHouse) -> None:
    house = grants_house(make_house)
    case, other = house.do(request(house), "forward", "school"), system(house)
    wrong = other.move(case, "grant", version=case.v, step={"amount": "many"})
    assert json.loads(wrong.text)["errors"][0]["field"] == "amount"
    voted = other.move(case, "grant", version=case.v, step={"amount": 300})
    assert voted.status_code == 200
    again = other.move(case, "grant", version=case.v + 1, step={"amount": 300})
    assert again.status_code == 422, "one person votes once, by page or by token"


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


def test_the_document_describes_every_form_and_move_of_the_services_in_force(
    house: House,
) -> None:
    answer = house.app.test_client().get(f"{API}/{PLACE}/openapi.json")
    told = json.loads(answer.text)
    place = house.office.places.get(PLACE)
    for service in house.office.offers.open_at(place):
        root = f"/{service.id}/cases"
        assert {"get", "put"} <= told["paths"][f"{root}/{{case_id}}"].keys()
        for each in service.begun:
            schema = told["components"]["schemas"][f"{service.id}.{each.form}"]
            form = service.forms[each.form]
            asked = {e.name for e in form.fields.values() if e.type.answerable and not e.compute}
            assert schema["properties"].keys() == asked
    assert answer.headers["ETag"]
    again = {"If-None-Match": answer.headers["ETag"]}
    assert (
        house.app.test_client().get(f"{API}/{PLACE}/openapi.json", headers=again).status_code == 304
    )


def test_a_look_at_a_case_costs_one_read(house: House) -> None:
    case, other = house.submit(1), system(house, "read")
    other.get("/")
    with house.store.expect(get=1, commit=1):
        other.get(f"/volunteers/cases/{case.id}")


def test_nobody_else_knows_whether_a_case_is_there(house: House) -> None:
    other, case = system(house), house.submit(1)
    assert code_of(other.get(f"/feedback/cases/{case.id}"))[0] == 404
    assert code_of(other.get(f"/volunteers/cases/{fresh_number()}"))[0] == 404


def test_a_phone_that_was_registered_before_makes_a_twin_as_it_does_on_the_page(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    first, other = request(house), system(house)
    sent = {"answers": {"name": "尹老师", "phone": PHONE, "school": "hexi-1"}}
    answer = other.put("grants", fresh_number(), sent)
    assert answer.status_code == 201
    assert answer.json
    assert answer.json["twin_of"] == first.id
