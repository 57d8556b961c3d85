"""Other systems hand in, read and move cases: with a token, and no further than it goes."""

import base64
import json
import re
from typing import Any

import pytest

from core.numbers import fresh_number
from core.web import problem_json
from tests.core.conftest import MakeHouse
from tests.core.grants import PHONE, grants_house, request
from tests.core.house import OFFICERS, House, everything
from tests.core.systems import (
    API,
    PNG,
    code_of,
    opinion,
    system,
)
from tests.pages import PLACE, fictional_phone, hidden


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
    assert json.loads(other.put("feedback", number, opinion()).text)["code"] == code
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


def refused_at(house: House, field: str, **wrong: Any) -> dict[str, Any]:
    """Return what is told of a field whose answer is not on offer."""
    answer = system(house).put("feedback", fresh_number(), opinion(**wrong))
    assert code_of(answer) == (422, "unfit")
    [told] = [each for each in json.loads(answer.text)["errors"] if each["field"] == field]
    return {name: each for name, each in told.items() if name.startswith(("acc", "sch"))}


def test_a_choice_that_is_not_on_offer_comes_back_with_those_that_are(house: House) -> None:
    kinds = house.office.catalogue.plugins["feedback"].form.fields["kind"].choices
    assert refused_at(house, "kind", kind="praise") == {"accepted": [one.value for one in kinds]}
    schools = refused_at(house, "school", school="nowhere")["accepted"]
    assert sorted(schools) == ["hexi-1", "no2", "yunting"], "what this place offers"
    for school in schools:
        answer = system(house).put("feedback", fresh_number(), opinion(school=school))
        assert answer.status_code == 201, answer.text
    assert refused_at(house, "words", words=None) == {}


def test_of_many_choices_only_their_number_and_where_to_look_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem_json, "MOST_ACCEPTED", 1)
    kinds = house.office.catalogue.plugins["feedback"].form.fields["kind"].choices
    told = refused_at(house, "kind", kind="praise")
    assert told == {"accepted_count": len(kinds), "schema": f"{API}/{PLACE}/openapi.json"}


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


@pytest.mark.parametrize(
    ("scopes", "told"),
    [(("move",), set()), (("move", "personal"), set()), (("move", "read"), {"school"})],
)
def test_a_move_answers_with_what_was_answered_only_where_the_token_can_read(
    make_house: MakeHouse, scopes: tuple[str, ...], told: set[str]
) -> None:
    house = grants_house(make_house)
    case, other = request(house), system(house, *scopes)
    answer = other.move(case, "reject", version=1, comment="不")
    assert answer.status_code == 200, answer.text
    said = json.loads(answer.text)
    assert (said["state"]["name"], said["version"]) == ("rejected", 2)
    assert set(said["answers"]) == told
    assert (said["withheld"] == []) == (not told)
    assert [each for each in everything(house, "A#qinghe#") if each.get("look") == "api"] == []


def test_of_what_does_not_belong_only_some_is_told(house: House) -> None:
    sent = {**opinion(), **{f"odd{n}": 1 for n in range(5000)}}
    answer = system(house).put("feedback", fresh_number(), sent)
    assert answer.status_code == 422
    assert len(json.loads(answer.text)["errors"]) == 20


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


def test_a_moves_own_form_is_read_as_the_page_reads_it(make_house: MakeHouse) -> None:
    house = grants_house(make_house)
    case, other = house.do(request(house), "forward", "school"), system(house)
    wrong = other.move(case, "grant", version=case.v, step={"amount": "many"})
    assert json.loads(wrong.text)["errors"][0]["field"] == "amount"
    voted = other.move(case, "grant", version=case.v, step={"amount": 300})
    assert voted.status_code == 200
    again = other.move(case, "grant", version=case.v + 1, step={"amount": 300})
    assert again.status_code == 422, "one person votes once, by page or by token"


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
