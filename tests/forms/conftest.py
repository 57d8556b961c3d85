"""The volunteers' form as the tests' example."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from forms.definition import Form
from forms.loading import load_form
from forms.source import Source, read_yaml

settings.register_profile(
    "steady",
    deadline=None,  # a busy machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def source() -> Source:
    return read_yaml((HERE / "volunteer.yaml").read_bytes(), "volunteer.yaml")


@pytest.fixture(scope="session")
def form(source: Source) -> Form:
    return load_form(source)
