"""Officers of the sample county who write notices, through the pages they use."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.filings import Filing
from core.numbers import fresh_number
from forms.evaluation import evaluate
from tests.core.house import OFFICERS, House
from tests.pages import fictional_phone, hidden

TEXT = {
    "title": "下周三志愿者备课会",
    "words": "下周三下午三点在县少年宫二楼开备课会。",
    "until": "2026-12-31",
}
CLEARED = "volunteers.cleared"


def written(
    house: House, who: str = "county", place: str = "qinghe", number: str = "", **answers: Any
) -> Case:
    """Write a notice as an officer, to the cleared volunteers there if not otherwise."""
    plugin, here = house.office.catalogue.plugins["notices"], house.office.places.get(place)
    person = house.person(who)
    around = house.office.around("zh", here, person)
    group = {"reach": "group", "audience": CLEARED, "within": place}
    given = {**TEXT, **group, **answers}
    if isinstance(given["audience"], str):
        given["audience"] = [each for each in [given["audience"]] if each]
    outcome = evaluate(plugin.form, {key: each for key, each in given.items() if each}, around)
    assert not outcome.problems, outcome.problems
    filing = Filing(
        number or fresh_number(),
        "notices",
        here,
        plugin.form,
        plugin.workflow,
        outcome.data,
        person=person,
    )
    return house.office.cases.submit(filing, None, around)


def press(
    house: House, case: Case, move: str, who: str = "county", comment: str = "", **step: str
) -> Case:
    """Make a move on the case's page, and do what follows the reply."""
    client = house.client(OFFICERS.get(who, who))
    address = f"/{case.item['place']}/case/{case.id}/do/{move}/"
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    answer = client.post(address, data={**hidden(page.text), "comment": comment, **step})
    assert answer.status_code == 302, answer.text[-3000:]
    house.later.run()
    return house.now(case)


def past_taking_back(house: House) -> None:
    """Let the ten minutes pass in which it can be taken back, and the next ticks come."""
    house.clock.move(minutes=11)
    tick(house)


def tick(house: House) -> None:
    assert house.office.ticks.tick()
    house.office.ticks.release()


def sent(house: House, **answers: Any) -> Case:
    """Have a county officer's notice sent to the end."""
    case = press(house, written(house, **answers), "send")
    past_taking_back(house)
    return house.now(case)


def volunteers(house: House, *numbers: int, **other: Any) -> list[Case]:
    found = [house.cleared(n, **other) for n in numbers]
    house.office.effects.work_off_due()
    house.office.counting.work_off_due()
    house.letters.sent.clear()
    return found


def told(house: House, n: int) -> list[str]:
    """Return the notices that the n-th volunteer was sent."""
    return [each for each in house.letters.to(fictional_phone(n)) if "通知：" in each]


def link(house: House, n: int) -> str:
    """Return the path of the address that the n-th volunteer was sent."""
    [letter] = told(house, n)
    found = re.search(r"http://localhost(/n/[a-z2-7]{16}/)", letter)
    assert found, letter
    return found[1]


def progress(house: House, case: Case, client: FlaskClient | None = None) -> str:
    """Return what the case's page says of how far it has come."""
    page: TestResponse = (client or house.client(OFFICERS["county"])).get(
        f"/{case.item['place']}/case/{case.id}/"
    )
    found = re.search(r'aria-labelledby="progress">(.*?)</section>', page.text, re.DOTALL)
    return re.sub("<[^>]+>", "", found[1]) if found else ""
