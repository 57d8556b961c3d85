"""A county whose store is in trouble: busy now and then, its indexes behind."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from core.office import open_office
from core.people import Role
from core.ports import Ports
from core.store import Item, Key, Put, Store, Write
from core.web.app import BUNDLED
from infra.local.files import FolderFiles
from infra.local.keys import FileKeys
from tests.core.grants import SECOND, THIRD
from tests.core.house import House, Later, Letters, Net, SetClock
from tests.counted import Counted
from tests.judge import Judge
from tests.store.troubled import Troubled

SERVICES = Path(__file__).parent / "services"
SERVICE = "stipends"
AT = "2026-11-01T00:00:00.000Z"
AT_ONCE = 100
MakeStores = Callable[[Path], tuple[Store, Store]]


class Noted:
    """Passes everything on to `store` and notes every key that is written to."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.keys: dict[Key, None] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*writes)
        self.keys |= dict.fromkeys(write.key for write in writes)

    def everything(self) -> list[Item]:
        """Return all items that were written since and stand still."""
        keys = list(self.keys)
        parts = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
        return [item for part in parts for item in self.store.get(*part) if item]


@dataclass(frozen=True)
class County:
    """What stands in the store at the beginning, and the file of its keys."""

    items: Sequence[Item]
    keys: Path


class World:
    """One installation on two empty stores, filled with the sample county."""

    def __init__(self, folder: Path, store: Store, behind: Store, county: County) -> None:
        for each in (store, behind):
            for at in range(0, len(county.items), AT_ONCE):
                each.commit(*map(Put, county.items[at : at + AT_ONCE]))
        self.noted = Noted(store)
        self.store = Troubled(self.noted, behind)
        clock, letters, later = SetClock(), Letters(), Later()
        counted = Counted(self.store)
        files, keys = FolderFiles(folder / "files"), FileKeys(county.keys)
        ports = Ports(counted, files, letters, keys, clock, later, Net())
        office = open_office(ports, [BUNDLED, SERVICES], demo=True)
        office.publish()
        app = Flask("world")
        app.extensions["kehou"] = office
        self.house = House(folder, clock, counted, letters, later, app)
        office.places.switch("liuting-zhen", SERVICE, "on", "", AT)
        for phone, name in ((SECOND, "贺兰"), (THIRD, "乔木")):
            office.people.give(phone, name, Role("county_officer", "qinghe"))
        self.settle()

    def trouble(self, seed: int, busy: float, lag: int) -> None:
        """Let the troubles begin."""
        self.store.begin(seed, busy, lag)

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Let the store be as quick as one could wish for a moment."""
        busy, self.store.busy = self.store.busy, 0.0
        yield
        self.store.busy = busy

    def tick(self) -> None:
        if self.house.office.ticks.tick() is not None:
            self.house.office.ticks.release()

    def settle(self) -> None:
        """Let three days pass without any trouble."""
        self.house.letters.down, self.store.lag = False, 0
        self.store.catch_up()
        with self.calm():
            for _ in range(6):
                self.house.clock.move(hours=12)
                self.tick()

    def judge(self) -> Judge:
        office = self.house.office
        return Judge(office, self.noted.everything(), set(self.house.letters.sent))
