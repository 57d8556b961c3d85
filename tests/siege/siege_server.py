"""The server of a siege: `python -m tests.siege.siege_server STORE FOLDER PORT [SINCE]`.

It is the server of `kehou serve`, on the store that STORE names: `whole` is the real one, others
are broken on purpose, for the controls. With SINCE (seconds since 1970) its clock runs 10,800
times as fast since then, and whatever the core counts in seconds or minutes is as much longer, so
that a few seconds bring whole days of timers while nobody's ten minutes pass unused.
"""

import itertools
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Any

from flask import Flask

import core.seats
import core.ticks
import core.undoing
import infra.local.server
from core.store import Change, Check, Conflict, Item, Key, Put, Store, Write
from core.web.app import create_app
from infra.local.app import local_ports
from infra.local.server import Server, options

HASTE = 10_800
"""How many seconds pass in one: three hours."""


@dataclass(frozen=True)
class HastyClock:
    """A clock that runs fast since one moment."""

    since: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.since + (time.time() - self.since) * HASTE, UTC)


class Unconditional:
    """Writes everything at once, whatever stands there."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*(replace(w, when=()) for w in writes if not isinstance(w, Check)))


class Torn(Unconditional):
    """Commits write by write, and dies within every seventh."""

    _count = itertools.count(1)

    def commit(self, *writes: Write) -> None:
        for write in writes[: 2 if next(self._count) % 7 == 0 else None]:
            self.store.commit(write)
        if len(writes) > 2 and next(self._count) % 7 == 0:
            raise RuntimeError("died within a commit")


class Early(Unconditional):
    """Says that a case is written down a moment before it is: the reply overtakes the commit."""

    def commit(self, *writes: Write) -> None:
        if any(write.key[1] == "H" for write in writes):
            Timer(0.5, self._late, writes).start()
        else:
            self.store.commit(*writes)

    def _late(self, *writes: Write) -> None:
        try:
            self.store.commit(*writes)
        except Conflict:
            return


class Slow:
    """The background of a busy server: what follows a reply is done a second later."""

    def soon(self, work: Callable[[], object]) -> None:
        Timer(1, work).start()


class Forgetful(Unconditional):
    """Keeps what an event has still to do in memory instead of in the event."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._todo: dict[Key, Any] = {}

    def commit(self, *writes: Write) -> None:
        self.store.commit(*map(self._without, writes))

    def get(self, *keys: Key) -> list[Item | None]:
        return [self._with(item) for item in self.store.get(*keys)]

    def _without(self, write: Write) -> Write:
        if isinstance(write, Change) and write.key in self._todo:
            self._todo.pop(write.key)
        if not isinstance(write, Put) or not write.item.get("todo"):
            return write
        self._todo[write.key] = write.item["todo"]
        item = {name: each for name, each in write.item.items() if not name.startswith("desk_")}
        return replace(write, item={**item, "todo": []})

    def _with(self, item: Item | None) -> Item | None:
        todo = self._todo.get((item["pk"], item["sk"])) if item else None
        return {**item, "todo": todo} if item and todo else item


class Hesitant(Unconditional):
    """Takes its time before it writes what is held of a venue's hour, so that many are between."""

    pause = 0.05

    def commit(self, *writes: Write) -> None:
        if any(map(_is_hour, writes)):
            time.sleep(self.pause)
        self.store.commit(*writes)


class Limitless(Hesitant):
    """Hesitates long, and then holds places without asking whether they are free still."""

    pause = 0.4

    def commit(self, *writes: Write) -> None:
        super().commit(*(replace(w, when=()) if _is_hour(w) else w for w in writes))


def _is_hour(write: Write) -> bool:
    return write.key[0].startswith("X#bookings#slots#") and not isinstance(write, Check)


STORES: dict[str, type[Unconditional]] = {
    "torn": Torn,
    "unconditional": Unconditional,
    "early": Early,
    "forgetful": Forgetful,
    "hesitant": Hesitant,
    "limitless": Limitless,
}


class SiegeServer(Server):
    """Serves with the store that `kind` names, by the clock given."""

    kind = "whole"
    clock: HastyClock | None = None

    def load(self) -> Flask:
        ports = local_ports(self._folder)
        if self.kind in STORES:
            ports = replace(ports, store=STORES[self.kind](ports.store))
        if self.kind == "forgetful":
            ports = replace(ports, background=Slow())
        if self.clock:
            ports = replace(ports, clock=self.clock)
        app = create_app(ports, demo=True, config=self._config)
        app.extensions["kehou"].publish()
        return app


def hasten() -> None:
    """Stretch what is counted in seconds, and look for time's work often."""
    infra.local.server.TICK_SECONDS = 0.4
    core.ticks.LEASE_SECONDS = HASTE
    core.undoing.WINDOW = timedelta(seconds=4 * HASTE)
    core.seats.SECOND_LOOK *= HASTE


if __name__ == "__main__":
    what, folder, port, *since = sys.argv[1:]
    SiegeServer.kind = what
    if since:
        SiegeServer.clock = HastyClock(float(since[0]))
        hasten()
    config = {"SUBMISSIONS_AN_HOUR": 10**6}
    SiegeServer(Path(folder), options("127.0.0.1", int(port), 2), demo=True, config=config).run()
