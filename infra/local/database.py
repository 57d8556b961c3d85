"""One SQLite file, opened so that an acknowledged write survives a power cut."""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Condition, Lock
from weakref import WeakSet

from core.store import Busy

TRIES = 200
"""How often a locked file is tried before Busy; each try waits up to WAIT, then up to PAUSE."""
WAIT = 5
"""Milliseconds SQLite itself waits for a writer; left to itself it would doze longer each time."""
PAUSE = 0.02
"""Seconds at most between two tries, drawn at random so that waiters do not march in step."""

_RELAXED = "PRAGMA busy_timeout=1000"
"""For readers, who wait only while a file is recovered after a crash."""
_PRAGMAS = f"{_RELAXED}; PRAGMA journal_mode=WAL; PRAGMA synchronous="


class Database:
    """Connections to one file, each lent to one thread at a time.

    A connection is lent for one operation and given back, so there are never more of them than
    operations at one time, however many threads come and go. None crosses a fork: SQLite would
    take the parent's locks for the child's own. So all are closed before, and opened anew after.
    """

    def __init__(self, path: Path, schema: str, *, lasting: bool = True) -> None:
        """Make the file (mode 0600) and what `schema` creates, where they do not exist.

        What is written outlives a power cut, unless `lasting` is false; a crash of ours always.
        """
        self._path = path
        self._pragmas = f"{_PRAGMAS}{'FULL' if lasting else 'NORMAL'};"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        self._writing = Lock()
        self._desk = Condition()
        self._idle: list[sqlite3.Connection] = []
        self._lent = 0
        with self.reading() as connection:
            _patiently(connection, schema)
        _databases.add(self)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that commits each statement by itself. Raises Busy."""
        connection = self._lend()
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if _is_locked(error):
                raise Busy(str(error)) from error
            raise
        finally:
            self._take_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a transaction; all of it is kept, or nothing if one raises.

        Threads of one process queue for it; other processes are waited for. Raises Busy.
        """
        writing = self._writing
        if not writing.acquire(timeout=_patience()):
            raise Busy("other threads kept the file")
        try:
            with self.reading() as connection:
                try:
                    _begin(connection)
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        finally:
            writing.release()

    def close(self) -> None:
        """Wait until nothing is under way and close every connection; a later use opens anew."""
        with self._desk:
            self._close()

    def hold(self) -> None:
        """Close every connection and lend none until `go_on`: a fork is about to happen."""
        self._desk.acquire()
        self._close()

    def go_on(self, *, in_child: bool = False) -> None:
        """Lend again after `hold`, in the parent and in the child."""
        if in_child:  # a thread that stayed behind may have been about to write
            self._writing = Lock()
        self._desk.release()

    def _close(self) -> None:
        self._desk.wait_for(lambda: self._lent == 0, timeout=2 * _patience())
        while self._idle:
            self._idle.pop().close()

    def _lend(self) -> sqlite3.Connection:
        with self._desk:
            self._lent += 1
            if self._idle:
                return self._idle.pop()
        try:
            return self._opened()
        except BaseException:
            self._take_back(None)
            raise

    def _take_back(self, connection: sqlite3.Connection | None) -> None:
        with self._desk:
            self._lent -= 1
            if connection is not None:
                self._idle.append(connection)
            self._desk.notify_all()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        _patiently(connection, self._pragmas)
        return connection


_databases: WeakSet[Database] = WeakSet()
_held: list[Database] = []


def _hold_all() -> None:
    _held[:] = _databases
    for each in _held:
        each.hold()


def _go_on_all(*, in_child: bool = False) -> None:
    while _held:
        _held.pop().go_on(in_child=in_child)


os.register_at_fork(
    before=_hold_all,
    after_in_parent=_go_on_all,
    after_in_child=partial(_go_on_all, in_child=True),
)


def _patience() -> float:
    """Return the seconds that a writer waits in the mean before Busy."""
    return TRIES * (WAIT / 1000 + PAUSE / 2)


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout={WAIT}")
    try:
        _patiently(connection, "BEGIN IMMEDIATE")
    finally:
        connection.execute(_RELAXED)


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
