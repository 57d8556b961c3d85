"""One SQLite file, opened so that an acknowledged write survives a power cut."""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from core.store import Busy

TRIES = 40
"""How often a locked file is tried before Busy; each try waits up to WAIT, then up to PAUSE."""
WAIT = 100
"""Milliseconds SQLite itself waits for a lock."""
PAUSE = 0.02
"""Seconds at most between two tries, drawn at random so that waiters do not march in step."""

_PRAGMAS = f"PRAGMA busy_timeout={WAIT}; PRAGMA journal_mode=WAL; PRAGMA synchronous="


class Database:
    """Connections to one file. None is used by two threads at once or carried over a fork.

    A connection is lent for one operation and given back, so there are never more of them than
    operations at one time, however many threads come and go.
    """

    def __init__(self, path: Path, schema: str, *, lasting: bool = True) -> None:
        """Make the file (mode 0600) and what `schema` creates, where they do not exist.

        What is written outlives a power cut, unless `lasting` is false; a crash of ours always.
        """
        self._path = path
        self._pragmas = f"{_PRAGMAS}{'FULL' if lasting else 'NORMAL'};"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        self._inherited: list[list[sqlite3.Connection]] = []
        self._begin_anew()
        with self.reading() as connection:
            _patiently(connection, schema)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that commits each statement by itself."""
        connection = self._lent()
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if _is_locked(error):
                raise Busy(str(error)) from error
            raise
        finally:
            self._idle.append(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a transaction; all of it is kept, or nothing if one raises.

        Threads of one process queue for it; other processes are waited for. Raises Busy.
        """
        connection = self._lent()
        lock = self._lock
        if not lock.acquire(timeout=TRIES * WAIT / 1000):
            self._idle.append(connection)
            raise Busy("other threads kept the file")
        try:
            _patiently(connection, "BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            lock.release()
            self._idle.append(connection)

    def close(self) -> None:
        """Close every connection; nothing may be under way."""
        if self._owner == os.getpid():
            for connection in self._all:
                connection.close()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._owner = os.getpid()
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._all: list[sqlite3.Connection] = []

    def _lent(self) -> sqlite3.Connection:
        if self._owner != os.getpid():
            # A connection that crossed a fork must be neither used nor closed: keep it unused.
            self._inherited.append(self._all)
            self._begin_anew()
        try:
            return self._idle.pop()
        except IndexError:
            return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        _patiently(connection, self._pragmas)
        self._all.append(connection)
        return connection


def _patiently(connection: sqlite3.Connection, script: str) -> None:
    run = connection.executescript if ";" in script else connection.execute
    for _ in range(TRIES):
        try:
            run(script)
        except sqlite3.OperationalError as error:
            if not _is_locked(error):
                raise
            time.sleep(random.uniform(0, PAUSE))  # noqa: S311 — spreads waiters, guards nothing
        else:
            return
    raise Busy("other processes kept the file")


def _is_locked(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
