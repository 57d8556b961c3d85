"""Serves Kehou on this machine with gunicorn, time's work on a thread beside."""

import logging
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from core.office import Office
from infra.local.app import local_app

log = logging.getLogger(__name__)
TICK_SECONDS = 20.0


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by us alone."""

    def __init__(
        self, folder: Path, options: dict[str, Any], *, demo: bool, config: dict[str, Any]
    ) -> None:
        self._folder, self._options, self._demo, self._config = folder, options, demo, config
        super().__init__()

    def load_config(self) -> None:
        """Take our options and nothing from the command line or the environment."""
        for name, value in self._options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", _start_ticking)

    def load(self) -> Flask:
        """Make the application, once in each worker."""
        return local_app(self._folder, demo=self._demo, config=self._config)


def serve(  # noqa: PLR0913 — what `kehou serve` may be told
    folder: Path, host: str, port: int, workers: int, *, demo: bool, config: dict[str, Any]
) -> None:
    """Serve until stopped; `config` is the application's."""
    Server(folder, options(host, port, workers), demo=demo, config=config).run()


def options(host: str, port: int, workers: int) -> dict[str, Any]:
    """Return gunicorn's settings."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": 8,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "proc_name": "kehou",
        "forwarder_headers": "",  # by default whoever asks says SCRIPT_NAME, which begins all links
    }


def _start_ticking(worker: Any) -> None:
    office: Office = worker.wsgi.extensions["kehou"]
    threading.Thread(target=_tick_for_ever, args=(office,), name="kehou-tick", daemon=True).start()


def _tick_for_ever(office: Office) -> None:
    pause = threading.Event()
    while not pause.wait(TICK_SECONDS):
        try:
            if office.ticks.tick() is not None:
                office.ticks.release()
        except Exception:  # the next tick finds what this one left
            log.exception("a tick failed")
