"""A service with figures of its own, one of each shape; its desk tells a telephone."""

from pathlib import Path
from typing import Any

from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House
from tests.core.plugin_folder import write

PAGE, WORKBOOK = "/qinghe/tallies/figures/", "/qinghe/tallies/figures.xlsx"
ASKED: list[Any] = []
"""The spans that the plugin was asked for."""
_MENU = """menu:
  - {path: figures, label: {zh: 意见数, en: Tally}, roles: [school_officer, county_officer]}
hooks: [provide_figures]
"""
_PYTHON = """
from core.api import Chart, Column, Table
from core.hooks import hookimpl
from forms.text import Text
from tests.core.tallies import ASKED

COLUMNS = (
    Column(Text("学校", "School")),
    Column(Text("收到", "Got"), "number"),
    Column(Text("答复", "Answered"), "number"),
)
SCHOOLS, MONTHS = Text("各校", "Schools"), Text("各月", "Months")
PARTS, SERIES, BARS = Chart("stacked", (1, 2)), Chart("series", (1,)), Chart("bars", (1,))
ROWS = [("=甲校", 3, 2), ("乙校", 10, 1), ("丙校", 1, None)]

class Plugin:
    @hookimpl
    def provide_figures(self, context, first, last):
        ASKED.append((context.place.slug, first.isoformat(), last.isoformat()))
        if first.year == 2025:
            raise ZeroDivisionError
        if first.year == 2024:
            return []
        note = Text("按提交的日子数。", "By day of submission.")
        return [
            Table(SCHOOLS, COLUMNS, ROWS, note, PARTS, ("合计", 14, 3)),
            Table(MONTHS, COLUMNS[:2], [("9月", 5), ("8月", 9)], note, SERIES),
            Table(Text("空的", "Empty"), COLUMNS, [], note, BARS),
        ]
"""


def tallies_house(make_house: MakeHouse, folder: Path) -> House:
    """Return the sample county with that service, switched on in one district."""
    write(folder, "tallies", _PYTHON)
    manifest = folder / "tallies" / "plugin.yaml"
    told = manifest.read_text().replace("gist: [about]", "gist: [about, phone]")
    manifest.write_text(told + _MENU)
    house = make_house(folders=[BUNDLED, folder])
    house.office.places.switch("hexi-zhen", "tallies", "on", "某人", "2026")
    return house
