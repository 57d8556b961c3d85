"""The running house, the browser, and the register of pages seen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from core.public_names import PublicNames
from core.web import public_names
from infra.local.app import local_app
from tests.browser.served import served
from tests.browser.visitor import Atlas, House

expect.set_options(timeout=20_000)
Folders = pytest.TempPathFactory


class AnyName(PublicNames):
    """Takes every public name: what the served site enciphered under its own key is no matter."""

    def opened(self, name: str) -> str:
        return name


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: Folders) -> Atlas:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(public_names, "PublicNames", AnyName)
        app = local_app(tmp_path_factory.mktemp("routes"), demo=True)
    return Atlas(app.url_map.bind("localhost"))


@pytest.fixture(scope="session")
def house(browser: Browser, atlas: Atlas, tmp_path_factory: Folders) -> Iterator[House]:
    """The sample county, served as `make run` serves it."""
    with served(tmp_path_factory.mktemp("county"), "--demo") as address:
        yield House(address, browser, atlas)


@pytest.fixture(scope="session")
def empty_house(
    browser: Browser, atlas: Atlas, tmp_path_factory: Folders
) -> Iterator[tuple[House, str]]:
    """An installation that nobody has set up, and the path of its first link."""
    folder = tmp_path_factory.mktemp("empty")
    with served(folder) as address:
        [link] = re.findall(r"(/first/\S+)", (folder / "log").read_text())
        yield House(address, browser, atlas), link
