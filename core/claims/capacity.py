"""Capacity: what fits is held, what does not waits, and what comes free goes to who waits.

Whoever waits stands in the slot's queue in the order of acceptance, then of their numbers. When
places come free they go, in the very commit that frees them, to the first for whom they suffice;
then to the next for whom the rest suffices. A large load that does not fit blocks nobody, and keeps
its turn. While somebody who fits waits, newcomers wait too.

An entry leaves the queue in the commit that gives it places, under the condition that it still
stands: whoever leaves, or is told to wait, at the same moment finds it gone and looks again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.api import Absent, Change, Check, Conflict, Context, Delete, Item, Put, Version, Write
from core.claims.slots import Hold, Load, Slot, fits, held_after, rewritten, slot_key, took

Standing = Literal["out", "queued", "waiting", "offered", "holding"]
"""How a case stands to its slot: `queued` before it was looked at, `waiting` as it did not fit,
`offered` while it may still say no to what is held for it."""
IN_QUEUE = ("queued", "waiting")
_TRIES = 8
_LOOK_AGAIN = Version(0)
"""Holds nowhere: what a move rests on has changed since it was judged."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The slots of one plugin.

    `most` tells how much a slot has, None where it is offered no more; `least` what every case
    wants at least, so that a queue is not read for what nobody could use.
    """

    context: Context
    most: Callable[[Slot], Load | None]
    least: Load

    def item(self, slot: Slot) -> Item | None:
        """Return a slot's item; None where nothing was ever held of it."""
        [item] = self.context.get(slot_key(self.context, slot))
        return item

    def has_room(self, hold: Hold) -> bool:
        """Tell whether a slot has places for a newcomer that nobody who waits could use."""
        item, most = self.item(hold.slot), self.most(hold.slot)
        return most is not None and self._has_room(hold, item, most)

    def queue(self, slot: Slot) -> Iterator[Item]:
        """Yield who waits for a slot, the first to be served first: `case`, `load`, `waits`."""
        return self.context.all(self.context.key("queue", *slot, "")[0])

    def concerned(self, slot: Slot) -> list[str]:
        """Return whoever holds places of a slot or waits for it."""
        waiting = [each["case"] for each in self.queue(slot)]
        return sorted({*waiting, *(self.item(slot) or {}).get("holders", ())})

    def moved(self, old: Hold, was: Standing, new: Hold, now: Standing) -> Iterator[Write]:
        """Yield what a case's move writes of its slots; it fails where they changed meanwhile."""
        if was in IN_QUEUE:
            yield from self._out_of_queue(old, was, now)
        elif now in IN_QUEUE:
            yield from self._into_queue(new, now)
        elif "out" not in (was, now) and new.slot == old.slot:
            if new.load != old.load:
                yield from self._changed(old, new)
        else:
            if was != "out":
                yield from self._changed(old, None)
            if now != "out":
                yield self._taken(new)

    def settle(self, slot: Slot, offer: Callable[[str], object]) -> None:
        """Give what is free to whoever waits, and `offer` it to who has not been told yet.

        Safe to repeat: what was begun by somebody who died is gone on with.
        """
        for _ in range(_TRIES):
            item, most = self.item(slot), self.most(slot)
            come = self._promoted(slot, item or {}, most) if most else []
            try:
                if come:
                    self.context.commit(*self._given(slot, item, come))
            except Conflict:
                continue
            break
        for case in sorted((self.item(slot) or {}).get("offers", ())):
            offer(case)

    def shut(self, slot: Slot, tells: Mapping[str, Any], by: int) -> Write:
        """Return what closes a slot (`by` 1) or opens it again (-1); holds and queue stay."""
        return Change(slot_key(self.context, slot), set=tells, add={"closed": by})

    def _has_room(self, hold: Hold, item: Item | None, most: Load) -> bool:
        if not fits(item, hold.load, most):
            return False
        return not (item and item.get("joined") and self._promoted(hold.slot, item, most))

    def _promoted(self, slot: Slot, held: Item, most: Load) -> list[Item]:
        """Return whom the free places of a slot go to, in the order of the queue."""
        found: list[Item] = []
        now = held
        for each in self.queue(slot) if fits(now, self.least, most) else ():
            if fits(now, each["load"], most):
                found.append(each)
                now = {**held, **held_after(held, (), [_hold_of(one, slot) for one in found])}
            if not fits(now, self.least, most):
                break
        return found

    def _taken(self, hold: Hold) -> Write:
        most = self.most(hold.slot)
        if most is None:
            return Check(slot_key(self.context, hold.slot), (_LOOK_AGAIN,))
        return took(self.context, hold, most)

    def _changed(self, old: Hold, new: Hold | None) -> Iterator[Write]:
        """Yield a slot without `old`, with `new` in its place, and with whom the rest goes to."""
        item, most = self.item(old.slot), self.most(old.slot)
        if item is None or old.case not in item.get("holders", ()):
            return
        into = [new] if new else []
        without = {**item, **held_after(item, [old], ())}
        if new and not (most and fits(without, new.load, most)):
            yield Check(slot_key(self.context, old.slot), (_LOOK_AGAIN,))
            return
        held = {**item, **held_after(item, [old], into)}
        come = self._promoted(old.slot, held, most) if most else []
        promoted = [_hold_of(each, old.slot) for each in come]
        yield rewritten(item, [old], [*into, *promoted], _waited(come))
        yield from _taken_out(come)

    def _given(self, slot: Slot, item: Item | None, come: list[Item]) -> list[Write]:
        """Return what gives places to these out of the queue."""
        holds = [_hold_of(each, slot) for each in come]
        if item is not None:
            return [rewritten(item, (), holds, _waited(come)), *_taken_out(come)]
        load = {name: n for name, n in held_after({}, (), holds).items() if n}
        sets = {"holders": frozenset(each.case for each in holds)}
        offers = frozenset(_waited(come))
        sets |= {"offers": offers} if offers else {}
        key, tells = slot_key(self.context, slot), come[0]["tells"]
        return [Change(key, set=tells, add={**load, **sets}, when=(Absent(),)), *_taken_out(come)]

    def _into_queue(self, hold: Hold, now: Standing) -> Iterator[Write]:
        waits = now == "waiting"
        pk, sk = self._turn(hold)
        told = {"case": hold.case, "load": dict(hold.load), "tells": dict(hold.tells)}
        yield Put({"pk": pk, "sk": sk, **told, "waits": waits})
        if not waits:
            return
        item, most = self.item(hold.slot), self.most(hold.slot)
        key = slot_key(self.context, hold.slot)
        if item is None or most is None or self._has_room(hold, item, most):
            yield Check(key, (_LOOK_AGAIN,))
        else:  # whoever frees places from now on finds this entry
            yield Change(key, add={"joined": 1}, when=(Version(int(item["v"])),))

    def _out_of_queue(self, hold: Hold, was: Standing, now: Standing) -> Iterator[Write]:
        key = self._turn(hold)
        [entry] = self.context.get(key)
        stands = (Version(int(entry["v"]) if entry else 0),)
        if now == "waiting":
            if was == "queued":  # unless it was given places this moment
                yield Change(key, set={"waits": True}, when=stands)
        elif now == "out":
            if entry:
                yield Delete(key, stands)
            else:
                yield from self._changed(hold, None)
        elif now == "offered":
            told = {"offers": frozenset({hold.case})}
            yield Change(slot_key(self.context, hold.slot), take=told)

    def _turn(self, hold: Hold) -> tuple[str, str]:
        """Return where a case stands in its queue."""
        return self.context.key("queue", *hold.slot, f"{hold.at}#{hold.case}")


def _hold_of(entry: Item, slot: Slot) -> Hold:
    return Hold(entry["case"], slot, entry["load"])


def _waited(come: list[Item]) -> list[str]:
    return [each["case"] for each in come if each["waits"]]


def _taken_out(entries: list[Item]) -> list[Write]:
    """Return what takes these out of the queue; it fails where one of them no longer stands."""
    return [Delete((each["pk"], each["sk"]), (Version(int(each["v"])),)) for each in entries]
