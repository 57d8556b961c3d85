"""The sample county's invitations stand as listed, whatever the day it is set up on."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from core.case_items import Case
from core.commands.seed import seed
from core.web.app import BUNDLED
from forms.source import read_yaml
from infra.local.sqlite import SqliteStore
from tests.core.house import House, Later, Letters, SetClock, everything, open_house, ports

TOLD: list[dict[str, Any]] = [
    each
    for each in read_yaml((BUNDLED / "volunteers/demo.yaml").read_bytes(), "demo").data["cases"]
    if each["workflow"] == "inviting"
]


@pytest.mark.parametrize("day", [(2026, 11, 23), (2026, 12, 6), (2027, 1, 1)])
def test_each_stands_as_listed(tmp_path: Path, day: tuple[int, int, int]) -> None:
    clock = SetClock(datetime(*day, 3, tzinfo=UTC))
    folder = tmp_path / "var"
    folder.mkdir()
    made, store = ports(folder, clock, Letters(), Later())
    with closing(cast("SqliteStore", store.store)):
        assert seed(made, [BUNDLED], lambda _: None)
    house = open_house(folder, tmp_path / "house")
    with closing(house):
        found = [each for each in _cases(house) if each.item["about"]]
        standing = sorted((str(each.answers["course"]), each.state) for each in found)
        assert standing == sorted((each["answers"]["course"], each["state"]) for each in TOLD)


def _cases(house: House) -> list[Case]:
    items = [each for each in everything(house, "C#") if each["sk"] == "H"]
    return [Case(each, house.office.vault) for each in items]
