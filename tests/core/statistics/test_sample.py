"""The sample county's statistics agree with its cases, of every service and workflow."""

from contextlib import closing
from pathlib import Path
from typing import Any

from core.commands.seed import seed
from core.office import open_office
from core.store import Item
from core.web.app import BUNDLED
from tests.core.house import Later, Letters, SetClock, ports
from tests.judge import Judge
from tests.tallies import of_counting, of_flow, of_standing, stored


def test_it_is_counted_as_soon_as_it_is_there(tmp_path: Path) -> None:
    made, counted = ports(tmp_path, SetClock(), Letters(), Later())
    store: Any = counted.store
    with closing(store):
        assert seed(made, [BUNDLED], lambda _: None)
        rows = store._rows([("pk LIKE ?", ("%",))], ("pk", "sk"), 10_000, reverse=False)  # noqa: SLF001
        items: list[Item] = [item for pk, sk, *_ in rows for item in store.get((pk, sk)) if item]
        judge = Judge(open_office(made, [BUNDLED], demo=True), items, set())
        found = [*of_counting(judge), *of_standing(judge), *of_flow(judge)]
        assert not found, found
        flows = {(key[0], key[1].split("#")[1]) for key in stored(judge)}
        assert {flow for pk, flow in flows if pk.endswith("#bookings")} >= {"visit", "hosting"}
