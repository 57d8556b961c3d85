"""Times without clashes: no subject is in two places in one cell of five minutes (RULE-06).

A day is one item with a set of cells for each subject (a class, a teacher, a room) and with sets of
whatever else is noted of it. Subjects are attributes: name them so that they tell nobody's name.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from core.api import Change, Check, Context, Put, Version, Without, Write

CELL = 5
_AT_ONCE = 100
Sets = Mapping[str, frozenset[Any]]
Key = tuple[str, str]


def cells(starts: str, ends: str) -> frozenset[int]:
    """Return the cells of a day that a time like `09:00` to `10:30` touches.

    Its end belongs to the next.
    """
    return frozenset(range(minutes(starts) // CELL, -(-minutes(ends) // CELL)))


def minutes(clock: str) -> int:
    """Return how many minutes after midnight a time like `09:30` is."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def rearranged(
    context: Context,
    old: tuple[Key, Sets] | None,
    new: tuple[Key, Sets] | None,
    notes: Collection[str] = (),
) -> list[Write]:
    """Return what gives back the times of `old` and takes those of `new`, each of a day.

    `notes` are sets that may be shared. It fails where another has one of the times.
    """
    if old == new:
        return []
    if old and new and old[0] == new[0]:
        return [_rewritten(context, old[0], old[1], new[1], notes)]
    writes: list[Write] = []
    if old:
        writes.append(Change(old[0], take=old[1]))
    if new:
        key, sets = new
        taken = ((name, each) for name, each in sets.items() if name not in notes)
        when = tuple(one for name, each in taken for one in _without(name, each))
        writes.append(Change(key, add=sets, when=when))
    return writes


def clashes(
    context: Context,
    key: Key,
    subjects: Iterable[str],
    wanted: frozenset[int],
    own: Iterable[tuple[Key, Collection[str], frozenset[int]]],
) -> Iterator[str]:
    """Yield the subjects that are elsewhere in one of the `wanted` cells of a day.

    `own` is what counts already for whoever asks: day, subjects and cells, which never clash.
    """
    [day] = context.get(key)
    times = [(names, cells) for at, names, cells in own if at == key]
    for subject in subjects:
        free = frozenset().union(*(cells for names, cells in times if subject in names))
        if frozenset((day or {}).get(subject, ())) - free & wanted:
            yield subject


def subject(context: Context, of: str, whose: str, name: str) -> str:
    """Return under which attribute somebody of `whose` stands: `of` tells what they are.

    A keyed number for the name, however wide or spaced it was typed.
    """
    return f"{of}_{context.number(f'{of}|{whose}|{same_name(name)}')}"


def same_name(written: str) -> str:
    """Return a name as it counts: however wide or spaced it was typed."""
    return "".join(unicodedata.normalize("NFKC", written).split()).casefold()


def _without(name: str, values: frozenset[Any]) -> Iterator[Without]:
    """Yield conditions that say it of all values, each of no more than one may name."""
    told = sorted(values)
    for start in range(0, len(told), _AT_ONCE):
        yield Without(name, frozenset(told[start : start + _AT_ONCE]))


def _rewritten(context: Context, key: Key, old: Sets, new: Sets, notes: Collection[str]) -> Write:
    """Return a day on which something moved: taking and giving back meet in one set."""
    [item] = context.get(key)
    if item is None:
        return Check(key, (Version(0),))
    day = {name: each for name, each in item.items() if name != "v"}
    for name, each in old.items():
        day[name] = frozenset(day.get(name, ())) - each
    for name, each in new.items():
        stands = frozenset(day.get(name, ()))
        if name not in notes and each & stands:  # it fails: another has that time
            return Check(key, (Version(0),))
        day[name] = stands | each
    full = {name: each for name, each in day.items() if each != frozenset()}
    return Put(full, (Version(int(item["v"])),))
