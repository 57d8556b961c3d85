"""A lookup offers what fits the answers so far, and takes nothing else."""

from datetime import date

import pytest

from forms.definition import Form
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text

FORM = """
id: asking
title: 借用
pages:
  - fields:
      - name: use
        type: choice
        label: 用途
        choices: [{value: music, label: 音乐}, {value: art, label: 美术}]
      - {name: day, type: date, label: 日期}
  - fields:
      - name: room
        type: lookup
        label: 教室
        choices_from: halls.rooms
        choices_where: {uses: use, days: day}
"""
ROOMS = [
    Choice(
        "a", Text("甲"), facts={"uses": frozenset({"music"}), "days": frozenset({"2026-09-03"})}
    ),
    Choice("b", Text("乙"), facts={"uses": frozenset({"art", "music"})}),
    Choice("c", Text("丙")),
]


def form(text: str = FORM) -> Form:
    return load_form(read_yaml(text, "f.yaml"))


def surroundings() -> Surroundings:
    return Surroundings(date(2026, 9, 1), choices={"halls.rooms": ROOMS})


def offered(**answers: object) -> list[str]:
    asking = form()
    data = evaluate(asking, answers, surroundings()).data
    room = asking.fields["room"]
    return [each.value for each in room.options(room.narrowed(data, surroundings()))]


def problems(**answers: object) -> list[str]:
    return [each.code for each in evaluate(form(), answers, surroundings()).problems]


def test_unanswered_it_narrows_nothing() -> None:
    assert offered() == ["a", "b", "c"]


def test_every_fact_must_fit_and_who_says_nothing_of_one_fits() -> None:
    assert offered(use="music") == ["a", "b", "c"]
    assert offered(use="art") == ["b", "c"]
    assert offered(use="music", day="2026-9-3") == ["a", "b", "c"]
    assert offered(use="music", day="2026-09-04") == ["b", "c"]


def test_what_does_not_fit_is_refused_like_an_unknown_choice() -> None:
    assert problems(use="art", room="b") == []
    assert problems(use="art", room="a") == ["choice_unknown"]


def test_a_field_that_is_not_there_is_named_with_what_was_meant() -> None:
    with pytest.raises(DefinitionError) as refused:
        form(FORM.replace("days: day", "days: dya"))
    assert "did you mean day?" in str(refused.value)


def test_only_a_lookup_is_narrowed() -> None:
    with pytest.raises(DefinitionError, match="choices_where"):
        form(FORM.replace("        choices_from: halls.rooms\n", "").replace("lookup", "choice"))


def test_a_lookup_that_waits_for_itself_is_a_cycle() -> None:
    with pytest.raises(DefinitionError):
        form(FORM.replace("uses: use", "uses: room"))
