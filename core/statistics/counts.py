"""What one event of a case counts, worked out from the case before it and after it.

An event keeps it for ever, in its hash: `counts` = {of: county#plugin#workflow#yyyymm, parts:
[[places, {attribute: number}]]}. The places are those the case concerns, from the county down. A
place that a case comes to later counts it as new there. Whatever is taken back counts as before,
with the opposite sign and in the same month.

| attribute | counts |
|---|---|
| `filed.dd` | submissions, by the day of the month (in China) |
| `in.STATE`, `out.STATE` | cases that entered or left a state |
| `t.STATE.BUCKET` | how long those that left had been there, see `core.statistics.buckets` |
| `late.STATE` | those of them that left after the state was due |
| `a.FIELD.VALUE` | answers, see `core.statistics.counted` |
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from core.moments import CHINA, moment_of, stamp
from core.statistics.buckets import bucket_of
from core.statistics.counted import answered
from core.store import Item
from forms.definition import Form
from workflows.definition import Workflow

Adds = dict[str, int]
Counts = Mapping[str, Any]
Flows = tuple[Workflow, Workflow]
NOTHING: Counts = {}
COUNTED = ("state", "since", "answers", "reach")
"""What of a case its counts rest on."""


def filed_counts(after: Item, flow: Workflow, above: Collection[str]) -> Counts:
    """Return what a submission counts; `above` are the places that do not count it."""
    at = moment_of(after["since"])
    return _told(after, at, [(_within(after, above), _opened(after, flow, at))])


def moved_counts(
    before: Item, after: Item, flows: Flows, at: datetime, above: Collection[str]
) -> Counts:
    """Return what changes with an event at `at`; `flows` are the workflow before it and after.

    A state is entered anew where the case has been in it since then.
    """
    here = _within(after, above)
    known = [place for place in here if place in before["reach"]]
    new = [place for place in here if place not in before["reach"]]
    parts = [(known, _changed(before, after, flows, at)), (new, _opened(after, flows[1], at))]
    return _told(after, at, parts)


def taken_back(counts: Counts) -> Counts:
    """Return what undoes these counts exactly."""
    if not counts:
        return NOTHING
    parts = [[places, {name: -n for name, n in adds.items()}] for places, adds in counts["parts"]]
    return {**counts, "parts": parts}


def _told(case: Item, at: datetime, parts: Iterable[tuple[list[str], Adds]]) -> Counts:
    said = [[places, adds] for places, adds in parts if places and adds]
    month = at.astimezone(CHINA).strftime("%Y%m")
    of = "#".join((case["county"], case["plugin"], case["flow"], month))
    return {"of": of, "parts": said} if said else NOTHING


def _within(case: Item, above: Collection[str]) -> list[str]:
    return [place for place in case["reach"] if place not in above]


def _opened(case: Item, flow: Workflow, at: datetime) -> Adds:
    """Return what a case counts where it is new."""
    day = at.astimezone(CHINA).day
    said = answered(_form(flow), case["answers"])
    return dict(Counter([f"filed.{day:02}", f"in.{case['state']}", *said]))


def _changed(before: Item, after: Item, flows: Flows, at: datetime) -> Adds:
    adds = Counter(answered(_form(flows[1]), after["answers"]))
    adds.subtract(answered(_form(flows[0]), before["answers"]))
    left, over = before["state"], after["since"] == stamp(at)  # a conversion ends no stay
    if over or left != after["state"]:
        adds.update([f"out.{left}", f"in.{after['state']}"])
    if over:
        spent = bucket_of((at - moment_of(before["since"])).total_seconds())
        adds[f"t.{left}.{spent}"] += 1
        if flows[0].states[left].due and before["due"] and at >= moment_of(before["due"]):
            adds[f"late.{left}"] += 1
    return {name: n for name, n in adds.items() if n}


def _form(flow: Workflow) -> Form:
    return flow.forms[flow.form]
