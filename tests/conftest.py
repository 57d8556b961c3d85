"""What holds for every test, and the one browser of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium

# A slow moment of a shared machine is no fault of the code under test.
settings.register_profile("kehou", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kehou")

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before the items are dealt out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each folder's tests on one worker: they share servers, emulators and browsers."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        item.add_marker(pytest.mark.xdist_group(folder))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.found()
    if path is None:
        pytest.skip("no Chromium here; `make test` installs one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield started
        started.close()
