"""How something to learn with is recommended, and by whom."""

from typing import Any

from core.case_items import Case
from core.filings import Filing
from core.numbers import fresh_number
from tests.core.house import OFFICERS, House

TEACHER, COUNTY = "00000000109", OFFICERS["county"]
URL = "https://basic.smartedu.cn/a"
LESSON: dict[str, Any] = {
    "title": "水的蒸发",
    "kind": "experiment",
    "stage": "primary",
    "subject": "science",
    "url": URL,
    "free": True,
}
HOUR: dict[str, Any] = {
    "title": "作文怎么开头",
    "kind": "master_teacher_qa",
    "stage": "junior",
    "subject": "chinese",
    "teacher": "查老师",
    "date": "2026-12-02",
    "starts": "19:00",
    "ends": "20:00",
    "join": "https://meeting.tencent.com/dm/x",
    "free": True,
}


def recommend(house: House, who: str = COUNTY, place: str = "qinghe", **told: Any) -> Case:
    """Hand in a resource; raises what the core raises."""
    plugin = house.office.catalogue.plugins["cloud_classroom"].begun_in("sharing")
    where, person = house.office.places.get(place), house.person(who)
    data = {**(HOUR if told.get("kind") == "master_teacher_qa" else LESSON), **told}
    filing = Filing(
        fresh_number(), plugin.id, where, plugin.form, plugin.workflow, data, person=person
    )
    house.clock.move(minutes=1)
    return house.office.cases.submit(filing, None, house.office.around("zh", where))


def looked_at(house: House, case: Case) -> Case:
    """Let whatever follows follow; return the case as it is then."""
    for _ in range(3):
        house.office.effects.work_off_due()
    return house.now(case)


def a_day_later(house: House, case: Case, days: int = 1) -> Case:
    """Let the clock go on and ring; return the case as it is then."""
    house.clock.move(days=days + 1)  # a day is over when it has ended
    house.office.ticks.tick()
    house.office.ticks.release()
    return looked_at(house, case)
