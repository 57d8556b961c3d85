"""When a state is due and which timers hang on it."""

from dataclasses import dataclass
from datetime import date, datetime

from forms.calendar import Calendar
from forms.surroundings import Surroundings
from workflows.case import Case, Timer
from workflows.definition import Expiry, Overdue, Reminder, State, Workflow
from workflows.spans import end_of, local_day, morning_of

_UNDECIDED = Calendar()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The due date (or expiry) of a state and its timers; None and empty while undecided."""

    due: datetime | None = None
    timers: tuple[Timer, ...] = ()


def schedule(workflow: Workflow, case: Case, around: Surroundings) -> Schedule:
    """Work out the dates of the state the case stands in, from when it entered it.

    Call it again for an open case when the calendar of an undecided year is published.
    Reminders whose morning was over when the state was entered are left out.
    """
    state = workflow.states[case.state]
    day = _due_day(state, case, around.calendar or _UNDECIDED)
    if day is None:
        return Schedule()
    timers = [
        Timer(name, at)
        for name, timer in timers_of(state).items()
        if (at := timer_time(workflow, case, name, around))
        and (at > case.since or isinstance(timer, Overdue))
    ]
    return Schedule(end_of(day), tuple(sorted(timers, key=lambda timer: timer.at)))


def timers_of(state: State) -> dict[str, Overdue | Reminder]:
    """Return the state's timers by name: `checking.overdue.0`, `cleared.remind.1`."""
    overdue = {f"{state.name}.overdue.{n}": each for n, each in enumerate(state.overdue)}
    remind = {f"{state.name}.remind.{n}": each for n, each in enumerate(state.remind)}
    return {**overdue, **remind}


def move_of(state: State | None, timer: str) -> str:
    """Return the move that a state's timer makes, "" where it makes none."""
    found = timers_of(state).get(timer) if state else None
    return (found.move or "") if isinstance(found, Overdue) else ""


def timer_time(workflow: Workflow, case: Case, name: str, around: Surroundings) -> datetime | None:
    """Return when the case's timer `name` runs (UTC).

    None where its state has no such timer, or while the calendar leaves the day open.
    """
    state = workflow.states[case.state]
    calendar = around.calendar or _UNDECIDED
    timer = timers_of(state).get(name)
    due = _due_day(state, case, calendar)
    if timer is None or due is None:
        return None
    if isinstance(timer, Overdue):
        day = timer.after.after(due, calendar)
        return end_of(day) if day else None
    day = timer.before.before(due, calendar)
    return morning_of(day) if day else None


def expiry_base(expiry: Expiry, case: Case) -> date | None:
    """Return the date that a standing state's expiry is counted from; None where it is missing."""
    written = (case.steps if expiry.of_step else case.answers).get(expiry.name)
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None


def _due_day(state: State, case: Case, calendar: Calendar) -> date | None:
    if state.due:
        return state.due.after(local_day(case.since), calendar)
    base = expiry_base(state.expires, case) if state.expires else None
    if base is None or state.expires is None:
        return None
    span = state.expires.span
    return span.before(base, calendar) if state.expires.minus else span.after(base, calendar)
