"""The volunteers' form as the tests' example."""

from pathlib import Path

import pytest

from forms.definition import Form
from forms.loading import load_form
from forms.source import Source, read_yaml

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def source() -> Source:
    return read_yaml((HERE / "volunteer.yaml").read_bytes(), "volunteer.yaml")


@pytest.fixture(scope="session")
def form(source: Source) -> Form:
    return load_form(source)
