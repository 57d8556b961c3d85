"""The sample county's opinions stand in every state; averages are made of five and more."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from core.commands.seed import seed
from core.web.app import BUNDLED
from infra.local.sqlite import SqliteStore
from tests.core.house import House, Later, Letters, SetClock, everything, open_house, ports
from tests.plugins.feedback.test_satisfaction import said, tables


@pytest.mark.parametrize("day", [(2026, 11, 30), (2026, 12, 19)])
def test_every_state_is_there_whatever_the_day(tmp_path: Path, day: tuple[int, int, int]) -> None:
    folder, clock = tmp_path / "var", SetClock(datetime(*day, 3, 0, tzinfo=UTC))
    folder.mkdir()
    made, store = ports(folder, clock, Letters(), Later())
    with closing(cast("SqliteStore", store.store)):
        assert seed(made, [BUNDLED], lambda _: None)
    with closing(open_house(folder, tmp_path / "house")) as house:
        house.clock.at = clock.at
        heads = [item for item in everything(house, "C#") if item["sk"] == "H"]
        found = {item["state"] for item in heads if item["plugin"] == "feedback"}
        workflow = house.office.catalogue.plugins["feedback"].workflow
        assert found == workflow.states.keys() - {"draft"}
        assert house.client().get("/hexi-zhen/feedback/list/").status_code == 200
        _averages(house)


def _averages(house: House) -> None:
    rated = [row for row in said(tables(house, "qinghe")[0]).values() if row[1]]
    assert all((mean is None) == (count < 5) for mean, count in rated)  # type: ignore[operator]
