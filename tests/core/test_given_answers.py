"""A form begun with something filled in: the address of its first page carries answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drafts import Draft
from core.web.app import BUNDLED
from core.web.given_answers import given_answers
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything, open_house
from tests.core.lending import ASK, ENTER, HALLS, halls_house, write_halls
from tests.core.sampler import PAGES, SAMPLER, sampler_house
from tests.core.test_kept_pages import bare, kept
from tests.core.test_looking import offered
from tests.pages import FORM, PLACE, send

WHOLE = {"hall": "big", "day": "2026-12-02", "hour": "10:30"}


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return halls_house(make_house, tmp_path / "more")


def begun(house: House, path: str = ASK, phone: str = "", **answers: Any) -> str:
    """Return the first page at an address with answers."""
    page = house.client(phone).get(f"{path}?{urlencode(answers, doseq=True)}")
    assert page.status_code == 200
    return bare(page.text)


def drafts(house: House) -> list[Draft]:
    found = [house.office.drafts.of_item(item) for item in everything(house, "C#")]
    return [each for each in found if each]


def test_the_first_page_opens_with_them_and_offers_what_fits(house: House) -> None:
    page = house.client().get(f"{ASK}?{urlencode(WHOLE)}")
    assert 'value="big" checked' in page.text
    assert 'value="2026-12-02"' in page.text
    assert offered(page) == ["09:00", "10:30"]
    assert 'value="10:30" checked' in page.text
    assert "data-error-summary" not in page.text


def test_an_officers_form_opens_with_them_too(house: House) -> None:
    page = begun(house, ENTER, OFFICERS["school"], title="文化馆", capacity="１２")
    assert 'value="文化馆"' in page
    assert 'value="12"' in page


def test_nothing_is_stored_before_the_page_is_sent(house: House) -> None:
    before = everything(house, "")
    begun(house, **WHOLE)
    assert everything(house, "") == before


def test_what_it_brought_to_other_pages_goes_along_with_the_first(house: House) -> None:
    client = house.client()
    page = client.get(f"{ASK}?{urlencode({**WHOLE, 'purpose': '排练'})}")
    assert "排练" not in page.text
    path = f"{ASK}?{urlencode({**WHOLE, 'purpose': '排练'})}"
    page.request.path = path
    answer = send(client, page, {**WHOLE, "day": "2026-12-03", "hour": "09:00"})
    assert 'value="排练"' in answer.text
    [draft] = drafts(house)
    assert draft.answers is not None
    assert draft.answers["day"] == "2026-12-03"


def test_what_was_emptied_on_the_page_does_not_come_back(house: House) -> None:
    client = house.client()
    page = client.get(f"{ASK}?{urlencode({**WHOLE, 'heads': '20'})}")
    page.request.path = f"{ASK}?{urlencode({**WHOLE, 'heads': '20'})}"
    send(client, page, {**WHOLE, "heads": ""})
    [draft] = drafts(house)
    assert "heads" not in (draft.answers or {})


@pytest.mark.parametrize(
    "answers",
    [
        {"phone": "00000000112"},
        {"agreed": "true"},
        {"twice": "6"},
        {"heads": "many"},
        {"helpers.row": "0", "helpers.0.what": "搬椅子"},
        {"heads": "0"},
        {"hall": "cellar"},
        {"hour": "10:30"},
        {"hall": "small", "day": "2026-12-32"},
        {"early": "x", "strange": "y", "page": "1", "hall.": "big", "": "x"},
    ],
    ids=str,
)
def test_what_may_not_or_would_not_be_taken_is_passed_over(
    house: House, answers: dict[str, str]
) -> None:
    allowed = {name: value for name, value in answers.items() if value == "small"}
    assert begun(house, **answers) == begun(house, **allowed)


def taken(house: House, **answers: Any) -> dict[str, Any]:
    """Return what a form with every type of question takes from an address."""
    form = house.office.catalogue.plugins[SAMPLER].form
    with house.app.test_request_context(query_string=urlencode(answers, doseq=True)):
        return given_answers(form, house.office.around("zh", house.office.places.get(PLACE)))


def test_of_every_type_only_what_one_may_be_told_to_say_is_taken(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = sampler_house(make_house, tmp_path / "more")
    form = house.office.catalogue.plugins[SAMPLER].form
    answers = {name: value for page in PAGES for name, value in page.items()}
    files = {spec.name: "x.pdf" for spec in form.fields.values() if spec.type.kind == "file"}
    found = taken(house, **{**files, **answers})
    assert set(found) == (
        {"full_name", "credit", "pupils", "materials", "kind", "days"}
        | {"starts", "ends", "term", "meeting", "school"}
    )
    assert found["term"] == {"from": "2026-12-07", "to": "2027-01-18"}
    assert found["days"] == ["mon", "fri"]
    assert found["school"]["value"] == "hexi-1"
    assert taken(house, pupils="x" * 10_000, **{"term.from": "2026-12-07"}) == {}


def test_one_visitors_answers_are_in_nobody_elses_page(house: House) -> None:
    plain = begun(house, FORM)
    assert begun(house, FORM, kind="parent") != plain
    assert kept(house) == 1
    assert begun(house, FORM) == plain
    assert begun(house, FORM, utm="x") == plain
    assert kept(house) == 1


def test_a_page_without_answers_says_nothing_strange(house: House) -> None:
    assert begun(house, hall="") == begun(house)


@given(st.dictionaries(st.sampled_from(["hall", "day", "hour", "heads", "purpose"]), st.text()))
def test_no_text_in_an_address_breaks_the_page(wild_house: House, answers: dict[str, str]) -> None:
    assert wild_house.client().get(ASK, query_string=answers).status_code == 200


def test_what_an_address_says_is_text_on_the_page(house: House) -> None:
    page = begun(house, ENTER, OFFICERS["school"], title='"><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.fixture(scope="module")
def wild_house(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one house for every wild address."""
    folder = tmp_path_factory.mktemp("wild")
    house = open_house(built, folder / "house", folders=[BUNDLED, write_halls(folder / "more")])
    house.office.places.switch("hexi-zhen", HALLS, "on", "某人", "2026")
    yield house
    house.close()
