"""Whatever people and the clock do to cases, in whatever order and trouble, they stay whole.

`make soak` leads far more lives, and on DynamoDB's emulator too.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from traceback import format_exception

import pytest

from core.store import Absent, Change, Delete, Put, Version, Write
from tests.core.house import House
from tests.core.lives.runs import live, sqlite_stores

Forgets = Callable[[House, Sequence[Write]], list[Write]]
SEED = 20261123


def test_cases_stay_whole_whatever_happens_to_them(built: Path) -> None:
    live(built, sqlite_stores, 10, 30, SEED)


def without_versions(house: House, writes: Sequence[Write]) -> list[Write]:
    """Return the writes of a core that does not ask whether a case has moved on meanwhile."""
    blind: list[Write] = []
    for each in writes:
        if isinstance(each, Put) and each.key[0].startswith("C#"):
            [now] = house.store.get(each.key)
            blind.append(replace(each, when=(Version(now["v"]),) if now else (Absent(),)))
        else:
            blind.append(each)
    return blind


def without_release(_house: House, writes: Sequence[Write]) -> list[Write]:
    """Return the writes of a core that lets no claim go."""
    gone = [each for each in writes if isinstance(each, Delete) and each.key[0].startswith("U#")]
    return [each for each in writes if each not in gone]


def without_counting_once(_house: House, writes: Sequence[Write]) -> list[Write]:
    """Return the writes of a core that counts an event whether it has been counted or not."""
    return [
        replace(each, when=()) if isinstance(each, Change) and "counted" in each.add else each
        for each in writes
    ]


@pytest.mark.parametrize(
    ("forgets", "found"),
    [
        (without_versions, "but events"),
        (without_release, "a claim that no case names"),
        (without_counting_once, "was counted 2 times"),
    ],
)
def test_control_with_one_guard_taken_away_the_machine_finds_it(
    built: Path, forgets: Forgets, found: str
) -> None:
    def broken(house: House) -> None:
        real = house.store.commit
        commit = lambda *writes: real(*forgets(house, writes))  # noqa: E731 — takes a method's place
        house.store.commit = commit  # type: ignore[method-assign]

    with pytest.raises((AssertionError, ExceptionGroup)) as raised:
        live(built, sqlite_stores, 60, 30, SEED, broken=broken)
    assert found in "".join(format_exception(raised.value))
