"""Whatever people and the clock do to cases, in whatever order and trouble, they stay whole."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.calendars import Year
from core.case_items import Case, desk_name
from core.deputies import NoDeputy
from core.drafts import Draft, DraftMoved
from core.filings import Deed, Different, Filing, Stale, Taken
from core.moments import local_date, stamp
from core.numbers import fresh_number
from core.people import Role
from core.places import Refusal
from core.sharing import NotShared
from core.store import Busy, Conflict, Item
from tests.core.grants import SECOND, THIRD
from tests.core.house import OFFICERS, House
from tests.core.lives.replay import Standing, replayed, standing
from tests.core.lives.world import SERVICE, County, MakeStores, World
from tests.tallies import of_counting, of_flow, of_standing
from workflows.case import Refused
from workflows.definition import SUBMIT

LIUTING, XINGTAI = "00000000104", "00000000870"
COUNTY = OFFICERS["county"]
PARENTS = ["00000000701", "00000000751"]
REFUSALS = (Stale, Taken, Different, Refused, NotShared, NoDeputy, DraftMoved, Refusal)
"""Answers that people are given; Busy and Conflict leave everything as it was."""
SEAT = Role("school_officer", "xingtai")
AMOUNT = {"amount": 1}

parents, schools = st.sampled_from(PARENTS), st.sampled_from(["xingtai", "liuting"])
officers = st.sampled_from([LIUTING, COUNTY, SECOND, THIRD, XINGTAI])
anybody = st.sampled_from([LIUTING, COUNTY, SECOND, THIRD, XINGTAI, *PARENTS])
places = st.integers(0, 5)
kinds = st.sampled_from(["hardship", "merit"])
needs = st.lists(st.sampled_from(["books", "meals", "travel"]), unique=True)
MOVES = ["forward", "return", "grant", "grant", "reject", "withdraw"]
waits = st.sampled_from([1, 3, 9, 11, 60, 60 * 13, 60 * 24 * 3, 60 * 24 * 8])


def none(complaints: list[str]) -> None:
    """Raise AssertionError with what the judge found."""
    if complaints:
        raise AssertionError("\n".join(complaints))


class Lives(RuleBasedStateMachine):
    """Cases of one service in a county where seats, deputies and calendars change."""

    county: ClassVar[County]
    stores: ClassVar[MakeStores]
    """Makes an empty store and another for its indexes."""
    broken: ClassVar[Callable[[House], None]] = staticmethod(lambda _: None)
    """What a control takes away before anything happens."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name)
        self.world = World(path, *type(self).stores(path), self.county)
        self.house, self.office = self.world.house, self.world.house.office
        type(self).broken(self.house)
        self.filings: dict[str, Filing] = {}
        self.calendar_days = 0

    @property
    def cases(self) -> list[str]:
        return list(self.filings)

    def at(self, place: int) -> Case:
        """Return one of the cases as it stands now."""
        with self.world.calm():
            found = self.office.cases.get(self.cases[place % len(self.cases)])
        assert found
        return found

    def tried(self, act: Callable[[], object]) -> None:
        """Do something; refusals and troubles are answers, too."""
        with suppress(*REFUSALS, Busy, Conflict):
            act()

    def filing(self, parent: str, school: str, case_id: str = "") -> Filing:
        plugin, where = self.office.catalogue.plugins[SERVICE], self.place
        data = {"name": "尹老师", "phone": parent, "school": school, "kind": "hardship"}
        number = case_id or fresh_number()
        return Filing(number, SERVICE, where, plugin.form, plugin.workflow, data)

    @property
    def place(self) -> Any:
        with self.world.calm():
            return self.office.places.get("liuting-zhen")

    def around(self) -> Any:
        return self.office.around("zh", self.place)

    def person(self, phone: str) -> Any:
        with self.world.calm():
            return self.office.people.enter(phone)

    @initialize(
        seed=st.integers(0, 1000),
        busy=st.sampled_from([0.0, 0.0, 0.03, 0.15]),
        lag=st.sampled_from([0, 1, 4]),
    )
    def troubles(self, seed: int, busy: float, lag: int) -> None:
        self.world.trouble(seed, busy, lag)

    @rule(parent=parents, school=schools, drafted=st.booleans())
    def submit(self, parent: str, school: str, drafted: bool) -> None:  # noqa: FBT001 — drawn
        filing = self.filing(parent, school)
        if drafted:
            filing = self._drafted(filing)
        try:
            self.office.cases.submit(filing, None, self.around())
        except (Busy, *REFUSALS):
            with self.world.calm():
                assert self.office.cases.get(filing.id) is None
            return
        self.filings[filing.id] = filing

    def _drafted(self, filing: Filing) -> Filing:
        blank = Draft(filing.id, SERVICE, "liuting-zhen", "qinghe", filing.form.hash)
        with self.world.calm():
            draft = self.office.drafts.save(blank)
        ending = (self.office.drafts.handed_in(draft),)
        where = (filing.plugin, filing.place, filing.form, filing.workflow, filing.data)
        return Filing(filing.id, *where, "", ending)

    @precondition(lambda self: self.filings)
    @rule(at=places, parent=parents, school=schools)
    def submit_again(self, at: int, parent: str, school: str) -> None:
        before = self.at(at)
        first = self.filings[before.id]
        filing = self.filing(parent, school, before.id)
        same = filing.data == first.data
        with suppress(Busy, *REFUSALS):
            again = self.office.cases.submit(filing, None, self.around())
            assert same or self.edited(before)
            assert again.v == before.v
        assert self.at(at).item == before.item

    def edited(self, case: Case) -> bool:
        """Tell whether answers were mended: what is compared is what was handed in at first."""
        return not case.item["twin"] and case.v > 1

    @precondition(lambda self: self.filings)
    @rule(at=places, who=anybody, what=st.sampled_from(MOVES))
    def move(self, at: int, who: str, what: str) -> None:
        today = local_date(self.house.clock.now()).isoformat()
        step = {**AMOUNT, "paid_on": today} if what == "grant" else {}
        comment = "因为" if what in ("reject", "return") else ""
        case = self.at(at)
        deed = Deed(what, case.v, self.person(who), step, comment)
        self.tried(lambda: self.office.cases.move(case, deed, self.around()))

    @precondition(lambda self: self.filings)
    @rule(at=places, what=st.sampled_from(["forward", "withdraw", "grant"]))
    def move_as_it_should_go(self, at: int, what: str) -> None:
        case = self.at(at)
        who = case.opened(case.item["answers"])["phone"] if what == "withdraw" else ""
        for phone in [who] if who else [LIUTING, XINGTAI, COUNTY, SECOND]:
            self.move(at, phone, what)

    @precondition(lambda self: self.filings)
    @rule(at=places, who=officers, behind=st.integers(1, 2))
    def move_by_an_old_page(self, at: int, who: str, behind: int) -> None:
        case = self.at(at)
        deed = Deed("reject", case.v - behind, self.person(who), {}, "因为")
        self.tried(lambda: self.office.cases.move(case, deed, self.around()))
        assert self.at(at).v == case.v

    @precondition(lambda self: self.filings)
    @rule(at=places, who=officers, other=officers, what=st.sampled_from(MOVES))
    def two_move_at_once(self, at: int, who: str, other: str, what: str) -> None:
        case = self.at(at)
        with suppress(*REFUSALS, Busy):
            deed = Deed("return", case.v, self.person(who), {}, "因为")
            self.office.cases.move(case, deed, self.around())
            with suppress(*REFUSALS, Busy):
                late = Deed(what, case.v, self.person(other), {}, "也因为")
                self.office.cases.move(case, late, self.around())
                raise AssertionError("both were told that it is done")

    @precondition(lambda self: self.filings)
    @rule(at=places, parent=parents, school=schools, kind=kinds, needs=needs)
    def edit(self, at: int, parent: str, school: str, kind: str, needs: list[str]) -> None:
        case = self.at(at)
        who = self.person(case.answers["phone"])
        data = {"name": "尹", "phone": parent, "school": school, "kind": kind, "needs": needs}
        deed = Deed(SUBMIT, case.v, who)
        self.tried(lambda: self.office.cases.edit(case, deed, data, self.around()))

    @precondition(lambda self: self.filings)
    @rule(at=places, who=anybody)
    def take_back(self, at: int, who: str) -> None:
        case, person = self.at(at), self.person(who)
        undo = self.office.reversals.take_back
        self.tried(lambda: undo(case, person, case.v, self.around()))

    @precondition(lambda self: self.filings)
    @rule(at=places)
    def whoever_moved_takes_back(self, at: int) -> None:
        maker = self.at(at).item["undo"].get("by")
        with self.world.calm():
            person = self.office.people.get(maker) if maker else None
        if person:
            self.take_back(at, person.phone)

    @precondition(lambda self: self.filings)
    @rule(at=places, who=officers)
    def unvote(self, at: int, who: str) -> None:
        case, person = self.at(at), self.person(who)
        undo = self.office.reversals.withdraw_vote
        self.tried(lambda: undo(case, person, case.v, "grant", self.around()))

    @precondition(lambda self: self.filings)
    @rule(at=places, who=officers, what=st.sampled_from(["take", "give_back", "hand"]), to=officers)
    def share(self, at: int, who: str, what: str, to: str) -> None:
        case, person, sharing = self.at(at), self.person(who), self.office.sharing
        other = (self.person(to).id,) if what == "hand" else ()
        self.tried(lambda: getattr(sharing, what)(case, person, case.v, *other))

    @rule(filled=st.booleans())
    def seat(self, filled: bool) -> None:  # noqa: FBT001 — drawn
        people = self.office.people
        if filled:
            self.tried(lambda: people.give(XINGTAI, "新人", SEAT))
        else:
            holder = self.person(XINGTAI).id
            self.tried(lambda: people.take(holder, SEAT))

    @rule(who=officers, to=officers, ends=st.booleans())
    def deputy(self, who: str, to: str, ends: bool) -> None:  # noqa: FBT001 — drawn
        officer, deputies = self.person(who), self.office.deputies
        today = local_date(self.house.clock.now())
        if ends:
            deputy = self.person(to).id
            self.tried(lambda: deputies.end(officer.id, deputy))
        else:
            last = today + timedelta(days=9)
            self.tried(lambda: deputies.name(officer, to, today, last))

    @rule(days=st.sampled_from([1, 4, 11]))
    def calendar(self, days: int) -> None:
        """Close the schools for some days after today, by the county's own calendar."""
        today = local_date(self.house.clock.now())
        spans = (("停课", today + timedelta(days=1), today + timedelta(days=days)),)
        year = Year(today.year, "", tuple(each for each in spans if each[2].year == today.year))
        at, publish = stamp(self.house.clock.now()), self.office.calendars.publish
        self.tried(lambda: publish("qinghe", year, "张敏", at))

    @rule(down=st.booleans())
    def channel(self, down: bool) -> None:  # noqa: FBT001 — drawn
        self.house.letters.down = down

    @precondition(lambda self: self.filings)
    @rule(at=places)
    def after_the_reply(self, at: int) -> None:
        case = self.at(at)
        self.tried(lambda: self.office.effects.work_off(case))
        self.tried(lambda: self.office.counting.work_off(case.id))

    @rule()
    def tick(self) -> None:
        self.tried(self.world.tick)

    @rule(minutes=waits)
    def time(self, minutes: int) -> None:
        """Let time pass; no index is behind for more than a minute."""
        self.house.clock.move(minutes=minutes)
        if minutes > 1:
            self.world.store.catch_up()
        self.tried(self.world.tick)

    @rule(which=places)
    def ring_what_is_past(self, which: int) -> None:
        """Ring a timer of a state that its case has left, or one that has rung."""
        judge, now = self.world.judge(), stamp(self.house.clock.now())
        past = [
            (judge.cases[number], timer)
            for number, timers in judge.timers.items()
            for timer in timers
            if number in judge.cases and timer["name"] != "draft" and timer["sk"] < now
            if (case := judge.cases[number].item)["entry"] != timer["entry"]
            or timer["name"] in case["rung"]
        ]
        if past:
            case, timer = past[which % len(past)]
            key, entry, name = (timer["pk"], timer["sk"]), timer["entry"], timer["name"]
            with suppress(Busy):
                ring = self.office.cases.ring
                assert not ring(case.id, entry, name, key, lambda _: self.around())
            assert self.at(self.cases.index(case.id)).item == case.item

    @invariant()
    def everything_is_whole(self) -> None:
        with self.world.calm():
            judge = self.world.judge()
            found = [*judge.of_leftovers(), *judge.of_cases()]
        none(found)
        assert set(judge.cases) == set(self.filings)
        for number, case in judge.cases.items():
            assert standing(case) == self.told(case, judge.events[number])
            for event in judge.events[number]:
                waits = [each for each in event["todo"] if "parked" not in each]
                assert bool(waits) == ("desk_pk" in event), event

    def told(self, case: Case, events: list[Item]) -> Standing:
        """Return where the timeline leads to; one hung anew as it is taken back nobody has."""
        told = replayed(events)
        undone = bool(events) and any(e["transition"].startswith("undo:") for e in events)
        return replace(told, taken=0) if undone and not case.item["taken"] else told

    def teardown(self) -> None:
        try:
            self.settled()
        finally:
            self.folder.cleanup()

    def settled(self) -> None:
        """Hold what is left once all is quiet: effects, seats, and what the desks list."""
        with self.world.calm():
            self.world.settle()
            judge = self.world.judge()
            none([*judge.of_effects(), *judge.of_leftovers(), *judge.of_cases()])
            none([*of_counting(judge), *of_standing(judge), *of_flow(judge), *judge.of_finding()])
            lying = {
                (desk_name(case.item["desk"][1], case.item["desk"][0], SERVICE), number)
                for number, case in judge.cases.items()
                if case.item["desk"]
            }
            assert lying == self._listed()

    def _listed(self) -> set[tuple[str, str]]:
        desks = [
            desk_name(place, role, SERVICE)
            for place in ("xingtai", "liuting", "liuting-zhen", "qinghe")
            for role in ("school_officer", "county_officer")
        ]
        query = self.world.store.query
        return {(d, item["id"]) for d in desks for item in query(d, index="desk").items}
