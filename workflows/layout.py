"""Where everything of a workflow's drawing stands, in pixels: boxes, labels and lines."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflows.layers import Layers, Slot

GAP = 26.0
"""Between rows, where the lines run."""
APART = 14.0
"""Between neighbours in a row."""
PASSING = 6.0
"""The width of a place where lines pass."""
MARGIN = 12.0
ROUNDS = 12
_STRAIGHT = 4.0
"""How much more than boxes the places that lines pass through want to stand above each other."""

Point = tuple[float, float]
Size = tuple[float, float]
Part = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, its upper left corner first."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def meets(self, other: "Rect") -> bool:
        """Tell whether two rectangles share more than an edge."""
        apart = self.x + self.width <= other.x or other.x + other.width <= self.x
        return not (apart or self.y + self.height <= other.y or other.y + other.height <= self.y)


@dataclass(slots=True)
class Layout:
    """The drawing: its size, a box for each state, a label and a line for each arrow.

    A line is a list of parts, each of four points (a Bézier curve), from source to target.
    """

    width: float = 0.0
    height: float = 0.0
    boxes: dict[str, Rect] = field(default_factory=dict)
    labels: dict[int, Rect] = field(default_factory=dict)
    lines: dict[int, list[Part]] = field(default_factory=dict)


def lay_out(layers: Layers, boxes: Mapping[str, Size], labels: Sequence[Size]) -> Layout:
    """Return where everything stands; `boxes` and `labels` are the sizes of states and arrows."""
    loops = _loops(layers)
    sizes = {slot: _size(slot, boxes, labels, loops) for row in layers.rows for slot in row}
    centres = _centres(layers, sizes)
    left = min(centres[slot] - sizes[slot][0] / 2 for slot in centres) - MARGIN
    tops, height = _tops(layers, sizes)
    layout = Layout(height=height)
    rects: dict[Slot, Rect] = {}
    for slot, (width, tall) in sizes.items():
        middle = tops[slot.row] + _tall(layers.rows[slot.row], sizes) / 2
        rects[slot] = Rect(centres[slot] - left - width / 2, middle - tall / 2, width, tall)
        layout.width = max(layout.width, rects[slot].x + width + MARGIN)
        if slot.label >= 0:
            layout.labels[slot.label] = rects[slot]
        elif not slot.passing:
            _place_state(layout, slot.name, rects[slot], boxes, labels, loops)
    ports = _ports(layers, layout, rects)
    bands = [Rect(0, top, 0, _tall(row, sizes)) for top, row in zip(tops, layers.rows, strict=True)]
    for index, chain in layers.chains.items():
        layout.lines[index] = list(_line(chain, rects, bands, ports))
    return layout


def _loops(layers: Layers) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, arrow in enumerate(layers.arrows):
        if arrow.source == arrow.target:
            found.setdefault(arrow.source, []).append(index)
    return found


def _size(
    slot: Slot,
    boxes: Mapping[str, Size],
    labels: Sequence[Size],
    loops: Mapping[str, list[int]],
) -> Size:
    if slot.label >= 0:
        return labels[slot.label]
    if slot.passing:
        return PASSING, 0.0
    width, height = boxes[slot.name]
    own = [labels[index] for index in loops.get(slot.name, ())]
    if not own:
        return width, height
    beside = GAP + max(each[0] for each in own)
    return width + beside, max(height, sum(each[1] for each in own))


def _place_state(  # noqa: PLR0913, PLR0917 — one state with its loops
    layout: Layout,
    name: str,
    rect: Rect,
    boxes: Mapping[str, Size],
    labels: Sequence[Size],
    loops: Mapping[str, list[int]],
) -> None:
    """Place a state's box, and to its right the arrows that lead back to it at once."""
    width, height = boxes[name]
    box = Rect(rect.x, rect.middle[1] - height / 2, width, height)
    layout.boxes[name] = box
    own = loops.get(name, [])
    y = rect.middle[1] - sum(labels[index][1] for index in own) / 2
    for index in own:
        wide, tall = labels[index]
        layout.labels[index] = Rect(box.x + width + GAP, y, wide, tall)
        right, middle, out = box.x + width, rect.middle[1], box.x + width + GAP * 0.9
        start, end = (right, middle - height / 4), (right, middle + height / 4)
        layout.lines[index] = [(start, (out, start[1]), (out, end[1]), end)]
        y += tall


