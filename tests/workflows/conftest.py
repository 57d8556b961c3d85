"""The sample service, and the surroundings of a day."""

from collections.abc import Callable
from datetime import date

import pytest

from forms.calendar import national_calendar
from forms.surroundings import Surroundings
from tests.workflows.sample import read_workflow
from workflows.definition import Workflow


@pytest.fixture(scope="session")
def workflow() -> Workflow:
    return read_workflow()


@pytest.fixture
def around() -> Callable[..., Surroundings]:
    """Return what makes the surroundings of a day, by default a Monday in November."""

    def make(day: str = "2026-11-23") -> Surroundings:
        return Surroundings(date.fromisoformat(day), national_calendar())

    return make
