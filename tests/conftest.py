"""What holds for every test, and the one browser of a worker."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from tests.browser import chromium

# A slow moment of a shared machine is no fault of the code under test.
settings.register_profile("kehou", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kehou")


APART = frozenset({"core", "forms", "plugins", "siege", "workflows"})
"""The folders whose files share nothing that is dear to begin."""


class FolderScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps a folder's tests on one worker where they share servers, emulators and browsers."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.split("/")[1]
        return nodeid.partition("::")[0] if folder in APART else folder


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FolderScheduling:
    """Deal the tests out by folder, or file."""
    return FolderScheduling(config, log)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.found()
    if path is None:
        pytest.skip("no Chromium here; `make test` installs one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield started
        started.close()
