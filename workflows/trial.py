"""Replay a list of events through a workflow, as `kehou workflow try` does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.text import Text
from workflows.case import Actor, Case, Move, Moved, Notices, Refused, Timer, Voted
from workflows.definition import APPLICANT, SUBMIT, Circulation, Effect, Notify, Workflow
from workflows.engine import begin, fire, move, withdraw_vote
from workflows.schedule import schedule
from workflows.spans import CHINA, local_day

_NOON = time(12)
_MOST_TIMERS = 1000
_KINDS = frozenset({"submit", "move", "unvote", "tick"})
_UNREADABLE = Text("这个事件读不懂：{event}", "This event cannot be read: {event}")
_BACKWARDS = Text("时间不能倒退：{event}", "Time does not run backwards: {event}")
_NO_CASE = Text("还没有提交。", "Nothing has been submitted yet.")
_TWICE = Text("已经提交过了。", "It has been submitted already.")


def try_workflow(workflow: Workflow, events: Sequence[Any], around: Surroundings) -> dict[str, Any]:
    """Replay `events` and tell what came of them; raises nothing for what the events hold.

    An event is `{"submit": answers}`, `{"move": name, "by": [role], "step": {…}, "comment": "…",
    "marks": […], "amend": {…}, "self": bool, "who": "…"}`,
    `{"unvote": name, "who": "…"}` or `{"tick": true}`, each with `"at"`: a date (noon in China) or
    an ISO time; without it the time stands still, at first at noon of `around.today`. `amend` are
    clean answers, as those submitted are. `who` tells people apart where a move needs several;
    `facts` is what the service's Python would tell, `{"fits": true}`.

    Returns `states` (each one entered, in order), `effects` (`{"notify", "to"}` or `{"do"}`, with
    the `event` that led to it), `refused` (`{"event", "problems"}`) and `due` (ISO, +08:00, or
    None) and `votes` (how many, by move) of the last state.
    """
    trial = _Trial(workflow, around, _noon(around.today))
    for index, event in enumerate(events):
        trial.replay(index, event)
    due = trial.case.due if trial.case else None
    votes = trial.case.votes if trial.case else {}
    return {
        "states": trial.states,
        "effects": trial.effects,
        "refused": trial.refused,
        "due": due.astimezone(CHINA).isoformat() if due else None,
        "votes": {name: len(given) for name, given in votes.items()},
    }


@dataclass
class _Trial:
    """The case between two events, its running timers, and what happened so far."""

    workflow: Workflow
    around: Surroundings
    at: datetime
    case: Case | None = None
    timers: list[Timer] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def replay(self, index: int, event: Any) -> None:
        try:
            self._turn_clock(event)
            for outcome in self._outcomes(event):
                self._note(index, outcome)
        except Refused as refusal:
            problems = [problem.as_dict() for problem in refusal.problems]
            self.refused.append({"event": index, "problems": problems})

    def _turn_clock(self, event: Any) -> None:
        written = event.get("at") if isinstance(event, Mapping) else None
        at = self.at if written is None else _instant(written)
        if at is None:
            raise self._refusal(_UNREADABLE, event)
        if self.case and at < self.at:
            raise self._refusal(_BACKWARDS, event)
        self.at = at
        self.around = replace(self.around, today=local_day(at))

    def _outcomes(self, event: Any) -> Iterator[Moved | Notices | Voted]:
        kinds = _KINDS & set(event) if isinstance(event, Mapping) else set()
        if len(kinds) != 1:
            raise self._refusal(_UNREADABLE, event)
        if "submit" in kinds:
            yield self._submit(event)
        elif "move" in kinds:
            yield self._move(event)
        elif "unvote" in kinds:
            self._withdraw_vote(event)
        else:
            yield from self._tick()

    def _submit(self, event: Mapping[str, Any]) -> Moved | Voted:
        answers = event["submit"]
        if not isinstance(answers, Mapping):
            raise self._refusal(_UNREADABLE, event)
        if self.case is None:
            return begin(self.workflow, answers, self.at, self.around, facts=_facts(event))
        if not self.workflow.find(SUBMIT, self.case.state):
            raise self._refusal(_TWICE, event)
        applicant = Actor(frozenset({APPLICANT}), is_self=True)
        again = replace(self.case, answers=answers, facts=_facts(event))
        return move(self.workflow, again, Move(SUBMIT, applicant, self.at), self.around)

    def _withdraw_vote(self, event: Mapping[str, Any]) -> None:
        if self.case is None:
            raise self._refusal(_NO_CASE, event)
        people = frozenset({str(event.get("who", ""))})
        actor = Actor(frozenset(), people=people)
        self.case = withdraw_vote(self.case, str(event["unvote"]), actor, self.around)

    def _move(self, event: Mapping[str, Any]) -> Moved | Voted:
        if self.case is None:
            raise self._refusal(_NO_CASE, event)
        wish = _wish(event, self.at)
        if wish is None:
            raise self._refusal(_UNREADABLE, event)
        answers = {**self.case.answers, **event.get("amend", {})}
        case = replace(self.case, answers=answers, facts=_facts(event))
        return move(self.workflow, case, wish, self.around)

    def _tick(self) -> Iterator[Moved | Notices]:
        for _ in range(_MOST_TIMERS):
            due = [timer for timer in self.timers if timer.at <= self.at]
            if not due or self.case is None:
                return
            timer = min(due, key=lambda each: each.at)
            self.timers.remove(timer)
            around = replace(self.around, today=local_day(timer.at))
            outcome = fire(self.workflow, self.case, timer.name, timer.at, around)
            if outcome:
                yield outcome

    def _note(self, index: int, outcome: Moved | Notices | Voted) -> None:
        if isinstance(outcome, Voted):
            self.case = outcome.case
            return
        self.effects += [{"event": index, **_shown(effect)} for effect in outcome.effects]
        if isinstance(outcome, Moved):
            self.case = outcome.case
            self.timers = list(schedule(self.workflow, self.case, self.around).timers)
            self.states.append(outcome.case.state)

    def _refusal(self, text: Text, event: Any) -> Refused:
        words = text.get(self.around.language).format(event=event)
        return Refused(Problem("event", words))


def _wish(event: Mapping[str, Any], at: datetime) -> Move | None:
    by, step, marks = event.get("by", []), event.get("step", {}), event.get("marks", [])
    roles = [by] if isinstance(by, str) else by
    comment, amend = event.get("comment", ""), event.get("amend", {})
    if not (
        isinstance(amend, Mapping) and _texts(roles) and _texts(marks) and isinstance(step, Mapping)
    ):
        return None
    if not isinstance(event["move"], str) or not isinstance(comment, str):
        return None
    own = event.get("self", APPLICANT in roles) is True
    who = frozenset({str(event.get("who", "、".join(roles)))})
    actor = Actor(frozenset(roles), own, who)
    return Move(event["move"], actor, at, step, comment, tuple(marks), tuple(amend))


def _facts(event: Mapping[str, Any]) -> Mapping[str, bool]:
    told = event.get("facts", {})
    return {name: each is True for name, each in told.items()} if isinstance(told, Mapping) else {}


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _shown(effect: Effect) -> dict[str, str]:
    if isinstance(effect, Notify):
        return {"notify": effect.template, "to": effect.to}
    if isinstance(effect, Circulation):
        return {"circulate": effect.template}
    return {"do": effect.action}


def _noon(day: date) -> datetime:
    return datetime.combine(day, _NOON, CHINA).astimezone(UTC)


def _instant(written: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is None:
            clock = at.time() if len(written) > len("2026-10-01") else _NOON
            at = datetime.combine(at.date(), clock, CHINA)
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
