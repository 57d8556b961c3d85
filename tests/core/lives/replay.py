"""What a case must look like, told from its timeline alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.case_items import Case
from core.store import Item


@dataclass(frozen=True)
class Standing:
    """Where a case stands after some of its events."""

    state: str = ""
    entry: int = 0
    steps: Mapping[str, Any] = field(default_factory=dict)
    votes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    taken: int = 0
    rung: Sequence[str] = ()


def replayed(events: Sequence[Item]) -> Standing:
    """Return where these events, from the first on, lead to."""
    line = [Standing()]
    for event in events:
        line.append(_after(line, event))
    return line[-1]


def standing(case: Case) -> Standing:
    """Return where the case says that it stands."""
    item = case.item
    return Standing(
        state=case.state,
        entry=item["entry"],
        steps=item["steps"],
        votes={name: [vote["by"] for vote in given] for name, given in item["votes"].items()},
        taken=item["taken"].get("n", 0),
        rung=item["rung"],
    )


def _after(line: list[Standing], event: Item) -> Standing:
    now, (verb, _, what) = line[-1], event["transition"].partition(":")
    if verb in ("vote", "unvote"):
        return replace(now, votes=_votes(now, event, what, given=verb == "vote"))
    if verb == "undo":
        return replace(line[-2], entry=event["n"])
    changes: dict[str, dict[str, Any]] = {
        "desk": {"taken": 0 if what == "given_back" else event["n"]},
        "hung": {"taken": 0},
        "timer": {"rung": [*now.rung, what]},
        "calendar": {},
        "twin": {},
    }
    if verb in changes:
        return replace(now, **changes[verb])
    return Standing(event["to"], event["n"], {**now.steps, **event["step"]}, rung=[])


def _votes(now: Standing, event: Item, move: str, *, given: bool) -> Mapping[str, Sequence[str]]:
    before = now.votes.get(move, ())
    after = [*before, event["by"]] if given else [by for by in before if by != event["by"]]
    others = {name: votes for name, votes in now.votes.items() if name != move}
    return others | ({move: after} if after else {})
