"""What the tests of the page of who is waited for look at and press."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.reminders import Asking, Target
from core.store import Write
from tests.core.house import OFFICERS, House
from tests.core.test_cases import Unconditional
from tests.pages import hidden

PAGES, VETTING = "/qinghe/publication/waiting/", "/qinghe/volunteers/waiting/"


SCHOOL = OFFICERS["school"]


def counted(house: House) -> House:
    house.office.counting.work_off_due()
    return house


def section(page: TestResponse | str, name: str) -> str:
    text = page if isinstance(page, str) else page.text
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', text, re.DOTALL)
    return found[0] if found else ""


def names(part: str) -> list[str]:
    return [
        re.sub("<.*?>", "", each) for each in re.findall(r"<strong.*?</strong>", part, re.DOTALL)
    ]


def text_of(part: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", part, re.DOTALL)
    return found[1] if found else ""


def click(
    client: FlaskClient, address: str, group: str, *, targets: list[str] | None = None
) -> TestResponse:
    """Press the button of a group, as the page offers it."""
    page = client.get(address).text
    part = section(page, group)
    shown = re.findall(r'name="target" value="([^"]*)"', part)
    sent: dict[str, Any] = {"csrf_token": hidden(page)["csrf_token"], "group": group}
    for name in ("since", "workflow", "from"):
        given = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', part)
        sent[name] = given[1] if given else ""
    return client.post(address, data={**sent, "target": shown if targets is None else targets})


def late(house: House, n: int = 2) -> list[Case]:
    """Hand in registrations at the first school and let them be overdue."""
    cases = [house.submit(each) for each in range(1, n + 1)]
    house.office.effects.work_off_due()
    counted(house).clock.move(days=8)
    house.letters.sent.clear()
    return cases


def returned(house: House, n: int = 1) -> Case:
    case = house.do(house.submit(n), "return", "school", comment="请补签", marks=("signature",))
    house.office.effects.work_off_due()
    counted(house).letters.sent.clear()
    return case


RETURNED = """
id: answering
form: suggestion
states:
  draft: {kind: draft}
  waiting: {kind: open, label: 待答复, due: 5wd, assign: {role: school_officer, at: school}}
  back: {kind: returned, due: 5wd, overdue: {after: 0d, move: lapse}}
  over: {kind: final, label: 完}
transitions:
  submit: {from: [draft, back], to: waiting, by: applicant}
  send_back: {from: waiting, to: back, by: school_officer}
  lapse: {from: back, to: over, by: system}
"""


class Careless(Unconditional):
    """Drops the condition on reminders: the control of what it is for."""

    def _loosened(self, write: Write) -> Write:
        return replace(write, when=()) if write.key[0].startswith("RM#") else write


def asked_by_many(house: House, n: int = 6) -> int:
    """Let many have the same desk reminded at once; return how many letters went out."""
    target, person = Target("late", "hexi-1", "school_officer"), house.person("county")
    asking = Asking(
        person, {"by": person.id, "role": "county_officer", "office": "qinghe"}, ("林",)
    )
    reminders, county = house.office.reminders, house.office.places.get("qinghe")
    together = Barrier(n)

    def ask(_: int) -> int:
        together.wait()
        made = reminders.ask(county, "volunteers", [target], asking)
        return reminders.settle(made)

    with ThreadPoolExecutor(n) as pool:
        assert sum(pool.map(ask, range(n))) >= 1
    return len(house.letters.to(SCHOOL))
