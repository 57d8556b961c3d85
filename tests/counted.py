"""A store that counts its round trips, for tests that hold pages to their number."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.store import Item, Key, Page, Store, Write


class Counted:
    """Passes everything on to `store` and counts what was asked.

    `counts` has the round trips under `get`, `query` and `commit`; `asked` says in order what each
    was, its kind first: keys of a get, partition and index of a query, keys of a commit.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked: list[tuple[Any, ...]] = []

    @property
    def counts(self) -> Counter[str]:
        return Counter(kind for kind, *_ in self.asked)

    @contextmanager
    def expect(self, **counts: int) -> Iterator[None]:
        """Raise AssertionError unless the block makes exactly these round trips, none of others."""
        before = len(self.asked)
        yield
        asked = self.asked[before:]
        made = Counter(kind for kind, *_ in asked)
        assert made == Counter(counts), f"expected {counts}, asked {asked}"

    def get(self, *keys: Key) -> list[Item | None]:
        self.asked.append(("get", *keys))
        return self.store.get(*keys)

    def query(self, pk: str, **how: Any) -> Page:
        self.asked.append(("query", pk, how.get("index")))
        return self.store.query(pk, **how)

    def commit(self, *writes: Write) -> None:
        self.asked.append(("commit", *(write.key for write in writes)))
        self.store.commit(*writes)
