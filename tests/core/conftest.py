"""Installations for the tests of the core."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.house import House, build, open_house

MakeHouse = Callable[..., House]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a county that was entered once."""
    folder = tmp_path_factory.mktemp("county") / "var"
    build(folder)
    return folder


@pytest.fixture
def make_house(built: Path, tmp_path: Path) -> Iterator[MakeHouse]:
    """Return what opens a copy of the county, or `of` another house as it stands."""
    opened: list[House] = []

    def make(of: House | None = None, **how: Any) -> House:
        stands = of.folder if of else built
        opened.append(open_house(stands, tmp_path / f"house{len(opened)}", **how))
        return opened[-1]

    yield make
    for house in opened:
        house.close()


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    """Return the sample county without cases."""
    return make_house()
