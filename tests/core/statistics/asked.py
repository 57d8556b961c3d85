"""What tests of the statistics do to cases, and how they read what was counted."""

from typing import Any

from core.case_items import Case
from core.filings import Deed, Filing
from core.numbers import fresh_number
from core.statistics.reading import Statistics
from core.store import Item
from tests.core.house import House, everything
from tests.judge import Judge

SERVICE, FLOW = "stipends", "deciding"
PHONE = "00000000701"


def ask(house: House, n: int = 0, place: str = "hexi-zhen", **said: Any) -> Case:
    """Hand in a request, by another person for each `n`."""
    where = house.office.places.get(place)
    plugin = house.office.catalogue.plugins[SERVICE]
    school = "liuting" if place == "liuting-zhen" else "hexi-1"
    phone = f"{int(PHONE) + n:011}"
    data = {"name": "尹老师", "phone": phone, "school": school, "kind": "hardship", **said}
    filing = Filing(fresh_number(), SERVICE, where, plugin.form, plugin.workflow, data)
    return house.office.cases.submit(filing, None, house.office.around("zh", where))


def mend(house: House, case: Case, **said: Any) -> Case:
    """Hand a returned request in again with other answers."""
    around = house.office.around("zh", house.office.places.get(case.item["place"]))
    deed = Deed("submit", case.v, house.person(case.answers["phone"]))
    return house.office.cases.edit(case, deed, {**case.answers, **said}, around)


def take_back(house: House, case: Case, who: str) -> Case:
    around = house.office.around("zh", house.office.places.get(case.item["place"]))
    return house.office.reversals.take_back(case, house.person(who), case.v, around)


def count(house: House) -> int:
    """Count all that is due; return how many events were."""
    return house.office.counting.work_off_due()


def read(
    house: House, place: str = "qinghe", first: str = "202611", last: str = "202611"
) -> Statistics:
    """Return the statistics of a place."""
    where = house.office.places.get(place)
    return house.office.statistics.of(where, SERVICE, [FLOW], first, last)[FLOW]


def judged(house: House) -> Judge:
    """Return a judge over everything in the file."""
    items: list[Item] = [*everything(house, "C#"), *everything(house, "ST#")]
    return Judge(house.office, items, set(house.letters.sent))
