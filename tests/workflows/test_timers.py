"""Due dates, reminders, expiry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forms.calendar import Calendar, national_calendar
from forms.surroundings import Surroundings
from tests.workflows.sample import ANSWERS
from workflows.case import Actor, Case, Move, Moved, Notices, Timer
from workflows.definition import Notify, Workflow
from workflows.engine import begin, fire, move
from workflows.schedule import schedule

Around = Callable[..., Surroundings]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def filed(workflow: Workflow, around: Surroundings, when: str) -> Moved:
    return begin(workflow, ANSWERS, at(when), around)


def test_five_working_days_count_the_make_up_saturday(workflow: Workflow, around: Around) -> None:
    moved = filed(workflow, around("2026-09-29"), "2026-09-29T10:00+08:00")
    assert moved.case.due == at("2026-10-12T23:59:59+08:00")


def test_due_dates_count_from_the_day_in_china(workflow: Workflow, around: Around) -> None:
    moved = filed(workflow, around("2026-11-24"), "2026-11-23T23:30+00:00")
    assert moved.case.due == at("2026-12-01T23:59:59+08:00")


def test_a_due_date_in_an_undecided_year_stays_open_until_the_calendar_is_published(
    workflow: Workflow, around: Around
) -> None:
    moved = filed(workflow, around("2026-12-29"), "2026-12-29T10:00+08:00")
    assert moved.case.due is None
    assert moved.timers == ()
    known = national_calendar()
    published = Calendar(known.years | {2027}, known.holidays, known.makeups)
    dates = schedule(workflow, moved.case, replace(around(), calendar=published))
    assert dates.due == at("2027-01-05T23:59:59+08:00")


def test_without_any_calendar_working_days_stay_open(workflow: Workflow, around: Around) -> None:
    bare = replace(around(), calendar=None)
    assert filed(workflow, bare, "2026-11-23T10:00+08:00").case.due is None


def test_timers_come_in_the_order_of_time(workflow: Workflow, around: Around) -> None:
    moved = filed(workflow, around(), "2026-11-23T10:00+08:00")
    assert moved.timers == (
        Timer("waiting.overdue.0", at("2026-11-30T23:59:59+08:00")),
        Timer("waiting.overdue.1", at("2026-12-02T23:59:59+08:00")),
    )


def test_a_timer_that_only_tells_leaves_the_case(workflow: Workflow, around: Around) -> None:
    moved = filed(workflow, around(), "2026-11-23T10:00+08:00")
    told = fire(workflow, moved.case, *_args(moved.timers[0]), around("2026-11-30"))
    assert told == Notices((Notify("boss", "late"),))


def test_a_timer_that_moves_does_so_as_the_system(workflow: Workflow, around: Around) -> None:
    moved = filed(workflow, around(), "2026-11-23T10:00+08:00")
    escalated = fire(workflow, moved.case, *_args(moved.timers[1]), around("2026-12-02"))
    assert isinstance(escalated, Moved)
    assert escalated.case.state == "upstairs"
    assert escalated.transition.name == "escalate"


def test_a_timer_is_stale_before_its_time_and_after_the_case_has_left(
    workflow: Workflow, around: Around
) -> None:
    case = filed(workflow, around(), "2026-11-23T10:00+08:00").case
    early = at("2026-11-30T23:59:58+08:00")
    assert fire(workflow, case, "waiting.overdue.0", early, around()) is None
    late = at("2026-12-30T00:00:00+08:00")
    gone = replace(case, state="upstairs")
    assert fire(workflow, gone, "waiting.overdue.1", late, around()) is None
    assert fire(workflow, case, "waiting.overdue.7", late, around()) is None
    assert fire(workflow, replace(case, state="nowhere"), "x", late, around()) is None


def test_what_was_entered_anew_is_not_overdue_by_an_old_timer(
    workflow: Workflow, around: Around
) -> None:
    first = filed(workflow, around(), "2026-11-23T10:00+08:00")
    again = replace(first.case, entry=3, since=at("2026-11-27T10:00+08:00"))
    assert fire(workflow, again, *_args(first.timers[1]), around()) is None


def approved(workflow: Workflow, around: Surroundings, checked_on: str) -> Moved:
    case = filed(workflow, around, "2026-11-23T10:00+08:00").case
    step = {"fine": True, "checked_on": checked_on}
    officer = Actor(frozenset({"officer"}))
    return move(workflow, case, Move("approve", officer, case.since, step), around)


def test_a_standing_state_ends_with_the_day_and_reminds_in_the_morning(
    workflow: Workflow, around: Around
) -> None:
    moved = approved(workflow, around(), "2026-11-20")
    assert moved.case.due == at("2027-11-20T23:59:59+08:00")
    assert moved.timers == (
        Timer("valid.remind.0", at("2027-10-21T09:00:00+08:00")),
        Timer("valid.overdue.0", at("2027-11-20T23:59:59+08:00")),
    )


def test_reminders_whose_time_is_over_are_not_sent(workflow: Workflow, around: Around) -> None:
    moved = approved(workflow, around(), "2025-12-20")
    assert [timer.name for timer in moved.timers] == ["valid.overdue.0"]


@pytest.mark.parametrize("second", ["58", "59"])
def test_a_standing_state_holds_through_its_last_second(
    workflow: Workflow, around: Around, second: str
) -> None:
    moved = approved(workflow, around(), "2026-11-20")
    when = at(f"2027-11-20T23:59:{second}+08:00")
    ended = fire(workflow, moved.case, "valid.overdue.0", when, around("2027-11-20"))
    assert (ended is None) == (second == "58")
    assert ended is None or (isinstance(ended, Moved) and ended.release)


def test_a_date_that_is_none_gives_no_expiry(workflow: Workflow, around: Around) -> None:
    case = Case("valid", 1, at("2026-11-23T10:00+08:00"), ANSWERS, {"checked_on": "soon"})
    assert schedule(workflow, case, around()).due is None


def _args(timer: Timer) -> tuple[str, datetime]:
    return timer.name, timer.at
