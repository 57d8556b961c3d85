"""Composes Kehou on one machine: everything in one folder."""

import os
from pathlib import Path
from typing import Any

from flask import Flask

from core.ports import Messages, Ports
from core.web.app import BUNDLED, create_app
from infra.clock import SystemClock
from infra.gateway import HttpGateway
from infra.local.background import ThreadBackground
from infra.local.files import FolderFiles
from infra.local.keys import FileKeys
from infra.local.messages import Outbox
from infra.local.sqlite import SqliteStore

DEFAULT_FOLDER = Path("var")


def local_ports(folder: Path) -> Ports:
    """Return the ports of an installation whose data lies in `folder`.

    Messages go to the gateway at `KEHOU_GATEWAY` (an address), else they stay on the outbox page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clock, gateway = SystemClock(), os.environ.get("KEHOU_GATEWAY", "")
    data = folder / "kehou.sqlite"
    messages: Messages = HttpGateway(gateway) if gateway else Outbox(data, clock)
    return Ports(
        store=SqliteStore(data),
        files=FolderFiles(folder / "files"),
        messages=messages,
        keys=FileKeys(folder / "master.key"),
        clock=clock,
        background=ThreadBackground(),
        counters=SqliteStore(data, lasting=False),
    )


def local_app(folder: Path, *, demo: bool = False, config: dict[str, Any] | None = None) -> Flask:
    """Return the application on the data in `folder`, its definitions published."""
    folders = [BUNDLED, *_extra_folders()]
    app = create_app(local_ports(folder), folders, demo=demo, config=config)
    app.extensions["kehou"].publish()
    return app


def _extra_folders() -> list[Path]:
    """Return the folders that `KEHOU_PLUGINS` names beside the bundled one."""
    return [Path(each) for each in os.environ.get("KEHOU_PLUGINS", "").split(os.pathsep) if each]
