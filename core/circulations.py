"""Circulations (群发): a message to everybody of a group, worked off in bounded pieces (ADR 37).

A case that comes into the state its workflow says leaves a job at `CI#case` / `JOB#event`, which
stands in the desk index under `CIRCULATE` until it is done. Each step looks through a page of the
register for the cases that make somebody one of the group, and enters their holders as recipients
in the commit that moves the job on: killed or done twice at any point, each is entered once.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import groupby

from core.audiences import Audiences, Group
from core.case_items import Case, register_name
from core.cases import Cases
from core.moments import moment_of, stamp
from core.places import Place, Places
from core.ports import Clock
from core.recalls import Recalls
from core.recipients import Recipients, new, sum_key
from core.statistics.reading import Reading
from core.store import Absent, Busy, Change, Conflict, Item, Put, Store, Version
from workflows.engine import chosen, chosen_all

log = logging.getLogger(__name__)
JOBS = "CIRCULATE"
_PAGE = 40
_STEPS = 100
"""How many steps one tick makes."""
_EMPTY = 20
"""How many pages without anybody for it one step passes over."""
_PREVIEWED = 60
_PUT_OFF = timedelta(hours=1)
_YEARS = timedelta(days=800)
"""How far back is looked where nobody noted when the service was first switched on."""
_DESK = ("desk_pk", "desk_sk")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many a message would reach; with `more`, at least."""

    people: int
    more: bool


