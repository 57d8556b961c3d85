"""Answers accepted before are taken as they are; all that follows from them follows as ever."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Form
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.source import read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text

TRIP = """
id: trip
title: 出行
pages:
  - fields:
      - {name: day, type: date, label: 日期, required: true, min: today}
      - {name: starts, type: time, label: 时间}
      - {name: term, type: date_range, label: 时段}
      - {name: fare, type: money, label: 车费}
      - {name: share, type: decimal, label: 比例}
      - {name: total, type: money, label: 合计, compute: 'fare * heads'}
      - {name: slot, type: lookup, label: 时段, choices_from: trips.slots}
      - {name: bus, type: yes_no, label: 坐车}
      - {name: company, type: text, label: 车队, show_if: bus, required: true}
      - {name: note, type: text, label: 备注, show_if: bus, when_hidden: keep}
      - name: classes
        type: group
        label: 班级
        fields:
          - {name: name, type: text, label: 班级, required: true}
          - {name: heads, type: integer, label: 人数, min: 1}
          - {name: guide, type: lookup, label: 讲解员, choices_from: trips.guides}
          - {name: fare, type: money, label: 车费, compute: 'row.heads * fare'}
          - {name: seat, type: text, label: 座位, show_if: 'bus and row.heads > 5'}
      - {name: heads, type: integer, label: 人数, compute: 'sum(classes, row.heads)'}
    checks:
      - {expr: 'heads <= 60', message: 人太多, field: classes, code: many}
      - {expr: 'is_empty(starts) or starts < "17:00"', message: 太晚, field: starts, code: late}
      - {expr: 'is_empty(term) or start(term) <= day', message: 太早, field: day, code: early}
"""
TODAY = date(2026, 11, 23)
OFFERED = {
    "trips.slots": [Choice("9", Text("九点")), Choice("10", Text("十点"))],
    "trips.guides": [Choice("a", Text("甲"))],
}


class Unasked(dict[str, Any]):
    """Lookups that nobody may ask."""

    def __contains__(self, name: object) -> bool:
        raise AssertionError(name)

    __getitem__ = get = __contains__  # type: ignore[assignment]


def trip() -> Form:
    return load_form(read_yaml(TRIP, "trip.yaml"))


FORM = trip()
AROUND = Surroundings(TODAY, choices=OFFERED)
GOOD: dict[str, Any] = {
    "day": "2026-12-02",
    "fare": "2.5",
    "slot": "9",
    "bus": True,
    "company": "一队",
    "classes": [{"name": "一班", "heads": 30, "guide": "a", "seat": "前排"}],
}


def kept(answers: Mapping[str, Any], *anew: str, around: Surroundings = AROUND) -> Any:
    return evaluate(FORM, answers, around, kept=FORM.fields.keys() - set(anew))


def stood() -> dict[str, Any]:
    outcome = evaluate(FORM, GOOD, AROUND)
    assert outcome.problems == ()
    return dict(outcome.data)


def test_no_lookup_is_asked_for_what_stands_in_rows_neither() -> None:
    outcome = kept({**stood(), "fare": "3"}, "fare", around=Surroundings(TODAY, choices=Unasked()))
    assert outcome.problems == ()
    assert outcome.data["slot"] == {"value": "9", "label": "九点"}
    assert outcome.data["classes"][0]["guide"] == {"value": "a", "label": "甲"}


def test_a_bound_that_has_passed_is_not_held_against_what_stands() -> None:
    later = Surroundings(date(2026, 12, 10), choices=OFFERED)
    assert kept({**stood(), "fare": "3"}, "fare", around=later).problems == ()
    [problem] = kept(stood(), "day", around=later).problems
    assert problem.field == "day"


def test_what_is_computed_and_hidden_follows_in_rows_too() -> None:
    outcome = kept({**stood(), "fare": "3", "bus": False}, "fare", "bus")
    assert (outcome.data["total"], outcome.data["heads"]) == ("90.00", 30)
    assert outcome.data["classes"][0]["fare"] == "90.00"
    assert "seat" not in outcome.data["classes"][0]
    assert "company" not in outcome.data


def test_checks_and_what_is_required_hold_over_what_stands() -> None:
    before = {**stood(), "bus": False}
    del before["company"]
    found = kept({**before, "bus": True, "day": "2026-11-30", "term": TERM}, "bus", "day").problems
    assert {f"{one.field}/{one.code}" for one in found} == {"company/required", "day/early"}


TERM = {"from": "2026-12-01", "to": "2026-12-20"}
ANSWERS = st.fixed_dictionaries(
    {
        "day": st.dates(date(2026, 11, 1), date(2027, 1, 31)).map(str),
        "classes": st.lists(
            st.fixed_dictionaries(
                {"name": st.sampled_from(["一班", "二班", ""])},
                optional={
                    "heads": st.integers(0, 40),
                    "guide": st.sampled_from(["a", "甲", "b"]),
                    "seat": st.just("前排"),
                },
            ),
            max_size=3,
        ),
    },
    optional={
        "starts": st.sampled_from(["9:00", "16点半", "18:00"]),
        "term": st.just(TERM),
        "fare": st.sampled_from(["¥2.5", "3", "x"]),
        "share": st.sampled_from(["0.50", "１２"]),
        "slot": st.sampled_from(["9", "十点", "11"]),
        "bus": st.booleans() | st.none(),
        "company": st.sampled_from(["一队", "", None]),
        "note": st.just("备注"),
    },
)


@settings(max_examples=500)
@given(ANSWERS, ANSWERS, st.sets(st.sampled_from(sorted(FORM.fields))))
def test_keeping_what_was_accepted_gives_what_asking_for_it_again_would(
    first: dict[str, Any], second: dict[str, Any], anew: set[str]
) -> None:
    accepted = evaluate(FORM, first, AROUND).data
    mixed = {**accepted, **{name: second.get(name) for name in anew}}
    assert kept(mixed, *anew) == evaluate(FORM, mixed, AROUND)
