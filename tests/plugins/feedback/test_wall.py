"""Nobody whom a complaint is about can see who made it: on no page, export or line of a log."""

import logging
import re
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from core.case_items import Case
from core.people import Role
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.pages import hidden, narrowed
from tests.plugins.feedback.telling import (
    FILE,
    MEALS,
    NAME,
    PHONE,
    PLACE,
    SECRETS,
    URGENT,
    every_stage,
    told,
)
from tests.plugins.feedback.walking import read, trays, walk

AT_THE_SCHOOL = {"officer": "00000000103", "head": "00000000108", "teacher": "00000000109"}
COUNTY = OFFICERS["county"]


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    """Return the county as it really runs: nobody signs in as anybody, no outbox is shown."""
    return make_house(demo=False)


def found(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def open_to_the_school(make_house: MakeHouse, folder: Path) -> House:
    """Return the county with the same service, only that nothing in it has `readers`."""
    shutil.copytree(BUNDLED, folder / "plugins")
    for form in (folder / "plugins" / "feedback" / "forms").glob("*.yaml"):
        form.write_text(re.sub(r"\n *readers: .*", "", form.read_text()))
    return make_house(folders=[folder / "plugins"], demo=False)


@pytest.mark.parametrize("who", [*AT_THE_SCHOOL, "other_school", "city"])
def test_no_page_tells_who_complained(house: House, who: str) -> None:
    phone = AT_THE_SCHOOL.get(who) or OFFICERS[who]
    cases = every_stage(house)
    holders = {case.item["holder"] for case in cases}
    looked = 0
    for path, text in walk(house, phone, cases):
        looked += 1
        assert not found(text), (path, found(text))
        assert not [each for each in holders if each in text], path
    assert looked > 1000


def test_the_same_walk_finds_it_where_the_form_names_no_readers(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    """The control: it is the wall that hides it, not the walk that misses it."""
    house = open_to_the_school(make_house, tmp_path)
    cases = every_stage(house)
    told = {path: found(text) for path, text in walk(house, AT_THE_SCHOOL["officer"], cases)}
    every = {secret for each in told.values() for secret in each}
    assert every == set(SECRETS)
    assert any("/desk/" in path for path, each in told.items() if each)
    assert any(path.endswith("/sheet/") for path, each in told.items() if each)
    assert any("xlsx" in path for path, each in told.items() if each)


def test_the_walk_comes_to_what_the_school_does_see(house: House) -> None:
    every = "".join(text for _, text in walk(house, AT_THE_SCHOOL["officer"], every_stage(house)))
    assert "饭菜有点凉，能不能加保温箱。" in every
    assert "请核查有没有收费，当天整改。" in every


def test_no_line_of_a_log_tells_it(
    house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    cases = every_stage(house)
    house.later.run()
    house.letters.down = True
    told(house, URGENT)
    house.later.run()
    for _ in walk(house, AT_THE_SCHOOL["officer"], cases[:2]):
        pass
    house.clock.move(days=30)
    house.office.ticks.tick()
    logging.getLogger("kehou").debug("the log is listened to")
    lines = [f"{each.getMessage()} {each.args} {each.exc_text}" for each in caplog.records]
    assert "the log is listened to" in " ".join(lines)
    said = capsys.readouterr()
    assert not found(" ".join([*lines, said.out, said.err]))


def test_the_county_reads_it_and_that_look_is_recorded(house: House) -> None:
    case = told(house, URGENT)
    client, address = house.client(COUNTY), f"/{PLACE}/case/{case.id}/"
    page = client.get(address).text
    assert {NAME, FILE} <= {*found(page)}
    assert PHONE not in page
    token = {"csrf_token": hidden(page)["csrf_token"]}
    assert PHONE in client.post(f"{address}show/phone", data=token).text
    assert client.get(f"{address}file/evidence.0").status_code == 200
    assert NAME in client.get("/desk/", query_string={"tray": trays(COUNTY, house)[0]}).text


def test_a_search_for_a_name_finds_it_for_the_county_alone(house: House) -> None:
    meals, urgent = told(house, MEALS), told(house, URGENT)
    for phone, case in ((AT_THE_SCHOOL["officer"], meals), (COUNTY, urgent)):
        [tray] = trays(phone, house)
        listed = house.client(phone).get("/desk/", query_string={"tray": tray}).text
        assert case.id in listed
        client = house.client(phone)
        sought = client.get(narrowed(client, f"/desk/?tray={quote(tray)}", NAME[:2])).text
        assert (case.id in sought) == (phone == COUNTY)


def test_files_and_single_answers_are_not_there_for_the_school(house: House) -> None:
    case = told(house, URGENT)
    client, address = house.client(AT_THE_SCHOOL["officer"]), f"/{PLACE}/case/{case.id}/"
    page = client.get(address)
    assert page.status_code == 200
    token = {"csrf_token": hidden(page.text).get("csrf_token", "")}
    assert client.get(f"{address}file/evidence.0").status_code == 404
    for field in ("phone", "name", "account"):
        assert client.post(f"{address}show/{field}", data=token).status_code == 404


def test_a_deputy_works_at_the_county_and_reads_nothing(house: House) -> None:
    """The county's officer is away, and the school's stands in."""
    case, deputies = told(house, URGENT), house.office.deputies
    county, school = house.person("county"), house.person("school")
    deputies.name(county, school.phone, date(2026, 11, 23), date(2026, 11, 30))
    client = house.client(school.phone)
    assert client.get(f"/{PLACE}/case/{case.id}/do/pass_on/").status_code == 200
    assert not found(read(client.get(f"/{PLACE}/case/{case.id}/")))


def test_a_good_guess_is_not_confirmed_by_sending_the_form_again(house: House) -> None:
    case = told(house, MEALS)
    client, address = house.client(AT_THE_SCHOOL["officer"]), f"{'/' + PLACE}/feedback/draft/"
    token = hidden(client.get("/hexi-zhen/feedback/").text)["csrf_token"]
    sent = {**MEALS, "school": "hexi-1", "named": "true", "name": NAME, "phone": PHONE}
    right, wrong = (
        client.post(
            f"{address}{case.id}/",
            data={**sent, "phone": phone, "csrf_token": token, "page": "2", "action": "submit"},
        )
        for phone in (PHONE, "13800138001")
    )
    assert right.status_code == wrong.status_code == 404


def test_a_receipt_is_not_opened_by_digits_that_the_school_knows(house: House) -> None:
    case = told(house, MEALS)
    client = house.client(AT_THE_SCHOOL["teacher"])
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    for tail in (PHONE[-4:], ""):
        sent = {"number": case.id, "tail": tail, "csrf_token": token}
        assert client.post("/receipt/", data=sent).status_code == 404


def test_somebody_who_is_given_the_role_reads_it_at_the_place_of_the_case_only(
    house: House,
) -> None:
    case = told(house, URGENT)
    house.office.people.give("00000000181", "某人", Role("county_officer", "baiting"))
    client = house.client("00000000181")
    assert not found(read(client.get(f"/{PLACE}/case/{case.id}/")))


def applicant_sees(house: House, case: Case) -> str:
    return house.client(PHONE).get(f"/{PLACE}/case/{case.id}/sheet/").text


def test_whose_it_is_sees_their_own(house: House) -> None:
    case = told(house, URGENT)
    assert {NAME, PHONE} <= {*found(applicant_sees(house, case))}
