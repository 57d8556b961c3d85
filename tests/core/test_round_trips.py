"""Round trips are the unit of cost (DESIGN §6): every page is held to its number.

Each test warms the caches of data keys and of the cookie secret first, as a running worker has
them. Work after the reply is not part of the reply and is left waiting.
"""

from tests.core.house import OFFICERS, House, case_id_of, fill_in, hand_in, last_page
from tests.pages import FORM, PLACE, answers, hidden, send


def forget_places(house: House) -> None:
    house.office.places._cache.clear()  # noqa: SLF001 — what 30 seconds would do


def test_a_public_page_reads_once(house: House) -> None:
    """A portal also asks what is new on its lists, its county's and its city's, each 30 seconds."""
    client = house.client()
    forget_places(house)
    with house.store.expect(get=1, query=2):
        client.get(f"/{PLACE}/")
    for path in (f"/{PLACE}/", FORM, "/qinghe/", "/yunhe/"):
        forget_places(house)
        with house.store.expect(get=1):
            assert client.get(path).status_code == 200


def test_a_start_with_everything_published_reads_one_marker_for_each_plugin_at_once(
    house: House,
) -> None:
    kept = [len(asked) for asked in house.store.asked]
    house.office.offers.definitions.keep(house.office.catalogue.plugins.values())
    assert len(house.store.asked) == len(kept) + 1
    assert [name for name, *_ in house.store.asked[-1:]] == ["get"]


def test_a_public_page_of_a_place_read_just_before_reads_nothing(house: House) -> None:
    client = house.client()
    client.get(FORM)
    with house.store.expect():
        assert client.get(FORM).status_code == 200


def test_turning_a_page_is_one_read_and_one_commit_and_its_page_one_read(house: House) -> None:
    """And the first page of somebody unknown is counted, as a submission is."""
    fill_in(house.client(), 2)
    client = house.client()
    page = client.get(FORM)
    for first, given in ((1, answers(1)[0]), (0, answers(1)[1])):
        with house.store.expect(get=2, commit=1 + first):
            page = send(client, page, given)


def test_an_anonymous_submission_is_one_read_one_counter_and_one_commit(house: House) -> None:
    client = house.client()
    hand_in(client, 1)
    where, last = last_page(client, 2)
    with house.store.expect(get=1, commit=2):
        client.post(where, data=last)
    counter, commit = (asked[1:] for asked in house.store.asked[-2:])
    assert [pk.split("#")[:2] for pk, _ in counter] == [["L", "submit"]]
    kinds = [pk.split("#")[0] + sk[:1] for pk, sk in commit]
    assert kinds[:3] == ["CH", "CE", "U-"]
    assert {"T", "C"} == {pk.split("#")[0] for pk, _ in commit[3:]}
    assert [sk for pk, sk in commit[3:] if pk.startswith("C#")] == ["D"]  # the draft's end


def test_a_submission_of_somebody_signed_in_is_one_read_and_one_commit(house: House) -> None:
    hand_in(house.client(), 1)
    client = house.client("00000000112")
    where, last = last_page(client, 2)
    with house.store.expect(get=1, commit=1):
        client.post(where, data=last)


def test_the_same_submission_again_is_answered_from_the_read(house: House) -> None:
    client = house.client()
    where, last = last_page(client, 2)
    first = client.post(where, data=last)
    with house.store.expect(get=1):
        assert case_id_of(client.post(where, data=last)) == case_id_of(first)


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
    desk = "/desk/?tray=D%23hexi-1%23school_officer%23volunteers"
    officer.get(desk)
    with house.store.expect(get=1, query=1):
        assert officer.get(desk).status_code == 200


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
