"""The Store port: one table of items, with DynamoDB's semantics on every adapter.

An item is a flat mapping with `pk`, `sk` and the version `v` that the store counts: 1 when put,
one more at each change and at a put over a known version. Values are None, bool, int, str, bytes,
lists and mappings of these, and sets of str or int (never empty: an empty set is no attribute).
Index keys are the attributes `desk_pk`/`desk_sk`, `mine_pk`/`mine_sk` and
`register_pk`/`register_sk`; an item without them is not in that index. Indexes are eventually
consistent; `get` and `query` without an index are not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Key = tuple[str, str]
Item = Mapping[str, Any]
Index = Literal["desk", "mine", "register"]
MAX_WRITES = 100


@dataclass(frozen=True, slots=True)
class Absent:
    """True where no item stands at the key."""


@dataclass(frozen=True, slots=True)
class Version:
    """True where the item stands at exactly this version."""

    v: int


@dataclass(frozen=True, slots=True)
class Below:
    """True where the number `attr` (0 if missing) is at most `limit`."""

    attr: str
    limit: int


@dataclass(frozen=True, slots=True)
class Without:
    """True where the set `attr` contains none of `values`."""

    attr: str
    values: frozenset[str] | frozenset[int]


Condition = Absent | Version | Below | Without


@dataclass(frozen=True, slots=True)
class Put:
    """Write the whole item; without a condition it replaces what stood there."""

    item: Item
    when: tuple[Condition, ...] = ()

    @property
    def key(self) -> Key:
        """Where the item goes."""
        return (self.item["pk"], self.item["sk"])

    @property
    def v(self) -> int:
        """The version it will have: one more than the version it must stand at, else 1."""
        return 1 + max((each.v for each in self.when if isinstance(each, Version)), default=0)


@dataclass(frozen=True, slots=True)
class Change:
    """Set, add to and remove attributes; makes the item where none stood.

    `add` counts numbers up or down and joins sets; `take` takes values out of sets; `remove`
    drops attributes.
    """

    key: Key
    set: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, Any] = field(default_factory=dict)
    remove: Collection[str] = ()
    take: Mapping[str, frozenset[str] | frozenset[int]] = field(default_factory=dict)
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove the item; nothing happens where none stands."""

    key: Key
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but hold the commit to these conditions."""

    key: Key
    when: tuple[Condition, ...]


Write = Put | Change | Delete | Check


class Conflict(Exception):  # noqa: N818 — a condition that was false is an answer, not a fault
    """A condition was false and nothing was written.

    `writes` are the failed writes, each with what stood at its key (None where nothing did).
    """

    def __init__(self, writes: Sequence[tuple[Write, Item | None]]) -> None:
        self.writes = tuple(writes)
        super().__init__(", ".join("/".join(write.key) for write, _ in writes))

    def stood(self, key: Key) -> tuple[bool, Item | None]:
        """Tell whether the write at `key` failed, and what stood there."""
        for write, item in self.writes:
            if write.key == key:
                return True, item
        return False, None


class Busy(Exception):  # noqa: N818 — the caller is asked to come again
    """Contention or throttling outlasted the adapter's retries; nothing was written."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query; `cursor` is None on the last."""

    items: tuple[Item, ...]
    cursor: str | None = None


class Store(Protocol):
    """Where everything is kept. Each method is one round trip."""

    def get(self, *keys: Key) -> list[Item | None]:
        """Return the items at `keys`, in that order, None where nothing stands; ≤ 100 keys."""

    def query(  # noqa: PLR0913 — the parameters of a DynamoDB query
        self,
        pk: str,
        *,
        prefix: str = "",
        index: Index | None = None,
        limit: int = 50,
        cursor: str | None = None,
        reverse: bool = False,
        until: str = "",
    ) -> Page:
        """Return one page of the items under `pk` whose sort key begins with `prefix`.

        With `until`, only sort keys up to and including it (then `prefix` must be empty).
        A cursor that is not one of ours raises ValueError.
        """

    def commit(self, *writes: Write) -> None:
        """Write all or nothing; raise Conflict or Busy. At most 100 writes, one a key."""
