"""The engine: (workflow, case, move) → the case after it and what follows. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from forms.expressions import Expression
from forms.surroundings import Surroundings
from workflows import refusals
from workflows.case import Actor, Assignment, Case, Move, Moved, Notices, Refused, Voted
from workflows.definition import (
    APPLICANT,
    SUBMIT,
    SYSTEM,
    Assign,
    Circulation,
    Notify,
    Overdue,
    Transition,
    Workflow,
)
from workflows.schedule import expiry_base, schedule, timer_time, timers_of

_CLOCK = Actor(frozenset({SYSTEM}))
NO_FACTS: Mapping[str, bool] = {}
_PUBLIC = Actor(frozenset({APPLICANT}), is_self=True)


def begin(  # noqa: PLR0913 — all that a submission is judged by
    workflow: Workflow,
    answers: Mapping[str, Any],
    at: datetime,
    around: Surroundings,
    actor: Actor = _PUBLIC,
    *,
    facts: Mapping[str, bool] = NO_FACTS,
) -> Moved:
    """Submit a new case with clean `answers`; raise Refused where a guard or a role says no."""
    draft = Case(workflow.start, 0, at, answers, facts=facts)
    transition, after = _judged(workflow, draft, Move(SUBMIT, actor, at), around)
    return _entered(workflow, after, transition, at, around)


def allowed(
    workflow: Workflow, case: Case, actor: Actor, around: Surroundings
) -> tuple[Transition, ...]:
    """Return the moves this actor may make now, in the order of the file.

    A guard that rests on what is yet to be filled in or changed does not hide its move.
    """
    return tuple(
        each
        for each in workflow.leaving(case.state)
        if may(each, actor) and (each.awaits_step or _guarded(each, case, around))
    )


def may(transition: Transition, actor: Actor) -> bool:
    """Tell whether the actor's roles allow the transition, and none of it is for oneself."""
    return bool(_roles(transition, actor)) and not vets_oneself(transition, actor)


def vets_oneself(transition: Transition, actor: Actor) -> bool:
    """Tell whether the actor would decide as an officer on their own case."""
    roles = _roles(transition, actor)
    own = actor.is_self and not transition.allow_self
    return own and bool(roles) and APPLICANT not in roles


def _roles(transition: Transition, actor: Actor) -> frozenset[str]:
    return actor.roles & set(transition.by)


def move(workflow: Workflow, case: Case, wish: Move, around: Surroundings) -> Moved | Voted:
    """Move a case, or vote for a move; raise Refused with everything that stands against it.

    `case.answers` are the answers as they would be afterwards (a returned case submitted again
    comes with the new ones, as does one that the move amends). Of several people's steps, that of
    the vote which meets the quorum joins the case.
    """
    transition, after = _judged(workflow, case, wish, around)
    if transition.quorum > 1:
        given = case.votes.get(transition.name, ())
        if any(wish.actor.people & vote for vote in given):
            raise Refused(refusals.of_vote(transition, around.language))
        given = (*given, wish.actor.people)
        if len(given) < transition.quorum:
            votes = {**case.votes, transition.name: given}
            return Voted(replace(case, votes=votes), transition)
    return _entered(workflow, after, transition, wish.at, around)


def withdraw_vote(case: Case, name: str, actor: Actor, around: Surroundings) -> Case:
    """Return the case without this actor's vote for a move; raise Refused where there is none."""
    given = case.votes.get(name, ())
    left = tuple(vote for vote in given if not vote & actor.people)
    if left == given:
        raise Refused(refusals.of_no_vote(around.language))
    others = {each: votes for each, votes in case.votes.items() if each != name}
    return replace(case, votes=others | ({name: left} if left else {}))


def _judged(
    workflow: Workflow, case: Case, wish: Move, around: Surroundings
) -> tuple[Transition, Case]:
    """Return the transition and the case with its step; raise Refused where it may not be."""
    language = around.language
    transition = workflow.find(wish.transition, case.state)
    if transition is None:
        raise Refused(refusals.of_place(workflow, case, wish, language))
    if not may(transition, wish.actor):
        own = vets_oneself(transition, wish.actor)
        raise Refused(refusals.of_actor(transition, own=own, language=language))
    problems = tuple(refusals.of_wish(workflow, transition, wish, language))
    if problems:
        raise Refused(*problems)
    after = replace(case, steps={**case.steps, **wish.step})
    if not _guarded(transition, after, around):
        raise Refused(refusals.of_guard(transition, language))
    failed = [each for each in transition.checks if not _holds(each.expr, after, around)]
    if any(each.level == "block" or not wish.comment.strip() for each in failed):
        raise Refused(*(refusals.of_check(each, after, language) for each in failed))
    return transition, after


