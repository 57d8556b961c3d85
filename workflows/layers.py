"""A workflow's states in rows from the start, with the places its arrows pass through.

Every arrow is a chain of slots, one in each row between its two states; one of them holds its
label. States stand in even rows and labels in odd ones, so nothing can lie on anything else. Arrows
of one name to one state share their slots and become one line.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Arrow:
    """One transition from one state to one of its targets."""

    name: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One place in a row: a state, the label of the arrow `label`, or where arrows pass."""

    row: int
    name: str
    label: int = -1
    passing: str = ""


@dataclass(slots=True)
class Layers:
    """The rows from top to bottom, each from left to right, and the chain of each arrow.

    A chain leads from the arrow's source to its target; arrows from a state to itself have none.
    `links` are the pairs of an upper and a lower slot that a line joins.
    """

    arrows: Sequence[Arrow]
    ranks: Mapping[str, int]
    rows: list[list[Slot]] = field(default_factory=list)
    chains: dict[int, list[Slot]] = field(default_factory=dict)
    links: set[tuple[Slot, Slot]] = field(default_factory=set)

    def state(self, name: str) -> Slot:
        """Return the slot of a state."""
        return Slot(2 * self.ranks[name], name)

    def neighbours(self, *, above: bool) -> dict[Slot, list[Slot]]:
        """Return the slots that each slot is joined to in the row above, or below."""
        found: dict[Slot, list[Slot]] = {slot: [] for row in self.rows for slot in row}
        for upper, lower in sorted(self.links):
            if above:
                found[lower].append(upper)
            else:
                found[upper].append(lower)
        return found


def layers_of(start: str, states: Sequence[str], arrows: Sequence[Arrow]) -> Layers:
    """Put the states into rows, the arrows between them, and sort each row so that few cross."""
    layers = Layers(arrows, ranks_of(start, states, arrows))
    layers.rows = [[] for _ in range(2 * max(layers.ranks.values()) + 1)]
    for name in states:
        layers.rows[2 * layers.ranks[name]].append(layers.state(name))
    for index, arrow in enumerate(arrows):
        if arrow.source != arrow.target:
            _lay(layers, index, arrow)
    _sort(layers)
    return layers


def ranks_of(start: str, states: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """Return each state's row: one below the lowest state that leads to it, returns left out."""
    onward = [each for each in arrows if each.source != each.target]
    back = _leading_back(start, onward)
    ranks = dict.fromkeys(states, 0)
    forward = [each for each in onward if (each.source, each.target) not in back]
    for _ in states:
        for each in forward:
            ranks[each.target] = max(ranks[each.target], ranks[each.source] + 1)
    return ranks


def _leading_back(start: str, arrows: Sequence[Arrow]) -> set[tuple[str, str]]:
    """Return the pairs of states whose arrows close a circle, walking on from the start."""
    ways: dict[str, list[str]] = {}
    for each in arrows:
        ways.setdefault(each.source, []).append(each.target)
    back, seen, on_the_way = set[tuple[str, str]](), {start}, {start}
    walk = [(start, iter(ways.get(start, ())))]
    while walk:
        state, onward = walk[-1]
        target = next(onward, None)
        if target is None:
            on_the_way.discard(state)
            walk.pop()
        elif target in on_the_way:
            back.add((state, target))
        elif target not in seen:
            seen.add(target)
            on_the_way.add(target)
            walk.append((target, iter(ways.get(target, ()))))
    return back


def _lay(layers: Layers, index: int, arrow: Arrow) -> None:
    source, target = layers.state(arrow.source), layers.state(arrow.target)
    step = 1 if target.row > source.row else -1
    chain = [source, Slot(source.row + step, arrow.name, label=index)]
    chain += [
        Slot(row, arrow.name, passing=f"{arrow.target} {step}")
        for row in range(source.row + 2 * step, target.row, step)
    ]
    for slot in chain[1:]:
        if slot not in layers.rows[slot.row]:
            layers.rows[slot.row].append(slot)
    chain.append(target)
    layers.chains[index] = chain
    pairs = itertools.pairwise(chain)
    layers.links |= {(a, b) if a.row < b.row else (b, a) for a, b in pairs}


def _sort(layers: Layers) -> None:
    """Move each slot to the middle of its neighbours, down and up, and keep the best order."""
    best, fewest = [list(row) for row in layers.rows], crossings(layers)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        around = layers.neighbours(above=down)
        order = layers.rows[1:] if down else layers.rows[-2::-1]
        for row in order:
            places = {slot: n for each in layers.rows for n, slot in enumerate(each)}
            middle = {slot: _mean([places[each] for each in around[slot]]) for slot in row}
            row.sort(
                key=lambda slot: (middle[slot] if around[slot] else places[slot], places[slot])
            )
        count = crossings(layers)
        if count < fewest:
            best, fewest = [list(row) for row in layers.rows], count
    layers.rows = best


def crossings(layers: Layers) -> int:
    """Return how often lines cross between neighbouring rows."""
    places = {slot: n for row in layers.rows for n, slot in enumerate(row)}
    gaps: dict[int, list[tuple[int, int]]] = {}
    for upper, lower in layers.links:
        gaps.setdefault(upper.row, []).append((places[upper], places[lower]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for lines in gaps.values()
        for n, a in enumerate(lines)
        for b in lines[:n]
    )


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0
