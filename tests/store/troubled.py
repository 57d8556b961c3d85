"""A store with the troubles that no emulator has: it is busy now and then, its indexes lag."""

from collections import deque
from random import Random
from threading import Lock
from typing import Any

from core.store import Busy, Check, Item, Key, Page, Store, Write


class Troubled:
    """Passes everything on to `store`, but raises Busy at random and answers indexes late.

    A Busy commit has written nothing. Index queries are answered from `behind`, an empty store of
    its own (or one filled just as `store` was) that receives each commit only after `lag` further
    ones, or on `catch_up()`. The same `seed` brings the same troubles to the same calls in the
    same order.
    """

    def __init__(
        self, store: Store, behind: Store, *, busy: float = 0.0, lag: int = 0, seed: int = 0
    ) -> None:
        self.store = store
        self.behind = behind
        self.busy = busy
        self.lag = lag
        self._random = Random(seed)  # noqa: S311 — troubles for tests
        self._late: deque[tuple[Write, ...]] = deque()
        self._lock = Lock()

    def get(self, *keys: Key) -> list[Item | None]:
        self._perhaps_busy()
        return self.store.get(*keys)

    def query(self, pk: str, **how: Any) -> Page:
        self._perhaps_busy()
        return (self.behind if how.get("index") else self.store).query(pk, **how)

    def commit(self, *writes: Write) -> None:
        self._perhaps_busy()
        with self._lock:
            self.store.commit(*writes)
            self._late.append(writes)
            self._let_through(self.lag)

    def begin(self, seed: int, busy: float, lag: int) -> None:
        """Have other troubles from now on."""
        self.busy, self.lag = busy, lag
        self._random = Random(seed)  # noqa: S311 — troubles for tests

    def catch_up(self) -> None:
        """Let the indexes know of everything."""
        with self._lock:
            self._let_through(0)

    def _perhaps_busy(self) -> None:
        if self._random.random() < self.busy:
            raise Busy("trouble on purpose")

    def _let_through(self, lag: int) -> None:
        while len(self._late) > lag:
            writes = self._late.popleft()
            self.behind.commit(*(each for each in writes if not isinstance(each, Check)))
