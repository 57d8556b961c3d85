"""The running house, the browser, and the register of pages seen."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.deploy.local_cloud import await_answer, free_port, program
from infra.local.app import local_app
from tests.browser import chromium
from tests.browser.visitor import Atlas, House


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.found()
    if path is None:
        pytest.skip("no Chromium here; `make test` installs one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield started
        started.close()


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    app = local_app(tmp_path_factory.mktemp("routes"), demo=True)
    return Atlas(app.url_map.bind("localhost"))


@pytest.fixture(scope="session")
def house(browser: Browser, atlas: Atlas) -> Iterator[House]:
    """The sample county, served as `make run` serves it."""
    with _served("--demo") as (address, _):
        yield House(address, browser, atlas)


@pytest.fixture(scope="session")
def empty_house(browser: Browser, atlas: Atlas) -> Iterator[tuple[House, str]]:
    """An installation that nobody has set up, and the path of its first link."""
    with _served() as (address, log):
        [link] = re.findall(r"(/first/\S+)", log.read_text())
        yield House(address, browser, atlas), link


@contextmanager
def _served(*arguments: str) -> Iterator[tuple[str, Path]]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="kehou-browser-") as name:
        folder = Path(name)
        log = folder / "log"
        command = [sys.executable, "-m", "infra.cli", "serve", "--port", str(port)]
        command += ["--folder", str(folder / "var"), *arguments]
        settings = dict(environ) | {"PYTHONUNBUFFERED": "1"}
        with program(command, settings, log, Path(__file__).parents[2]):
            await_answer(address + "/receipt/")
            yield address, log
