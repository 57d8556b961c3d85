"""Composes Kehou on one machine: everything in one folder."""

import os
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core.bundles import Bundle
from core.discovery import wheels
from core.ports import Messages, Ports
from core.web.app import BUNDLED, create_app
from infra.clock import SystemClock
from infra.fetching import PublicFetch
from infra.gateway import HttpGateway
from infra.local.background import ThreadBackground
from infra.local.files import FolderFiles
from infra.local.keys import FileKeys
from infra.local.messages import Outbox
from infra.local.sqlite import SqliteStore
from infra.omissions import left_out

DEFAULT_FOLDER = Path("var")


def local_ports(folder: Path) -> Ports:
    """Return the ports of an installation whose data lies in `folder`.

    Messages go to the gateway at `KEHOU_GATEWAY` (an address, its password in
    `KEHOU_GATEWAY_TOKEN`), else they stay in the outbox.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clock, gateway = SystemClock(), os.environ.get("KEHOU_GATEWAY", "")
    token, data = os.environ.get("KEHOU_GATEWAY_TOKEN", ""), folder / "kehou.sqlite"
    messages: Messages = HttpGateway(gateway, token) if gateway else Outbox(data, clock)
    return Ports(
        store=SqliteStore(data),
        files=FolderFiles(folder / "files"),
        messages=messages,
        keys=FileKeys(folder / "master.key"),
        clock=clock,
        background=ThreadBackground(),
        fetch=PublicFetch(),
        counters=SqliteStore(data, lasting=False),
    )


def local_app(folder: Path, *, demo: bool = False, config: dict[str, Any] | None = None) -> Flask:
    """Return the application on the data in `folder`, its definitions published.

    `KEHOU_PROXIES` says how many web servers stand in front, whose word for the visitor's address
    is taken.
    """
    ports, without = local_ports(folder), left_out(os.environ)
    app = create_app(ports, plugins_here(), demo=demo, without=without, config=config)
    app.extensions["kehou"].publish()
    behind = int(os.environ.get("KEHOU_PROXIES", "0"))
    if behind:
        fixed = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)
        app.wsgi_app = fixed  # type: ignore[method-assign]
    return app


def plugins_here() -> list[Path | Bundle]:
    """Return where plugins are: the bundled ones, the folders of `KEHOU_PLUGINS`, the wheels."""
    folders = os.environ.get("KEHOU_PLUGINS", "").split(os.pathsep)
    return [BUNDLED, *(Path(each) for each in folders if each), *wheels()]
