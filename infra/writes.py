"""What every store refuses before it writes, so that no adapter accepts more than another."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from core.store import MAX_WRITES, Change, Check, Condition, Key, Put, Without, Write

BIGGEST = 10**38 - 1
"""The largest whole number kept exactly: 38 digits."""
MAX_VALUES = 144
"""The most values of one `Without`: twelve hours in cells of five minutes."""
MAX_ITEM = 400_000
"""Characters of an item as JSON; DynamoDB refuses more than 400 KB."""
INDEX_KEYS = ("desk_pk", "desk_sk", "mine_pk", "mine_sk", "register_pk", "register_sk")
OURS = frozenset({"pk", "sk", "v"})


def refuse_bad(writes: Sequence[Write]) -> None:
    """Raise ValueError where the writes are too many, meet at one key or contradict themselves."""
    if len(writes) > MAX_WRITES:
        raise ValueError(f"{len(writes)} writes in one commit, {MAX_WRITES} at most")
    if len({write.key for write in writes}) < len(writes):
        raise ValueError("two writes at one key in one commit")
    for write in writes:
        _refuse_bad(write)


def refuse_bad_keys(keys: Sequence[Key]) -> None:
    """Raise ValueError for more than 100 keys, or an empty part of one."""
    if len(keys) > MAX_WRITES:
        raise ValueError(f"{len(keys)} keys in one get, {MAX_WRITES} at most")
    for key in keys:
        _refuse_bad_key(key)


def refuse_bad_page(pk: str, prefix: str, until: str, limit: int) -> None:
    """Raise ValueError where a query names no partition, no items, or two ranges at once."""
    if not pk:
        raise ValueError("a query needs a partition")
    if limit < 1:
        raise ValueError(f"a page of {limit} items")
    if prefix and until:
        raise ValueError("prefix and until exclude each other")


def refuse_bad_index_keys(attributes: dict[str, Any]) -> None:
    """Raise ValueError for an index key that is not a text of at least one character."""
    for name in INDEX_KEYS:
        value = attributes.get(name, "-")
        if not (isinstance(value, str) and value):
            raise ValueError(f"{name} must be a non-empty text, not {value!r}")


def is_number(value: Any) -> bool:
    """Tell whether a value counts: an int that is not a bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_set(value: Any) -> bool:
    """Tell whether a value is a set, of either Python kind."""
    return isinstance(value, set | frozenset)


def set_kind(values: set[Any] | frozenset[Any]) -> type:
    """Return str or int, what all of `values` are; raise TypeError for a mixture or another."""
    kinds = {type(value) for value in values}
    if kinds in ({str}, {int}):
        return kinds.pop()
    raise TypeError(f"a set holds texts or whole numbers, not {values!r}")


def _refuse_bad_key(key: Key) -> None:
    if not (isinstance(key[0], str) and key[0] and isinstance(key[1], str) and key[1]):
        raise ValueError(f"a key is two non-empty texts, not {key!r}")


def _refuse_bad(write: Write) -> None:
    _refuse_bad_key(write.key)
    if isinstance(write, Change):
        _refuse_overlap(write)
    elif isinstance(write, Put):
        refuse_bad_index_keys(dict(write.item))
    elif isinstance(write, Check) and not write.when:
        raise ValueError(f"a check of nothing at {write.key!r}")
    for condition in write.when:
        _refuse_bad_condition(condition)


def _refuse_bad_condition(condition: Condition) -> None:
    if isinstance(condition, Without):
        if len(condition.values) > MAX_VALUES:
            raise ValueError(f"{len(condition.values)} values in one Without, {MAX_VALUES} at most")
        if condition.values:
            set_kind(condition.values)


def _refuse_overlap(change: Change) -> None:
    names = list(_names(change))
    if OURS.intersection(names):
        raise ValueError("a change cannot touch pk, sk or v")
    if len(set(names)) < len(names):
        raise ValueError(f"a change names an attribute twice: {sorted(names)}")
    refuse_bad_index_keys(dict(change.set))
    refuse_bad_index_keys({**change.add, **change.take})
    for name, value in change.add.items():
        if not (is_number(value) or is_set(value)):
            raise TypeError(f"only numbers and sets can be added, not {name}={value!r}")


def _names(change: Change) -> Iterator[str]:
    return chain(change.set, change.add, change.remove, change.take)
