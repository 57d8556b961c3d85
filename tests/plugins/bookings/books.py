"""Holds what bookings hold to what their cases say: whoever counts again must come to the same."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.store import Check, Item, Key, Store, Write
from tests.plugins.bookings.hosting import running

LOADS = {"heads": "capacity", "groups": "groups", "guides": "guides"}
SLOTS, QUEUE, VENUES, DAYS = (
    f"X#bookings#{name}#" for name in ("slots", "queue", "venues", "school")
)
KEYS = ("pk", "sk", "v")
AT_ONCE = 100
Load = dict[str, int]


def most_of(entry: Item | None) -> Load:
    """Return how much of everything a venue has for each slot; nothing where it is not open."""
    return {name: int(entry[limit]) if entry else 0 for name, limit in LOADS.items()}


def load_of(item: Mapping[str, Any] | None) -> Load:
    """Return what is held of a slot, or what somebody asks for."""
    return {name: int((item or {}).get(name, 0)) for name in LOADS}


def plus(one: Load, other: Load, sign: int = 1) -> Load:
    return {name: n + sign * other[name] for name, n in one.items()}


def within(load: Load, most: Load) -> bool:
    return all(n <= most[name] for name, n in load.items())


@dataclass
class Books:
    """Looks at each commit, and at everything once a step is done.

    `complaints` are kept, for whoever works effects off goes on after a fault.
    """

    complaints: list[str] = field(default_factory=list)
    keys: dict[Key, None] = field(default_factory=dict)
    in_force: dict[str, list[Load]] = field(default_factory=dict)
    """What each venue had for a slot since the step began, the latest last."""

    def begin(self, context: Any, store: Store) -> None:
        self.context, self.store = context, store
        for each in running("venues").venues(context):
            self.in_force[each["sk"]] = [most_of(each)]

    @contextmanager
    def watched(self, store: Store, writes: Sequence[Write]) -> Iterator[None]:
        """Hold one commit to its rules."""
        touched = [each.key for each in writes if not isinstance(each, Check)]
        slots = [key for key in touched if key[0].startswith(SLOTS)]
        before = [_seen(store, key) for key in slots]
        yield
        self.keys |= dict.fromkeys(touched)
        for key, stood in zip(slots, before, strict=True):
            self._slot(key, stood, _seen(store, key))
        for key in touched:
            if key[0].startswith(VENUES):
                self.in_force[key[1]].append(most_of(store.get(key)[0]))

    def _slot(self, key: Key, before: "_Seen", after: "_Seen") -> None:
        known = self.in_force[key[0].removeprefix(SLOTS)]
        roomy = {name: max(each[name] for each in known) for name in LOADS}
        was, now = load_of(before.item), load_of(after.item)
        for name, n in now.items():
            if n > was[name] and n > roomy[name]:
                self.complaints.append(f"{key}: {n} {name} of {roomy[name]} taken")
        if not (before.item or {}).get("closed"):
            tight = {name: min(each[name] for each in known) for name in LOADS}
            self.complaints += [f"{key}: {each}" for each in _passed_over(before, after, tight)]

    def judge(self, *, at_rest: bool = False) -> None:
        """Raise AssertionError with what does not add up."""
        found = [*self.complaints, *self._everything(at_rest=at_rest)]
        assert not found, "\n".join(found)
        self.in_force = {slug: known[-1:] for slug, known in self.in_force.items()}

    def _everything(self, *, at_rest: bool) -> Iterator[str]:
        keys = list(self.keys)
        parts = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
        found = [item for part in parts for item in self.store.get(*part) if item]
        items = {(item["pk"], item["sk"]): item for item in found}
        ids = [
            item["id"] for key, item in items.items() if key[1] == "H" and item["flow"] == "visit"
        ]
        cases = {each.id: each for each in self.context.cases(ids, "county")}
        yield from self._slots(items, cases)
        yield from self._standings(items, cases)
        yield from self._away(items, cases)
        if at_rest:
            yield from self._at_rest(items, cases)

    def _slots(self, items: Mapping[Key, Item], cases: Mapping[str, Any]) -> Iterator[str]:
        """Yield slots that do not say what their holders have."""
        visit_of = running("visits").visit_of
        for key, item in _of(items, SLOTS):
            holders = sorted(item.get("holders", ()))
            told = dict.fromkeys(LOADS, 0)
            for each in holders:
                told = plus(told, load_of(visit_of(cases[each]).load))
            if told != load_of(item):
                yield f"{key}: {load_of(item)} held, {told} by its holders"
            late = {each for each in holders if cases[each].state == "waiting"}
            if late != set(item.get("offers", ())):
                yield f"{key}: offers {item.get('offers')}, not told yet {late}"

    def _standings(self, items: Mapping[Key, Item], cases: Mapping[str, Any]) -> Iterator[str]:
        """Yield cases that hold, or wait for, anything but what their state says."""
        visits = running("visits")
        for number, case in cases.items():
            visit = visits.visit_of(case)
            venue, slot = visit.slot
            holds = [key for key, item in _of(items, SLOTS) if number in item.get("holders", ())]
            turns = [item for _, item in _of(items, QUEUE) if item["case"] == number]
            holding = holds == [(SLOTS + venue, slot)] and not turns
            in_turn = not holds and [each["pk"] for each in turns] == [f"{QUEUE}{venue}#{slot}"]
            stands = visits.standing(case.state)
            right = {
                "out": not holds and not turns,
                "queued": holding or in_turn,
                "waiting": holding or in_turn,
            }.get(stands, holding)
            if not right:
                yield f"{number} is {case.state}, holds {holds}, waits {turns}"
            for turn in turns:
                waits, load = stands == "waiting", load_of(visit.load)
                if (load_of(turn["load"]), turn["waits"]) != (load, waits):
                    yield f"{number} is {case.state}, wants {load}, its turn is {turn}"

    def _away(self, items: Mapping[Key, Item], cases: Mapping[str, Any]) -> Iterator[str]:
        """Yield where somebody is in two places, or a school's day is not what cases say."""
        visits, holding = running("visits"), running("holding")
        days: dict[Key, dict[str, set[Any]]] = {}
        for case in cases.values():
            if visits.standing(case.state) == "out":
                continue
            visit = visits.visit_of(case)
            day = days.setdefault(holding.day_key(self.context, visit), {})
            away = visits.is_away(case.state)
            for name in holding.subjects(self.context, visit) if away else ():
                cells = day.setdefault(name, set())
                if cells & visit.cells:
                    yield f"{case.id}: {name} is in two places"
                cells |= visit.cells
            day.setdefault("visits", set()).add(visit.entry)
        for key, item in _of(items, DAYS):
            stood = {name: set(each) for name, each in item.items() if name not in KEYS}
            if stood != days.pop(key, {}):
                yield f"{key}: {stood}"
        if days:
            yield f"nothing stands for {days}"

    def _at_rest(self, items: Mapping[Key, Item], cases: Mapping[str, Any]) -> Iterator[str]:
        """Yield who still waits though they fit, and what was never done."""
        yield from (
            f"{each.id} is queued still" for each in cases.values() if each.state == "queued"
        )
        for key, item in _of(items, "C#"):
            if item.get("todo"):
                yield f"{key}: still to do {item['todo']}"
        for key, item in _of(items, QUEUE):
            venue, _, slot = key[0].removeprefix(QUEUE).partition("#")
            stood = items.get((SLOTS + venue, slot)) or {}
            wants = plus(load_of(stood), load_of(item["load"]))
            if not stood.get("closed") and within(wants, self.in_force[venue][-1]):
                yield f"{item['case']} waits for {slot} at {venue} and fits"


