"""A workflow as a picture: states as boxes in rows from the start, transitions as arrows. SVG.

Drawn without any library: what there is needs a binary, GTK, or weighs more than this file.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from forms.surroundings import Language
from forms.text import Text
from workflows.definition import SYSTEM, State, Transition, Workflow
from workflows.layers import Arrow, layers_of
from workflows.layout import Layout, Part, Point, Rect, lay_out

BOX_TEXT, LABEL_TEXT = 15.0, 12.5
_BOX_EM, _LABEL_EM = 9.0, 9.0
_LEADING = 1.25
_NARROW = 0.58
_CLOSING = "，。、；：！？）》」』”’"
"""Marks that do not begin a line."""
_STATES = Text("{states} 个状态，{moves} 种办理", "{states} states, {moves} transitions")
_HERE = Text("现在在“{state}”。", "Now at “{state}”.")
_STYLE = """
.flow { color: #1d2420; background: #fffefb; font-family: system-ui, "PingFang SC", sans-serif; }
.flow .box { fill: #f6f5f1; stroke: #7d8378; } .flow .final .box { fill: #e9e7e0; }
.flow .final_bad .box { stroke: #a31c1c; } .flow .standing .box { fill: #e2f1ec; }
.flow .here .box { fill: #0b6b5b; stroke: #0b6b5b; } .flow .here text { fill: #fff; }
@media (prefers-color-scheme: dark) {
.flow { color: #eceae3; background: #1f2522; }
.flow .box { fill: #161a18; stroke: #8a938c; } .flow .final .box { fill: #333a36; }
.flow .final_bad .box { stroke: #ff9e94; } .flow .standing .box { fill: #1d3a34; }
.flow .here .box { fill: #5cc4ae; stroke: #5cc4ae; } .flow .here text { fill: #0c1a17; } }
"""


def draw(
    workflow: Workflow, language: Language = "zh", here: str = "", *, inline: bool = False
) -> str:
    """Return the workflow's picture; `here` is the state to be pointed out.

    `inline` leaves out the style and the namespace's preamble, for a page that has its own.
    """
    drawing = Drawing(workflow, language)
    title, told = workflow.title.get(language) or workflow.id, _told(workflow, language, here)
    layout = drawing.layout
    size = f"{layout.width:.0f} {layout.height:.0f}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" viewBox="0 0 {size}"'
        f' width="{layout.width:.0f}" height="{layout.height:.0f}"'
        ' aria-labelledby="flow-title flow-desc">'
        f'<title id="flow-title">{escape(title)}</title>'
        f'<desc id="flow-desc">{escape(told)}</desc>'
    )
    style = "" if inline else f"<style>{_STYLE}</style>"
    return "".join((head, style, *drawing.arrows(), *drawing.states(here), "</svg>"))


class Drawing:
    """One workflow in one language, laid out."""

    def __init__(self, workflow: Workflow, language: Language) -> None:
        self.workflow, self.language = workflow, language
        self.moves = [
            (move, Arrow(move.name, source, target))
            for move in workflow.transitions
            for source in move.sources
            for target in dict.fromkeys(branch.to for branch in move.to)
        ]
        self.layout = _laid_out(workflow, language, tuple(arrow for _, arrow in self.moves))

    def states(self, here: str) -> Iterator[str]:
        """Yield each state: its box and what officers call it."""
        for name, state in self.workflow.states.items():
            kind = f"state {state.kind}{' here' if name == here else ''}"
            now = ' aria-current="step"' if name == here else ""
            rect = self.layout.boxes[name]
            dashes = ' stroke-dasharray="5 4"' if state.kind == "returned" else ""
            radius = 6 if not state.is_final else rect.height / 2
            yield (
                f'<g class="{kind}" data-state={quoteattr(name)}{now}>'
                f'<rect class="box" {_frame(rect)} rx="{radius:.0f}" fill="#fff" fill-opacity="1"'
                f' stroke="currentColor" stroke-width="1.5"{dashes}/>'
                f"{_text(state_lines(state, self.language), rect, BOX_TEXT, bold=True)}</g>"
            )

    def arrows(self) -> Iterator[str]:
        """Yield each transition: its line, its head and the words on its button."""
        drawn: set[object] = set()
        for index, (move, arrow) in enumerate(self.moves):
            clock = SYSTEM in move.by
            back = self.workflow.states[arrow.target].kind == "returned"
            dashes = ' stroke-dasharray="5 4"' if clock or back else ""
            parts = self.layout.lines[index]
            own = [part for part in parts if part not in drawn]  # what arrows share is drawn once
            drawn.update(own)
            path = " ".join(f"M{_at(a)}C{_at(b)} {_at(c)} {_at(d)}" for a, b, c, d in own)
            label = _text(
                label_lines(move, self.language), self.layout.labels[index], LABEL_TEXT, bold=False
            )
            yield (
                f'<g class="move" data-move={quoteattr(move.name)}'
                f" data-from={quoteattr(arrow.source)} data-to={quoteattr(arrow.target)}>"
                f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity=".6"{dashes}/>'
                f"{_head(parts[-1])}{label}</g>"
            )


@lru_cache(maxsize=64)
def _layout_of(
    start: str,
    boxes: tuple[tuple[str, tuple[float, float]], ...],
    arrows: tuple[Arrow, ...],
    labels: tuple[tuple[float, float], ...],
) -> Layout:
    layers = layers_of(start, [name for name, _ in boxes], arrows)
    return lay_out(layers, dict(boxes), labels)


def _laid_out(workflow: Workflow, language: Language, arrows: tuple[Arrow, ...]) -> Layout:
    boxes = tuple(
        (name, _box_size(state_lines(state, language))) for name, state in workflow.states.items()
    )
    labels = tuple(
        _size(label_lines(move, language), LABEL_TEXT)
        for move in workflow.transitions
        for _ in range(len(move.sources) * len({branch.to for branch in move.to}))
    )
    return _layout_of(workflow.start, boxes, arrows, labels)


def state_lines(state: State, language: Language) -> list[str]:
    """Return what stands in a state's box."""
    said = state.words if state.kind == "draft" else state.label
    return lines_of(said.get(language) or state.name, _BOX_EM)


def label_lines(move: Transition, language: Language) -> list[str]:
    """Return what stands at a transition's arrow: the button, and how many people it needs."""
    said = move.label.get(language) or move.name
    return lines_of(f"{said} ×{move.quorum}" if move.quorum > 1 else said, _LABEL_EM)


def lines_of(text: str, most: float) -> list[str]:
    """Break a text into lines of at most so many em, between words where it has any."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and em(lines[-1] + piece) > most:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()] or ["–"]


def _pieces(text: str) -> Iterator[str]:
    """Yield what is not broken: a word with the space before it, a wide character with its mark."""
    piece = ""
    for letter in text:
        if piece and (_is_wide(letter) or letter == " ") and letter not in _CLOSING:
            yield piece
            piece = ""
        piece += letter
    yield piece


def em(text: str) -> float:
    """Return about how wide a text is, in em."""
    return sum(1.0 if _is_wide(letter) else _NARROW for letter in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _size(lines: Sequence[str], size: float) -> tuple[float, float]:
    width = max(em(line) for line in lines) * size
    return width + 6, len(lines) * size * _LEADING + 4


def _box_size(lines: Sequence[str]) -> tuple[float, float]:
    width, height = _size(lines, BOX_TEXT)
    return max(width + 22, 84.0), height + 16


def _text(lines: Sequence[str], rect: Rect, size: float, *, bold: bool) -> str:
    x, middle = rect.middle
    y = middle - (len(lines) - 1) * size * _LEADING / 2 + size * 0.36
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + n * size * _LEADING:.1f}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text text-anchor="middle" font-size="{size}" fill="currentColor"{weight}>{spans}</text>'
    )


def _frame(rect: Rect) -> str:
    x, y, width, height = rect.x, rect.y, rect.width, rect.height
    return f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'


def _head(part: Part) -> str:
    """Return the arrow's head at the end of its last part, pointing where the line comes in."""
    (fx, fy), (x, y) = part[1], part[3]
    if part[0][0] != x:
        fx, fy = part[2]
    long = max(((x - fx) ** 2 + (y - fy) ** 2) ** 0.5, 0.1)
    dx, dy = (x - fx) / long * 7, (y - fy) / long * 7
    left, right = (x - dx - dy / 2, y - dy + dx / 2), (x - dx + dy / 2, y - dy - dx / 2)
    return f'<path d="M{_at((x, y))}L{_at(left)} {_at(right)}Z" fill="currentColor"/>'


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _told(workflow: Workflow, language: Language, here: str) -> str:
    names = {move.name for move in workflow.transitions}
    told = _STATES.get(language).format(states=len(workflow.states), moves=len(names))
    if here in workflow.states:
        label = workflow.states[here].label.get(language)
        told = _HERE.get(language).format(state=label) + " " + told
    return told