@dataclass(frozen=True, slots=True)
class Circulations:
    """Begins and works off circulations, and tells whom one would reach."""

    store: Store
    cases: Cases
    places: Places
    audiences: Audiences
    recipients: Recipients
    recalls: Recalls
    statistics: Reading
    clock: Clock

    def begin(self, event: Item, case: Case) -> None:
        """Leave the job that an event asks for; again, nothing."""
        told = self.cases.workflow(case).circulation
        if told and told.recall and event["to"] == told.recall.into:
            self.recalls.begin(event, case)
            return
        groups = self.groups(case)
        if not groups:
            return
        job = {
            "pk": f"CI#{case.id}",
            "sk": f"JOB#{event['n']:06}",
            "case": case.id,
            "entry": case.item["entry"],
            "parts": self._parts(groups, self.within(case)),
            "at": 0,
            "cursor": "",
            "stands": "walking",
            **dict(zip(_DESK, (JOBS, f"{stamp(self.clock.now())}#{case.id}"), strict=True)),
        }
        with suppress(Conflict):
            self.store.commit(Put(job, (Absent(),)))

    def work_off_due(self) -> int:
        """Enter, send and count what is due, a bounded piece; return how many were sent."""
        steps, now = _STEPS, f"{stamp(self.clock.now())}~"
        for found in self.store.query(JOBS, index="desk", until=now, limit=50).items:
            [job] = self.store.get((found["pk"], found["sk"]))
            while job and job["stands"] == "walking" and steps > 0:
                steps -= 1
                job = self._stepped(job)
        self.recalls.work_off_due()
        sent = self.recipients.send_due()
        self.recipients.count_due()
        return sent

    def groups(self, case: Case) -> list[Group]:
        """Return whom a case's message goes to, without those of whom that can no longer be said.

        Whoever belongs to several is one person.
        """
        told = self.cases.workflow(case).circulation
        named = chosen_all(case.answers.get(told.to)) if told else []
        place = self.places.get(case.item["place"])
        found = (self.audiences.find(place, each) for each in named)
        return [each for each in found if each]

    def within(self, case: Case) -> Place:
        """Return the place whose people of the group are meant."""
        told = self.cases.workflow(case).circulation
        named = chosen(case.answers.get(told.within)) if told and told.within else None
        return self.places.get(named or case.item["place"])

    def counts(self, case: Case) -> Item:
        """Return how many were reached, sent to, and so on, as far as it is counted."""
        [found] = self.store.get(sum_key(case.id))
        return found or {}

    def reach(self, case: Case) -> Reach:
        """Return how many a case's message would reach now, without who declined being taken off.

        It looks where the statistics say that such cases stand, 60 pages at most.
        """
        groups, within = self.groups(case), self.within(case)
        flows = [[*each] for _, each in groupby(sorted(groups, key=_flow), key=_flow)]
        found = [self._reach(each, within, _PREVIEWED // len(flows)) for each in flows]
        people = set[str]().union(*(holders for holders, _ in found))
        return Reach(len(people), more=any(more for _, more in found))

    def _reach(self, groups: Sequence[Group], within: Place, most: int) -> tuple[set[str], bool]:
        """Return who belongs to groups of one workflow, and whether there may be more."""
        plugin, flow = _flow(groups[0])
        states = frozenset[str]().union(*(each.audience.states for each in groups))
        looks, seen, holders = 0, 0, set[str]()
        standing = self.statistics.standing(within.county, [within.slug], plugin, [flow])
        there = sum(n for state, n in standing[within.slug][flow].items() if state in states)
        for slug, month, _ in self._parts(groups, within) if there else ():
            for page in self._pages(register_name(slug, plugin, month)):
                looks += 1
                ours = [each for each in page if within.slug in each["reach"]]
                holders |= {each["holder"] for each in ours if _fits(groups, each, within)}
                seen += sum(each["state"] in states and not each["twin"] for each in ours)
            if seen >= there or looks >= most:
                break
        return holders, seen < there

    def _stepped(self, job: Item) -> Item | None:
        """Make a step; None where it is for somebody else, or for later."""
        try:
            return self._step(job)
        except (Conflict, Busy):  # somebody else is at it
            return None
        except Exception:  # one job's fault must not keep the others waiting
            log.exception("the circulation %s/%s failed", job["pk"], job["sk"])
        later = f"{stamp(self.clock.now() + _PUT_OFF)}#{job['case']}"
        key, when = (job["pk"], job["sk"]), (Version(int(job["v"])),)
        with suppress(Conflict, Busy):
            self.store.commit(Change(key, set={"desk_sk": later}, when=when))
        return None

    def _step(self, job: Item) -> Item | None:
        """Look on until there is somebody, enter whom the page has, and move the job on."""
        case = self.cases.get(job["case"])
        groups = self.groups(case) if case else []
        told = self.cases.workflow(case).circulation if case else None
        total = len(job["parts"])
        at, cursor = int(job["at"]), job["cursor"]
        if case is None or not groups or told is None or case.state not in told.readable:
            return self._moved(job, [], at, "", "over")
        if at >= total:
            return self._moved(job, [], at, "", "done")
        within, found, onward = self.within(case), list[Item](), (at, cursor)
        for _ in range(_EMPTY):
            slug, month, *named = job["parts"][onward[0]]
            plugin = named[0] if named else groups[0].plugin  # as jobs once were: of one group
            name = register_name(slug, plugin, month)
            page = self.store.query(name, index="register", limit=_PAGE, cursor=onward[1] or None)
            found = [each for each in page.items if _fits(groups, each, within)]
            onward = (onward[0], page.cursor) if page.cursor else (onward[0] + 1, "")
            if found or onward[0] >= total:
                break
        items = self.recipients.entries(case, int(job["entry"]), found)
        stands = "walking" if onward[0] < total else "done"
        return self._moved(job, items, *onward, stands)

    def _moved(
        self, job: Item, items: Sequence[Item], at: int, cursor: str, stands: str
    ) -> Item | None:
        """Commit a step of a job with its recipients; raise Conflict where it stands elsewhere."""
        key, when = (job["pk"], job["sk"]), (Version(int(job["v"])),)
        gone = () if stands == "walking" else _DESK
        told = {"at": at, "cursor": cursor, "stands": stands}
        left = {(each["pk"], each["sk"]): each for each in items}
        while True:
            try:
                self.store.commit(
                    Change(key, set=told, remove=gone, when=when), *new(left.values())
                )
            except Conflict as conflict:
                stood = {write.key for write, _ in conflict.writes}
                if key in stood:
                    raise
                left = {each: item for each, item in left.items() if each not in stood}
            else:
                return {**job, **told, "v": int(job["v"]) + 1}

    def _filed_at(self, within: Place) -> list[str]:
        """Return where cases that concern a place may have been filed: in it, or above it."""
        tree = [each.slug for each in self.places.tree(within)]
        above = within.path[within.path.index(within.county) :]
        return [*dict.fromkeys([*tree, *above])]

    def _parts(self, groups: Sequence[Group], within: Place) -> list[list[str]]:
        """Return where the register has cases of groups, each once: [place, month, plugin]."""
        flows = dict.fromkeys(map(_flow, groups))
        parts = [each for flow in flows for each in self._of(flow, within)]
        return [[*each] for each in dict.fromkeys(map(tuple, parts))]

    def _of(self, flow: tuple[str, str], within: Place) -> list[list[str]]:
        """Return where cases of a plugin's workflow can be, the latest month first.

        That is where the statistics say that any were handed in, and this month and the last
        everywhere, which may not be counted yet. A month of the register is one in UTC, a month of
        the statistics one in China: what is counted in one may be registered in that before.
        """
        slugs, (plugin, workflow) = self._filed_at(within), flow
        noted = [self.places.first_noted(slug, plugin) for slug in within.path]
        now = stamp(self.clock.now())
        months = _months(min([stamp(self.clock.now() - _YEARS), *filter(None, noted)]), now)
        told = (within.county, slugs, plugin, workflow)
        found = self.statistics.among(*told, months[0], months[-1])
        filed = {
            (slug, month.name)
            for slug, statistics in found.items()
            for month in statistics.months
            if month.filed
        }
        parts = zip(months, [*months[1:], ""], strict=True)
        return [
            [slug, month, plugin]
            for month, after in [*parts][::-1]
            for slug in slugs
            if month in months[-2:] or {(slug, month), (slug, after)} & filed
        ]

    def _pages(self, name: str) -> Iterator[Sequence[Item]]:
        cursor: str | None = None
        while True:
            page = self.store.query(name, index="register", limit=400, cursor=cursor)
            yield page.items
            cursor = page.cursor
            if cursor is None:
                return


def _flow(group: Group) -> tuple[str, str]:
    """Return whose cases make somebody one of a group: a plugin's, in a workflow."""
    return (group.plugin, group.audience.workflow)


def _fits(groups: Sequence[Group], item: Item, within: Place) -> bool:
    return any(each.holds(item, within.slug) for each in groups)


def _months(since: str, now: str) -> list[str]:
    """Return the months (yyyymm, in UTC as cases are registered) from one moment to another."""
    first, last = (moment_of(each).astimezone(UTC) for each in (since, now))
    count = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{n // 12}{n % 12 + 1:02}" for n in count]