def _tops(layers: Layers, sizes: Mapping[Slot, Size]) -> tuple[list[float], float]:
    tops, y = [], MARGIN
    for row in layers.rows:
        tops.append(y)
        y += _tall(row, sizes) + GAP
    return tops, y - GAP + MARGIN


def _tall(row: Sequence[Slot], sizes: Mapping[Slot, Size]) -> float:
    return max(sizes[slot][1] for slot in row)


def _centres(layers: Layers, sizes: Mapping[Slot, Size]) -> dict[Slot, float]:
    """Return how far right each slot's centre stands: as near to its neighbours' as there is room.

    Each round goes down and up again; within a row the order stays and nothing comes too near.
    """
    above, below = layers.neighbours(above=True), layers.neighbours(above=False)
    centres: dict[Slot, float] = {}
    for row in layers.rows:
        _spread(row, dict.fromkeys(row, 0.0), sizes, centres)
    for around in [above, below] * ROUNDS:
        for row in layers.rows if around is above else layers.rows[::-1]:
            wanted = {
                slot: sum(centres[each] for each in around[slot]) / len(around[slot])
                if around[slot]
                else centres[slot]
                for slot in row
            }
            _spread(row, wanted, sizes, centres)
    return centres


def _spread(
    row: Sequence[Slot],
    wanted: Mapping[Slot, float],
    sizes: Mapping[Slot, Size],
    centres: dict[Slot, float],
) -> None:
    """Set the centres of a row as near as can be (least squares) to where they are wanted."""
    offsets, x = [], 0.0
    for n, slot in enumerate(row):
        if n:
            x += sizes[row[n - 1]][0] / 2 + APART + sizes[slot][0] / 2
        offsets.append(x)
    pools: list[tuple[float, float, int]] = []  # sum of weighted wishes, weight, how many
    for slot, offset in zip(row, offsets, strict=True):
        weight = _STRAIGHT if slot.passing else 1.0
        pools.append(((wanted[slot] - offset) * weight, weight, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            last, before = pools.pop(), pools.pop()
            pools.append((last[0] + before[0], last[1] + before[1], last[2] + before[2]))
    shifts = [total / weight for total, weight, many in pools for _ in range(many)]
    for slot, offset, shift in zip(row, offsets, shifts, strict=True):
        centres[slot] = offset + shift


def _ports(
    layers: Layers, layout: Layout, rects: Mapping[Slot, Rect]
) -> dict[tuple[Slot, Slot], float]:
    """Return how far right a line leaves or enters a box, spread in the order of the others."""
    found: dict[tuple[Slot, Slot], float] = {}
    for around in (layers.neighbours(above=True), layers.neighbours(above=False)):
        for slot, others in around.items():
            box = None if slot.passing or slot.label >= 0 else layout.boxes[slot.name]
            ordered = sorted(others, key=lambda each: rects[each].middle[0])
            for n, other in enumerate(ordered):
                share = (n + 1) / (len(ordered) + 1)
                x = box.x + box.width * share if box else rects[slot].middle[0]
                found[slot, other] = x
    return found


def _line(
    chain: Sequence[Slot],
    rects: Mapping[Slot, Rect],
    bands: Sequence[Rect],
    ports: Mapping[tuple[Slot, Slot], float],
) -> Iterator[Part]:
    """Yield the parts of one arrow: curves through the gaps between rows, straight within them."""
    for here, there in itertools.pairwise(chain):
        down = there.row > here.row
        x, end_x = ports[here, there], ports[there, here]
        leaves, enters = _edge(bands[here.row], lower=down), _edge(bands[there.row], lower=not down)
        half = (leaves + enters) / 2
        yield from _straight(x, _edge(rects[here], lower=down), leaves)
        yield (x, leaves), (x, half), (end_x, half), (end_x, enters)
        yield from _straight(end_x, enters, _edge(rects[there], lower=not down))


def _straight(x: float, start: float, end: float) -> Iterator[Part]:
    if start != end:
        yield (x, start), (x, start), (x, end), (x, end)


def _edge(rect: Rect, *, lower: bool) -> float:
    return rect.y + rect.height if lower else rect.y
