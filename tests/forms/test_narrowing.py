"""A lookup offers what fits the answers so far, and takes nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from forms.definition import Form
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Choice, ChoiceSource, Surroundings
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


class Asked(ChoiceSource):
    """Rooms of one use; notes what it was told, and knows nothing of dancing."""

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []

    def __getitem__(self, name: str) -> Sequence[Choice]:
        return ROOMS

    def __iter__(self) -> Iterator[str]:
        return iter(["halls.rooms"])

    def __len__(self) -> int:
        return 1

    def narrowed(self, _: str, given: Mapping[str, Any]) -> Sequence[Choice] | None:
        self.told.append(given)
        return None if given.get("uses") == "art" else ROOMS[:2]


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


def test_a_source_that_can_be_told_hears_clean_answers_and_facts_still_narrow() -> None:
    source = Asked()
    around = Surroundings(date(2026, 9, 1), choices=source)
    answers = {"use": "music", "day": "2026年9月4日", "room": "a"}
    found = evaluate(form(), answers, around)
    assert source.told == [{"uses": "music", "days": "2026-09-04"}]
    assert [each.message for each in found.problems] == [
        "您选的这一项和“用途”“日期”对不上，请重新选一项"
    ]
    assert evaluate(form(), {**answers, "room": "b"}, around).accepted


def test_what_is_not_there_for_these_answers_is_not_offered_from_all_the_others() -> None:
    room = form().fields["room"]
    near = room.narrowed({"use": "art"}, Surroundings(date(2026, 9, 1), choices=Asked()))
    assert "halls.rooms" not in near.choices
    assert list(near.choices) == []
    assert room.options(near) == ()


def test_something_looked_up_is_told_by_its_value_and_an_address_by_its_places() -> None:
    text = FORM.replace("type: choice", "type: lookup").replace(
        "choices: [{value: music, label: 音乐}, {value: art, label: 美术}]",
        "choices_from: halls.uses",
    )
    room = form(text).fields["room"]
    assert room.given({"use": {"value": "music", "label": "音乐"}}) == {"uses": "music"}
    near = {"region": ["x", "music"], "detail": "1"}
    found = room.asked({"use": near, "day": {"from": "1", "to": "2"}}, surroundings())
    assert found is not None
    assert [each.value for each in found[1]] == ["a", "b", "c"]


def test_nothing_in_the_rows_of_a_group_is_narrowed() -> None:
    rows = """
      - name: rows
        type: group
        label: 行
        fields:
          - name: hall
            type: lookup
            label: 厅
            choices_from: halls.rooms
            choices_where: {uses: use}
"""
    with pytest.raises(DefinitionError, match="does not narrow"):
        form(FORM + rows)
