"""Who keeps figures, and what the tests of kept figures look at."""

import re
import secrets
from typing import Any

from werkzeug.test import TestResponse

from core.statistics.comparing import count_of, countable
from core.statistics.keeping import Kept, Row, Wish
from core.statistics.opening import Opened
from tests.core.house import OFFICERS, House
from tests.core.statistics.asked import FLOW, SERVICE
from tests.pages import hidden

KEPT = f"/qinghe/{SERVICE}/figures/kept/"


def keep(house: House, month: str = "", place: str = "qinghe", **other: Any) -> Kept:
    """Keep the figures of a place as they stand, or stood at the end of a month."""
    here = house.office.places.get(place)
    tree = [here, *(each for each in house.office.places.tree(here) if each.slug != place)]
    flow = house.office.catalogue.plugins[SERVICE].workflow
    flows = {FLOW: {"workflow": flow.hash, "form": flow.forms[flow.form].hash}}
    wish = Wish(other.get("id") or secrets.token_hex(8), other.get("title", "期中"), month)
    name = house.office.keeping.keep(wish, tree, SERVICE, flows, house.person("county"))
    found = house.office.keeping.get(here.county, SERVICE, place, name)
    assert found
    return found


def rows_of(house: House, kept: Kept) -> dict[str, Row]:
    rows, holds = house.office.keeping.rows(kept)
    assert holds
    return {each.slug: each for each in rows}


def opened(house: House, kept: Kept, slug: str, what: str) -> list[Opened]:
    flow = house.office.catalogue.plugins[SERVICE].workflow
    return [*house.office.opening.cases(kept, flow, slug, what)]


def differences(house: House, kept: Kept) -> list[str]:
    """Return where a number is not that of the cases it opens down to."""
    flow = house.office.catalogue.plugins[SERVICE].workflow
    rows = rows_of(house, kept)
    found = []
    concerned = {slug: row for slug, row in rows.items() if row.figures.get(FLOW)}
    for slug, row in {**concerned, "museum": rows.get("museum", rows[kept.place])}.items():
        for what in countable(flow, [*rows.values()]):
            number = count_of(what, row.figures.get(FLOW, {}), flow)
            cases = opened(house, kept, slug, what)
            if number != len(cases) or len({each.item["id"] for each in cases}) != number:
                found.append(f"{slug} {what}: {number}, opened {len(cases)}")
    return found


def pressed(house: House, who: str = "county", place: str = "qinghe", **given: str) -> TestResponse:
    """Press 定格 as a browser does."""
    client = house.client(OFFICERS.get(who, who))
    path = KEPT.replace("qinghe", place)
    page = client.get(path)
    data = {**hidden(page.text), "title": "期中", "as_of": "today", **given}
    return client.post(path, data=data)


def cells(page: str) -> list[list[str]]:
    """Return the rows of the comparison, the whole place last."""
    [body] = re.findall(r'<table class="tally".*?</table>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)[1:]
    told = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    plain = [
        [re.sub(r"<span class=\"visually.*?</span>", "", cell) for cell in row] for row in told
    ]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in plain]
