"""Says, from the items of one installation alone, what was lost, doubled or torn.

Nothing that a server remembers is asked: everything is worked out anew.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from core.calendars import TIMER as CALENDAR
from core.case_items import Case, chain_holds, index_keys
from core.cases import TWIN
from core.drafts import TIMER as DRAFT
from core.moments import stamp
from core.office import Office
from core.parties import line_up
from core.seats import HANGING
from core.store import Item, Key
from workflows.definition import Notify, Overdue
from workflows.schedule import schedule, timers_of


@dataclass
class Judge:
    """Holds the items of a file against one another."""

    office: Office
    items: list[Item]
    sent: set[str]
    cases: dict[str, Case] = field(default_factory=dict)
    events: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    drafts: dict[str, Item] = field(default_factory=dict)
    claims: dict[Key, str] = field(default_factory=dict)
    timers: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    listed: set[str] = field(default_factory=set)
    found: dict[Key, Item] = field(default_factory=dict)
    """What leads to cases by what they say."""
    undated: bool = False
    """Whether a calendar was published by which cases are still to be dated."""

    def __post_init__(self) -> None:
        for item in self.items:
            pk, sk = item["pk"], item["sk"]
            if pk.startswith("C#") and sk == "H":
                self.cases[pk[2:]] = Case(item, self.office.vault)
            elif pk.startswith("C#") and sk == "D":
                self.drafts[pk[2:]] = item
            elif pk.startswith("C#"):
                self.events[pk[2:]].append(item)
            elif pk.startswith("U#"):
                self.claims[pk, sk] = item["case"]
            elif pk.startswith("T#") and "name" in item:
                if item["name"] == CALENDAR:
                    self.undated = True
                else:
                    self.timers[item["case"]].append(item)
            elif pk.startswith("Q#"):
                self.found[pk, sk] = {name: each for name, each in item.items() if name != "v"}
            elif pk.startswith("X#volunteers#") and sk.startswith("C#"):
                self.listed.add(item["case"])

    def of_leftovers(self) -> Iterator[str]:
        for where, found in (("events", self.events), ("timers", self.timers)):
            for number in set(found) - set(self.cases):
                names = [each.get("name") for each in found[number]]
                if names != [DRAFT]:
                    yield f"{number}: {where} without a case"
        owned = {tuple(key) for case in self.cases.values() for key in case.item["claims"]}
        yield from (f"a claim that no case names: {key}" for key in set(self.claims) - owned)
        for number, draft in self.drafts.items():
            yield from (f"{number}: {what}" for what in self._of_draft(number, draft))

    def of_cases(self) -> Iterator[str]:
        """Hold every case against its timeline, its claims and its dates."""
        for case in self.cases.values():
            yield from (f"{case.id}: {what}" for what in self.of_case(case))

    def _of_draft(self, number: str, draft: Item) -> Iterator[str]:
        timers = [each for each in self.timers[number] if each["name"] == DRAFT]
        if len(timers) != 1:
            yield f"{len(timers)} timers for a draft"
        was_returned = any(each["transition"] == "return" for each in self.events[number])
        if number in self.cases and draft["blob"] and not was_returned:
            yield "accepted, and its draft goes on"
        if draft["blob"] and not self.office.drafts.of_item(
            {**draft, "until": "9999-01-01T00:00Z"}
        ):
            yield "a draft that does not open"

    def of_case(self, case: Case) -> Iterator[str]:
        events, twin = self.events[case.id], case.item["twin"]
        if [event["n"] for event in events] != list(range(1, case.v + 1)):
            yield f"version {case.v}, but events {[event['n'] for event in events]}"
            return
        if not chain_holds(events, case.item["head"]):
            yield "the chain is broken"
        if any(a["to"] != b["from"] for a, b in pairwise(events)) or events[-1]["to"] != case.state:
            yield "the timeline does not lead to the state"
        if events[0]["transition"] != "submit" or (twin and twin not in self.cases):
            yield "no first event, or a twin of nobody"
        final = self.office.cases.workflow(case).states[case.state].is_final
        held = [tuple(key) for key in case.item["claims"]]
        if bool(held) == (final or bool(twin)):
            yield f"{len(held)} claims in {case.state}"
        if any(self.claims.get(key) != case.id for key in held):
            yield "a claim of its own that it does not hold"
        kept = {k: v for k, v in case.item.items() if k.startswith(("desk_", "mine_", "register_"))}
        if kept != index_keys(case.item):
            yield "its index keys are not what it says"
        if (case.id in self.listed) != (case.state == "cleared"):
            yield f"the directory is wrong about {case.state}"
        if not self.undated:
            yield from self._of_timers(case)

    def _of_timers(self, case: Case) -> Iterator[str]:
        place = self.office.places.get(case.item["place"])
        dates = schedule(
            self.office.cases.workflow(case), case.situation, self.office.around("zh", place)
        )
        entry = case.item["entry"]
        now = [each for each in self.timers[case.id] if each["entry"] == entry]
        found = {(each["name"], each["sk"].partition("#")[0]) for each in now}
        asked = {(t.name, stamp(t.at)) for t in dates.timers if t.name not in case.item["rung"]}
        if case.item["twin"]:  # set aside: it waits for nothing
            if found:
                yield f"timers {sorted(found)} of a twin"
            return
        dated = [
            e for e in self.events[case.id] if e["transition"] == "calendar" and e["n"] > entry
        ]
        if not (asked <= found if dated else asked == found):
            yield f"timers {sorted(found)} instead of {sorted(asked)}"
        if (stamp(dates.due) if dates.due else "") != case.item["due"]:
            yield f"due {case.item['due']} instead of {dates.due}"

    def of_effects(self) -> Iterator[str]:
        """Hold the messages sent against what the workflows owe, and desks against seats."""
        owed: set[str] = set()
        for case in self.cases.values():
            owed |= set(self._owed(case))
            yield from (f"{case.id}: {what}" for what in self._of_desk(case))
        parked = set()
        for event in (event for events in self.events.values() for event in events):
            if (event["todo"] and not event.get("parked")) or "desk_pk" in event:
                yield f"{event['case']}-{event['n']} is still to do: {event['todo']}"
            parked |= {
                f"{event['case']}-{event['n']}-{each['index']}"
                for each in event["todo"]
                if "parked" in each
            }
        done = {name.rpartition("-")[0] for name in self.sent}
        overtaken = {each for case in self.cases.values() for each in self._overtaken(case)}
        yield from (f"{name} was never sent" for name in owed - done - parked - overtaken)
        yield from (f"{name} was sent, but never happened" for name in done - owed)
        for item in self.items:
            if item.get("desk_pk") == HANGING:
                yield f"{item['pk']} {item['sk']} is not worked off"

    def of_finding(self) -> Iterator[str]:
        """Hold what is found by searching against what the cases say, once all is worked off."""
        ought: dict[Key, Item] = {}
        for case in self.cases.values():
            ought |= {(each["pk"], each["sk"]): each for each in self.office.index.expected(case)}
        for key in sorted(ought.keys() | self.found.keys()):
            if key not in self.found:
                yield f"{ought[key]['case']} is not found under {key[0]}"
            elif key not in ought:
                yield f"{self.found[key]['case']} is found under {key[0]} and does not say so"
            elif self.found[key] != ought[key]:
                yield f"{ought[key]['case']} is told of otherwise under {key[0]}"

    def _of_desk(self, case: Case) -> Iterator[str]:
        if not case.item["desk"] or not case.item["seat"]:
            return
        place, (role, slug) = self.office.places.get(case.item["place"]), case.item["seat"]
        seats = self.office.cases.ledger.seats
        desk = [*seats.desk(place.county, role, line_up(slug, place, self.office.places))]
        if desk != case.item["desk"]:
            yield f"lies on {case.item['desk']} instead of {desk}"

    def _owed(self, case: Case) -> Iterator[str]:
        """Yield case, event and index of each message that its events lead to."""
        events = self.events[case.id]
        for event, after in zip(events, [*events[1:], None], strict=True):
            count = self._messages(case, event)
            undone = after is not None and after["transition"].startswith("undo:")
            for index in range(0 if undone else count):
                yield f"{case.id}-{event['n']}-{index}"

    def _overtaken(self, case: Case) -> Iterator[str]:
        """Yield the messages that waited for a taking back and may not have gone any more.

        For the case has left the state that they tell of.
        """
        events, workflow = self.events[case.id], self.office.cases.workflow(case)
        for at, event in enumerate(events):
            left = any(each["to"] != event["to"] for each in events[at + 1 :])
            found = workflow.find(event["transition"], event["from"] or workflow.start)
            if left and found and found.undo:
                for index in range(self._messages(case, event)):
                    yield f"{case.id}-{event['n']}-{index}"

    def _messages(self, case: Case, event: Item) -> int:
        name, workflow = event["transition"], self.office.cases.workflow(case)
        if case.item["twin"] and event["n"] == 1:
            return 0
        if name == TWIN:
            return 1
        state = workflow.states[event["from"] or workflow.start]
        if name.startswith("timer:"):
            return len(timers_of(state)[name.removeprefix("timer:")].notify)
        found = workflow.find(name, state.name)
        if found is None:
            return 0
        clock = [
            each
            for each in timers_of(state).values()
            if event["by"] == "system" and isinstance(each, Overdue) and each.move == name
        ]
        effects = [*(clock[0].notify if clock else ()), *found.notify]
        told = (each for each in effects if isinstance(each, Notify))
        return len([each for each in told if each.into in ("", event["to"])])
