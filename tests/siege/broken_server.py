"""`kehou serve` on a store whose transaction is broken on purpose: the siege's control.

`python -m tests.siege.broken_server torn|unconditional FOLDER PORT`
"""

import itertools
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from core.store import Check, Store, Write
from core.web.app import create_app
from infra.local.app import local_ports
from infra.local.server import Server, options


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


class BrokenServer(Server):
    """Serves with the store that `kind` names."""

    kind: type[Unconditional] = Torn

    def load(self) -> Flask:
        ports = local_ports(self._folder)
        broken = replace(ports, store=self.kind(ports.store))
        return create_app(broken, demo=True, config=self._config)


if __name__ == "__main__":
    what, folder, port = sys.argv[1:]
    BrokenServer.kind = {"torn": Torn, "unconditional": Unconditional}[what]
    config = {"SUBMISSIONS_AN_HOUR": 10**6}
    BrokenServer(Path(folder), options("127.0.0.1", int(port), 2), demo=True, config=config).run()
