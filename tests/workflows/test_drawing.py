"""The picture of a workflow: all of it is there, and nothing lies on anything else."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.source import Source
from forms.surroundings import Language
from tests.workflows.sample import FORMS, read_workflow
from tests.workflows.wild import sound_definitions
from workflows.definition import Workflow
from workflows.drawing import Drawing, draw, em, lines_of
from workflows.layout import Layout, Point, Rect
from workflows.loading import load_workflow

SVG = "{http://www.w3.org/2000/svg}"


def arrows(workflow: Workflow) -> set[tuple[str, str, str]]:
    return {
        (move.name, source, branch.to)
        for move in workflow.transitions
        for source in move.sources
        for branch in move.to
    }


def points(layout: Layout, index: int) -> Iterator[Point]:
    """Yield points along an arrow's line."""
    for a, b, c, d in layout.lines[index]:
        for step in range(11):
            t = step / 10
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x = sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True))
            yield x, sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True))


def inside(point: Point, rect: Rect) -> bool:
    slack = 0.01
    across = rect.x + slack < point[0] < rect.x + rect.width - slack
    return across and rect.y + slack < point[1] < rect.y + rect.height - slack


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 — our own picture


def check(workflow: Workflow, language: Language) -> None:
    picture = parsed(draw(workflow, language))
    states = [each.get("data-state") for each in picture.iter(f"{SVG}g") if each.get("data-state")]
    assert sorted(map(str, states)) == sorted(workflow.states)
    moves = [each for each in picture.iter(f"{SVG}g") if each.get("data-move")]
    told = {tuple(each.get(f"data-{key}") for key in ("move", "from", "to")) for each in moves}
    assert told == arrows(workflow)
    assert all(each.find(f"{SVG}text") is not None for each in moves)

    layout = Drawing(workflow, language).layout
    rects = [*layout.boxes.values(), *layout.labels.values()]
    assert [pair for pair in combinations(rects, 2) if pair[0].meets(pair[1])] == []
    assert all(r.x >= 0 and r.x + r.width <= layout.width for r in rects)
    assert all(r.y >= 0 and r.y + r.height <= layout.height for r in rects)
    for index in layout.lines:
        for point in points(layout, index):
            assert not [box for box in rects if inside(point, box)], (index, point)


@st.composite
def labelled_definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Make workflows whose states and moves have names of one line or of several."""
    definition = draw(sound_definitions())
    named = [*definition["states"].values(), *definition["transitions"].values()]
    for each in named:
        each["label"] = draw(
            st.sampled_from(["待核", "需要很长时间才能核对完的一步", "A long way to go on"])
        )
    return definition


@given(labelled_definitions())
@settings(max_examples=200)
def test_all_of_any_workflow_is_drawn_and_nothing_lies_on_anything_else(
    definition: dict[str, Any],
) -> None:
    check(load_workflow(Source("made.yaml", definition), FORMS), "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sample_is_drawn_in_both_languages(language: Language) -> None:
    check(read_workflow(), language)


def test_an_arrow_leads_from_its_state_to_its_target() -> None:
    drawing = Drawing(read_workflow(), "zh")
    for index, (_, arrow) in enumerate(drawing.moves):
        first, last = drawing.layout.lines[index][0][0], drawing.layout.lines[index][-1][3]
        for point, state in ((first, arrow.source), (last, arrow.target)):
            box = drawing.layout.boxes[state]
            assert box.x <= point[0] <= box.x + box.width
            assert box.y - 0.01 <= point[1] <= box.y + box.height + 0.01


def test_what_is_returned_or_done_by_the_clock_is_dashed() -> None:
    picture = parsed(draw(read_workflow()))
    dashed = {
        each.get("data-move")
        for each in picture.iter(f"{SVG}g")
        if each.get("data-move") and any(path.get("stroke-dasharray") for path in each)
    }
    assert dashed == {"return", "escalate", "lapse"}


def test_the_present_state_is_pointed_out_and_said() -> None:
    picture = draw(read_workflow(), "zh", "waiting")
    assert re.findall(
        r'class="state open here" data-state="(\w+)" aria-current="step"', picture
    ) == ["waiting"]
    assert "现在在“待审”。" in picture
    assert "here" not in draw(read_workflow()).partition("</style>")[2]


def test_a_picture_is_the_same_every_time_and_asks_for_nothing_outside() -> None:
    once, again = draw(read_workflow()), draw(read_workflow())
    assert once == again
    assert not re.search(r"(href|src|url\(|<script|style=)", once)


def test_what_people_wrote_does_not_break_out_of_the_picture() -> None:
    wild = read_workflow().data | {"title": "<script>&\"'"}
    states = {**wild["states"], "waiting": {**wild["states"]["waiting"], "label": "<b>&"}}
    picture = draw(load_workflow(Source("x", {**wild, "states": states}), FORMS, ["certify"], None))
    assert parsed(picture) is not None
    assert "<script>" not in picture
    assert "<b>" not in picture


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("身份核对无误", ["身份核对无误"]),
        ("培训合格，可以排课，请到校", ["培训合格，可以排", "课，请到校"]),
        ("Trained, may be scheduled", ["Trained, may be", "scheduled"]),
        ("", ["–"]),
    ],
)
def test_labels_break_between_words_and_never_before_a_mark(text: str, lines: list[str]) -> None:
    assert lines_of(text, 9.0) == lines


def test_a_wide_character_is_as_wide_as_it_is_high() -> None:
    assert em("课后") == 2.0
    assert em("ab") < 1.3
