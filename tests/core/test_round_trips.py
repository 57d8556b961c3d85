"""Round trips are the unit of cost (DESIGN §6): every page is held to its number.

Each test warms the caches of data keys and of the cookie secret first, as a running worker has
them. Work after the reply is not part of the reply and is left waiting.
"""

from tests.core.house import OFFICERS, House, case_id_of, fill_in, hand_in
from tests.pages import FORM, PLACE, answers, hidden


def forget_places(house: House) -> None:
    house.office.places._cache.clear()  # noqa: SLF001 — what 30 seconds would do


def test_a_public_page_reads_once(house: House) -> None:
    client = house.client()
    for path in (f"/{PLACE}/", FORM, "/qinghe/", "/yunhe/"):
        forget_places(house)
        with house.store.expect(get=1):
            assert client.get(path).status_code == 200


def test_a_public_page_of_a_place_read_just_before_reads_nothing(house: House) -> None:
    client = house.client()
    client.get(FORM)
    with house.store.expect():
        assert client.get(FORM).status_code == 200


def test_turning_a_page_reads_the_case_id_and_writes_nothing(house: House) -> None:
    client = house.client()
    with house.store.expect(get=3):
        fill_in(client, 1)


def test_an_anonymous_submission_is_one_read_one_counter_and_one_commit(house: House) -> None:
    client = house.client()
    hand_in(client, 1)
    _, carried = fill_in(client, 2)
    with house.store.expect(get=1, commit=2):
        client.post(FORM, data={**carried, **answers(2)[-1], "action": "submit"})
    counter, commit = (asked[1:] for asked in house.store.asked[-2:])
    assert [pk.split("#")[:2] for pk, _ in counter] == [["L", "submit"]]
    kinds = [pk.split("#")[0] + sk[:1] for pk, sk in commit]
    assert kinds[:3] == ["CH", "CE", "U-"]
    assert {"T"} == {pk.split("#")[0] for pk, _ in commit[3:]}


def test_a_submission_of_somebody_signed_in_is_one_read_and_one_commit(house: House) -> None:
    hand_in(house.client(), 1)
    client = house.client("00000000112")
    _, carried = fill_in(client, 2)
    with house.store.expect(get=1, commit=1):
        client.post(FORM, data={**carried, **answers(2)[-1], "action": "submit"})


def test_the_same_submission_again_is_answered_from_the_read(house: House) -> None:
    client = house.client()
    _, carried = fill_in(client, 2)
    last = {**carried, **answers(2)[-1], "action": "submit"}
    first = client.post(FORM, data=last)
    with house.store.expect(get=1):
        assert case_id_of(client.post(FORM, data=last)) == case_id_of(first)


def test_a_signed_in_page_is_one_read_and_at_most_one_query(house: House) -> None:
    case_id = case_id_of(hand_in(house.client(), 1, phone="00000000112"))
    applicant, officer = house.client("00000000112"), house.client(OFFICERS["school"])
    for client in (applicant, officer):
        forget_places(house)
        with house.store.expect(get=1, query=1):
            assert client.get(f"/{PLACE}/case/{case_id}/").status_code == 200
    with house.store.expect(get=1, query=1):
        assert applicant.get("/my/").status_code == 200
    with house.store.expect(get=1):
        assert officer.get(f"/{PLACE}/case/{case_id}/do/verify/").status_code == 200


def test_a_desk_is_one_read_and_one_query_while_its_place_is_remembered(house: House) -> None:
    officer = house.client(OFFICERS["school"])
    officer.get("/desk/")
    with house.store.expect(get=1, query=1):
        assert officer.get("/desk/").status_code == 200


def test_a_move_is_one_read_and_one_commit(house: House) -> None:
    case = house.submit(1)
    officer = house.client(OFFICERS["school"])
    path = f"/{PLACE}/case/{case.id}/do/verify/"
    page = officer.get(path)
    forget_places(house)
    house.office.places.get(PLACE)
    sent = {
        **hidden(page.text),
        "identity_checked_on": "2026-11-23",
        "original_seen": "true",
        "letter_signed": "true",
    }
    with house.store.expect(get=1, commit=1):
        assert officer.post(path, data=sent).status_code == 302
    assert house.now(case).state == "checking"
