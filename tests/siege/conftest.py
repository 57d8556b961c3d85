"""Installations for the tests of the core."""

import shutil
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
def folder(built: Path, tmp_path: Path) -> Path:
    """Return a copy of that county's folder, for a server of its own."""
    shutil.copytree(built, tmp_path / "var")
    return tmp_path / "var"


@pytest.fixture
def make_house(built: Path, tmp_path: Path) -> Iterator[MakeHouse]:
    """Return what opens a copy of the county."""
    opened: list[House] = []

    def make(**how: Any) -> House:
        opened.append(open_house(built, tmp_path / f"house{len(opened)}", **how))
        return opened[-1]

    yield make
    for house in opened:
        house.close()


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    """Return the sample county without cases."""
    return make_house()


@pytest.fixture(scope="module")
def shared(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one county for all the tests of a file that leave it as usable as it was."""
    house = open_house(built, tmp_path_factory.mktemp("shared") / "var")
    yield house
    house.close()