def fire(
    workflow: Workflow, case: Case, timer_name: str, at: datetime, around: Surroundings
) -> Moved | Notices | None:
    """Run a timer: the move or the messages it stands for.

    None where it is stale: the case has moved on, the time has not come, or the guard of its
    move says no.
    """
    state = workflow.states.get(case.state)
    timer = timers_of(state).get(timer_name) if state else None
    when = timer_time(workflow, case, timer_name, around) if timer else None
    if timer is None or when is None or at < when:
        return None
    if isinstance(timer, Overdue) and timer.move:
        return _moved_by_clock(workflow, case, timer, at, around)
    return Notices(timer.notify)


def move_by_system(
    workflow: Workflow, case: Case, name: str, at: datetime, around: Surroundings
) -> Moved | None:
    """Make a move that the workflow leaves to `system`; None where it may not be made now."""
    try:
        transition, after = _judged(workflow, case, Move(name, _CLOCK, at), around)
        return _entered(workflow, after, transition, at, around)
    except Refused:
        return None


def _moved_by_clock(
    workflow: Workflow, case: Case, timer: Overdue, at: datetime, around: Surroundings
) -> Moved | None:
    moved = move_by_system(workflow, case, timer.move or "", at, around)
    return replace(moved, effects=(*timer.notify, *moved.effects)) if moved else None


def _entered(
    workflow: Workflow, case: Case, transition: Transition, at: datetime, around: Surroundings
) -> Moved:
    target, left = workflow.states[_target(transition, case, around)], case.state
    case = replace(
        case, state=target.name, entry=case.entry + 1, since=at, due=None, votes={}, facts={}
    )
    if target.expires and expiry_base(target.expires, case) is None:
        raise Refused(refusals.of_expiry(target, around.language))
    dates = schedule(workflow, case, around)
    return Moved(
        case=replace(case, due=dates.due),
        transition=transition,
        assign=assigned(workflow, case),
        timers=dates.timers,
        effects=(
            *_told(transition, target.name),
            *transition.do,
            *_circulated(workflow, case, left),
        ),
        release=target.is_final,
    )


def _told(transition: Transition, state: str) -> Iterator[Notify]:
    """Yield the messages of a move that leads to a state."""
    return (each for each in transition.notify if each.into in ("", state))


def _circulated(workflow: Workflow, case: Case, left: str) -> Iterator[Circulation]:
    """Yield the message to a group where a case has come into a state that sends or recalls it."""
    told = workflow.circulation
    if told is None or case.state == left or not chosen_all(case.answers.get(told.to)):
        return
    if case.state == told.into:
        yield told
    if told.recall and case.state == told.recall.into:
        yield replace(told, template=told.recall.template)


def _target(transition: Transition, case: Case, around: Surroundings) -> str:
    return next(each.to for each in transition.to if _holds(each.when, case, around))


def assigned(workflow: Workflow, case: Case) -> Assignment | None:
    """Return whose desk the state a case stands in puts it on; None for nobody's."""
    assign = workflow.states[case.state].assign
    return _assignment(assign, case) if assign else None


def _assignment(assign: Assign, case: Case) -> Assignment:
    if not assign.is_field:
        return Assignment(assign.role, ("kind", assign.at))
    place = chosen(case.answers.get(assign.at))
    return Assignment(assign.role, ("place", place) if place else ("kind", "place"))


def chosen(answer: Any) -> str:
    """Return the value of an answer that names one thing, "" where there is none."""
    value = answer.get("value") if isinstance(answer, Mapping) else answer
    return "" if value is None else str(value)


def chosen_all(answer: Any) -> list[str]:
    """Return the values of an answer that names one thing or several, none where there is none."""
    several = answer if isinstance(answer, list) else [answer]
    return [value for value in map(chosen, several) if value]


def _guarded(transition: Transition, case: Case, around: Surroundings) -> bool:
    return _holds(transition.guard, case, around)


def _holds(rule: Expression | None, case: Case, around: Surroundings) -> bool:
    scope = {**case.answers, **case.facts, "step": case.steps}
    return rule is None or rule.holds(scope, around)
