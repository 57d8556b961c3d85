"""Who searches, and what the tests of searching look at."""

import re
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.filings import Deed
from core.store import Item
from tests.core.house import OFFICERS, House, everything
from tests.judge import Judge

NAME, ABOUT = "欧阳䶮明", "会扎孔雀灯笼，也会修补古籍"


def sought(client: FlaskClient, text: str, **other: str) -> TestResponse:
    """Search as a browser does."""
    page = client.get("/search/").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, page[:500]
    answer = client.post("/search/", data={"csrf_token": token[1], "q": text, **other})
    return client.get(answer.location) if "/search/" in (answer.location or "") else answer


def found(house: House, who: str, text: str, **other: str) -> set[str]:
    """Return the receipt numbers that an officer finds."""
    answer = sought(house.client(OFFICERS.get(who, who)), text, **other)
    assert answer.status_code == 200, answer.text[:2000]
    return set(re.findall(r"/case/(\d{16})/", answer.text))


def handed_in(house: House, n: int, about: str = "", **other: Any) -> Case:
    """Hand in the n-th registration, with something of one's own written."""
    filing = house.filing(n, **other)
    filing = replace(filing, data={**filing.data, **({"about": about} if about else {})})
    return house.office.cases.submit(filing, None, house.office.around("zh", filing.place))


def follow(house: House) -> None:
    """Do what events have left to do."""
    house.office.effects.work_off_due()


def edited(house: House, case: Case, **answers: object) -> Case:
    """Have a case returned, and handed in again with other answers."""
    back = house.do(case, "return", "school", comment="请改", marks=("name", "about"))
    around = house.office.around("zh", house.office.places.get(case.item["place"]))
    deed = Deed("submit", back.v, house.person(str(case.answers["phone"])))
    return house.office.cases.edit(back, deed, {**back.answers, **answers}, around)


def index_of(house: House) -> list[Item]:
    """Return everything that stands in the index."""
    return everything(house, "Q#")


def complaints(house: House) -> list[str]:
    """Return what is wrong with the index, worked out anew from the cases."""
    items = [*everything(house, "C#"), *everything(house, "Q#")]
    return [*Judge(house.office, items, set()).of_finding()]
