"""Work after the reply, on one thread of this process."""

import logging
import os
from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Lock, Thread

LIMIT = 100
"""How much work may wait; what comes on top is left to the next tick."""
_IDLE = 5.0
"""Seconds without work after which the thread ends."""
_log = logging.getLogger(__name__)


class ThreadBackground:
    """The Background port: one daemon thread, started when there is work, ended when idle."""

    def __init__(self, limit: int = LIMIT) -> None:
        """Let `limit` pieces of work wait; further ones are dropped."""
        self._limit = limit
        self._running = False
        self._begin_anew()

    def soon(self, work: Callable[[], object]) -> None:
        """Run `work` soon; dropped where too much waits already. What it raises is logged."""
        if self._owner != os.getpid():  # the thread did not cross the fork
            self._begin_anew()
        try:
            self._waiting.put_nowait(work)
        except Full:
            _log.warning("background work left to the next tick")
            return
        with self._lock:
            if not self._running:
                self._running = True
                Thread(target=self._run, name="kehou-background", daemon=True).start()

    def join(self) -> None:
        """Wait until all that waits is done."""
        self._waiting.join()

    def _begin_anew(self) -> None:
        self._owner = os.getpid()
        self._waiting: Queue[Callable[[], object]] = Queue(self._limit)
        self._lock = Lock()
        self._running = False

    def _run(self) -> None:
        while True:
            try:
                work = self._waiting.get(timeout=_IDLE)
            except Empty:
                with self._lock:
                    if self._waiting.empty():
                        self._running = False
                        return
                continue
            self._do(work)

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 — work that fails must not end the thread
            _log.exception("background work failed; the next tick tries again")
        finally:
            self._waiting.task_done()
