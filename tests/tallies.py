"""Says, from the items of one installation alone, what its statistics counted wrongly."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from core.case_items import Case
from core.moments import CHINA, moment_of
from core.statistics.buckets import bucket_of
from core.statistics.counted import answered
from core.statistics.tally import NOW, tallied
from core.store import Item, Key
from tests.judge import Judge

Sums = Mapping[Key, Mapping[str, int]]
ALL = "all"
BESIDE = {"vote", "unvote", "desk", "hung", "timer", "calendar", "twin"}
"""The first words of events that leave a case in the state it is in."""


def of_counting(judge: Judge) -> Iterator[str]:
    """Hold the statistics against what the events say they count, each once; none may be left."""
    events = [event for events in judge.events.values() for event in events]
    for event in events:
        if event.get("counted", 0) != (1 if event.get("counts") else 0):
            yield f"{event['case']}-{event['n']} was counted {event.get('counted', 0)} times"
    yield from _differences(stored(judge), tallied(events).sums)


def of_standing(judge: Judge) -> Iterator[str]:
    """Hold what stands in each state, and all answers ever, against the cases themselves.

    At every place that a case concerns, however late it came to it.
    """
    told: dict[Key, Counter[str]] = defaultdict(Counter)
    for case in _counted(judge):
        flow = judge.office.cases.workflow(case)
        said = answered(flow.forms[flow.form], case.answers)
        for place in case.reach[case.reach.index(case.item["county"]) :]:
            told[_key(case, place, NOW)][f"now.{case.state}"] += 1
            told[_key(case, place, ALL)].update(said)
    kept: dict[Key, Counter[str]] = defaultdict(Counter)
    for (pk, sk), sums in stored(judge).items():
        if sk.endswith(f"#{NOW}"):
            kept[pk, sk].update(sums)
        else:
            answers = {name: n for name, n in sums.items() if name.startswith("a.")}
            kept[pk, f"{sk.rpartition('#')[0]}#{ALL}"].update(answers)
    yield from _differences(kept, told)


def of_flow(judge: Judge, *, timed: bool = True) -> Iterator[str]:
    """Hold what a county's months count against the timelines.

    With `timed`, the time in each state too: a server's clock goes on between a move and its event.
    """
    told: dict[Key, Counter[str]] = defaultdict(Counter)
    for case in _counted(judge):
        for month, name in _flow(case, judge.events[case.id]):
            if timed or not name.startswith("t."):
                told[_key(case, case.item["county"], month)][name] += 1
    kinds = {"filed", "in", "out", *(["t"] if timed else [])}
    kept = {
        key: {name: n for name, n in sums.items() if name.partition(".")[0] in kinds}
        for key, sums in stored(judge).items()
        if key[1].partition("#")[0] == key[0].split("#")[1]
    }
    yield from _differences(kept, told)


def stored(judge: Judge) -> Sums:
    """Return what the statistic items hold."""
    return {
        (item["pk"], item["sk"]): {name: n for name, n in item.items() if "." in name}
        for item in judge.items
        if item["pk"].startswith("ST#")
    }


def _counted(judge: Judge) -> list[Case]:
    return [case for case in judge.cases.values() if not case.item["twin"]]


def _flow(case: Case, events: list[Item]) -> Iterator[tuple[str, str]]:
    """Yield everything that a timeline counts for, by month and attribute."""
    stays = _stays(events)
    filed = moment_of(case.item["at"]).astimezone(CHINA)
    yield f"{filed:%Y%m}", f"filed.{filed:%d}"
    for (state, since), (after, until) in pairwise([("", ""), *stays]):
        at = moment_of(until).astimezone(CHINA)
        yield f"{at:%Y%m}", f"in.{after}"
        if state:
            spent = (at - moment_of(since)).total_seconds()
            yield f"{at:%Y%m}", f"out.{state}"
            yield f"{at:%Y%m}", f"t.{state}.{bucket_of(spent)}"


def _stays(events: list[Item]) -> list[tuple[str, str]]:
    """Return each state a case has been in and since when; what was taken back did not happen."""
    stays: list[tuple[str, str]] = []
    for event in events:
        verb = event["transition"].partition(":")[0]
        if verb == "undo":
            stays.pop()
        elif verb not in BESIDE:
            stays.append((event["to"], event["at"]))
    return stays


def _key(case: Case, place: str, month: str) -> Key:
    pk = f"ST#{case.item['county']}#{case.item['plugin']}"
    return pk, f"{place}#{case.item['flow']}#{month}"


def _differences(kept: Sums, told: Sums) -> Iterator[str]:
    for key in kept.keys() | told.keys():
        has, ought = (
            {name: n for name, n in sums.get(key, {}).items() if n} for sums in (kept, told)
        )
        if has != ought:
            yield f"{'/'.join(key)} counts {has} instead of {ought}"
