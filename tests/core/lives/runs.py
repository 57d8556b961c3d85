"""Runs the machine so often, so long, on one kind of store, from one seed."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from core.store import Store
from infra.aws.dynamodb import DynamoStore
from infra.deploy.tables import create_table
from infra.local.sqlite import SqliteStore
from tests.core.house import House
from tests.core.lives.machine import Lives
from tests.core.lives.world import County, MakeStores

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_numbers = itertools.count()


def county_in(folder: Path) -> County:
    """Return what stands in an installation's folder."""
    store = SqliteStore(folder / "kehou.sqlite")
    rows = store._rows([("pk LIKE ?", ("%",))], ("pk", "sk"), 10_000, reverse=False)  # noqa: SLF001
    items = [item for pk, sk, *_ in rows for item in store.get((pk, sk)) if item]
    store.close()
    unnumbered = [{name: each for name, each in item.items() if name != "v"} for item in items]
    return County(unnumbered, folder / "master.key")


def sqlite_stores(folder: Path) -> tuple[Store, Store]:
    """Return two empty stores in a folder."""
    return SqliteStore(folder / "main.db"), SqliteStore(folder / "behind.db")


def dynamo_stores(client: "DynamoDBClient") -> MakeStores:
    """Return what makes an empty table, and a store for its indexes that can be kept behind."""

    def make(folder: Path) -> tuple[Store, Store]:
        table = f"lives-{next(_numbers)}"
        create_table(client, table)
        return DynamoStore(client, table), SqliteStore(folder / "behind.db")

    return make


def live(  # noqa: PLR0913 — what a run is
    folder: Path,
    stores: MakeStores,
    lives: int,
    steps: int,
    seeded: int,
    *,
    broken: Callable[[House], None] | None = None,
    shrink: bool = False,
) -> None:
    """Lead so many lives of so many steps; raise what is found.

    `broken` takes something away before each, for a control.
    """

    class Seeded(Lives):
        """The machine of this run."""

    Seeded.county, Seeded.stores = county_in(folder), staticmethod(stores)
    if broken:
        Seeded.broken = staticmethod(broken)
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    how = settings(
        max_examples=lives,
        stateful_step_count=steps,
        phases=phases,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(seeded)(Seeded), settings=how)