@dataclass
class _Seen:
    item: Item | None
    queue: list[Item]

    @property
    def holders(self) -> set[str]:
        return set((self.item or {}).get("holders", ()))


def _seen(store: Store, key: Key) -> _Seen:
    [item] = store.get(key)
    venue = key[0].removeprefix(SLOTS)
    return _Seen(item, list(store.query(f"{QUEUE}{venue}#{key[1]}", limit=100).items))


def _of(items: Mapping[Key, Item], prefix: str) -> list[tuple[Key, Item]]:
    return [(key, item) for key, item in items.items() if key[0].startswith(prefix)]


def _passed_over(before: _Seen, after: _Seen, most: Load) -> Iterator[str]:
    """Yield who waited, fitted, and saw somebody behind them called."""
    come = after.holders - before.holders
    called = [each["case"] for each in before.queue if each["case"] in come]
    stay = {each["case"] for each in after.queue}
    held = load_of(after.item)
    for each in before.queue:
        if each["case"] in called:
            held = plus(held, load_of(each["load"]), -1)
    for each in before.queue:
        fits = within(plus(held, load_of(each["load"])), most)
        if each["case"] in called:
            called.remove(each["case"])
            held = plus(held, load_of(each["load"]))
        elif called and fits and each["case"] in stay:
            yield f"{each['case']} fitted and was passed over"
