"""What holds for every test."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow moment of a shared machine is no fault of the code under test.
settings.register_profile("kehou", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kehou")

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each folder's tests on one worker: they share servers, emulators and browsers."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        item.add_marker(pytest.mark.xdist_group(folder))
