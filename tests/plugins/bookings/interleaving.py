"""What schools, venues and the clock do at once: one thing begun, others done before it commits."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from core.case_items import Case
from core.filings import Deed, Stale, Taken
from core.people import Role
from core.store import Busy, Conflict, Item, Key, Page, Store, Write
from infra.local.sqlite import SqliteStore
from tests.core.house import NOW, House
from tests.plugins.bookings.books import Books
from tests.plugins.bookings.hosting import context
from tests.plugins.bookings.visiting import CONTACT, HEAD, SATURDAY, VENUE, WEDNESDAY, Visiting
from workflows.case import Refused

SCHOOLS = {"hexi-1": "school", "yunting": "00000000106", "no2": "00000000107"}
RUSH = {
    "date": WEDNESDAY,
    "starts": "09:00",
    "ends": "10:00",
    "stay": 60,
    "opens_at": "2026-11-22T08:00+08:00",
}
SLOTS = [
    ("museum", WEDNESDAY, "15:30-16:30"),
    ("library", WEDNESDAY, "09:00-10:00"),
    ("museum", SATURDAY, "09:00-11:00"),
    ("library", SATURDAY, "09:00-11:00"),
]
LIMITS = {"capacity": 10, "groups": 4, "guides": 1}
ENTRIES: dict[str, dict[str, Any]] = {
    "museum": {**VENUE, **LIMITS, "auto_heads": 3},
    "library": {**VENUE, **LIMITS, "risk": "medium", "special": [RUSH]},
}
PATTERNS: list[list[dict[str, Any]]] = [VENUE["openings"], VENUE["openings"][1:]]
_CHANGES = ["change heads", "change time", "cancel"]
MOVES = {
    "approving": ["approve", "refuse_trip", *_CHANGES],
    "promised": ["approve", "refuse_trip", *_CHANGES],
    "requested": ["confirm", "propose", "decline", *_CHANGES],
    "countered": ["accept", "decline", "cancel"],
    "confirmed": ["call_off", "propose", *_CHANGES],
    "offered": ["take_offer", "cancel"],
    "queued": ["cancel"],
    "waiting": ["cancel"],
}
_BY = dict.fromkeys(("confirm", "propose", "decline", "call_off"), CONTACT)
_BY |= dict.fromkeys(("approve", "refuse_trip"), HEAD)
ANSWERS = (Refused, Stale, Taken, Busy, Conflict)
"""What people may be told instead of "done"; all leave everything as it was."""
Operation = tuple[Any, ...]
Step = tuple[Operation, Sequence[Operation], bool]
"""What is done, what overtakes it, and whether its effects are worked off at once."""

_HOW_OFTEN = {
    "book": 12,
    "move": 10,
    "work": 2,
    "wait": 2,
    "edit": 2,
    "close": 1,
    "reopen": 1,
}
_CROWDED = [0, 0, 0, 1, 1, 1, 2, 2, 3]


def life_of(chance: Random) -> list[Step]:
    """Return a life of a dozen steps; the same chance brings the same one."""
    return [
        (
            operation_of(chance),
            [operation_of(chance) for _ in range(between)],
            chance.random() < 0.5,
        )
        for between in chance.choices([0, 1, 2], k=chance.randint(10, 18))
    ]


def operation_of(chance: Random) -> Operation:
    """Return something that somebody does."""
    [kind] = chance.choices([*_HOW_OFTEN], [*_HOW_OFTEN.values()])
    n = chance.randrange
    told: dict[str, tuple[Any, ...]] = {
        "book": (n(3), chance.choice(_CROWDED), 1 + n(7), n(12)),
        "move": (n(20), n(6), n(6), 1 + n(7)),
        "edit": (chance.choice([*ENTRIES]), 5 + n(10), n(6)),
        "close": (chance.choice(["morning", "day"]),),
        "wait": (chance.choice([5, 60 * 25]),),
    }
    return (kind, *told.get(kind, ()))


Forgets = Callable[[Store, Write], Write]
"""What a control leaves out of each write."""


def whole(_: Store, write: Write) -> Write:
    """Leave everything in."""
    return write


@dataclass
class Overtaken:
    """Lets others act, and commit, just before a commit that touches what bookings hold."""

    store: Store
    books: Books = field(default_factory=Books)
    waiting: list[Callable[[], object]] = field(default_factory=list)
    forgets: Forgets = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def get(self, *keys: Key) -> list[Item | None]:
        return self.store.get(*keys)

    def query(self, pk: str, **how: Any) -> Page:
        return self.store.query(pk, **how)

    def commit(self, *writes: Write) -> None:
        if self.waiting and any(each.key[0].startswith("X#bookings#") for each in writes):
            self.waiting.pop(0)()
        forgetful = [self.forgets(self.store, each) for each in writes]
        with self.books.watched(self.store, forgetful):
            self.store.commit(*forgetful)


class Interleaving:
    """A museum and a library that three schools book, begun anew for each life."""

    def __init__(self, house: House, forgets: Forgets = whole) -> None:
        self.house, self.visiting = house, Visiting(house)
        for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
            house.office.places.switch(district, "bookings", "on", "某人", "2026")
        for school in SCHOOLS:
            house.office.people.give(HEAD, "校长", Role("school_head", school))
        house.office.people.give(CONTACT, "秦岚", Role("venue_contact", "library"))
        self.venues = {
            slug: self.visiting.submit("hosting", slug, CONTACT, entry)
            for slug, entry in ENTRIES.items()
        }
        self.visiting.follow()
        real: Any = house.store.store
        real.close()
        self.begun = (house.folder / "kehou.sqlite").read_bytes()
        self.lives = 0
        self.forgets = forgets

    def begin(self) -> None:
        """Put everything back to where no visit was ever booked."""
        self.end()
        path = self.house.folder / f"life{self.lives}.sqlite"
        path.write_bytes(self.begun)
        self.lives += 1
        store = SqliteStore(path, lasting=False)
        self.overtaken = Overtaken(store, Books(), forgets=self.forgets)
        self.house.store.store = self.overtaken
        self.house.store.asked.clear()
        self.house.clock.at = NOW
        self.house.letters.sent.clear()
        self.cases: list[Case] = []
        self.closings: list[Case] = []
        self.overtaken.books.begin(context(self.house), self.overtaken.store)

    def end(self) -> None:
        """Forget the life before."""
        if self.lives:
            self.overtaken.store.close()  # type: ignore[attr-defined]
            for path in self.house.folder.glob("life*"):
                path.unlink()

    def lead(self, lives: Iterable[int], seed: int) -> None:
        """Lead these lives of a seed; raise AssertionError with the first that does not add up."""
        for n in lives:
            life = life_of(Random(f"{seed}-{n}"))  # noqa: S311 — troubles for tests
            try:
                self.live(life)
            except AssertionError as wrong:
                short = self._shortened(life)
                steps = "\n".join(map(str, short))
                raise AssertionError(f"life {n} of seed {seed}: {wrong}\n{steps}") from wrong

    def _shortened(self, life: Sequence[Step]) -> Sequence[Step]:
        """Return a life in which nothing can be left out without its adding up."""
        for at in reversed(range(len(life))):
            without = [*life[:at], *life[at + 1 :]]
            try:
                self.live(without)
            except AssertionError:
                life = without
        return life

    def live(self, life: Sequence[Step]) -> None:
        """Lead one life; raise AssertionError with what does not add up."""
        self.begin()
        for operation, between, at_once in life:
            self.overtaken.waiting = [partial(self.do, each) for each in between]
            self.do(operation)
            self.overtaken.waiting = []
            if at_once:
                self.visiting.follow()
            self.overtaken.books.judge()
        self.rest()

    def rest(self) -> None:
        """Let everything be worked off, and hold what is then left."""
        for _ in range(4):
            self.house.clock.move(minutes=10)
            self.visiting.follow()
        self.overtaken.books.judge(at_rest=True)

    def do(self, operation: Operation) -> None:
        """Do something as people do; to be refused is an answer, too."""
        kind, *told = operation
        with suppress(*ANSWERS):
            getattr(self, f"_{kind}")(*told)

    def _book(self, school: int, slot: int, heads: int, people: int) -> None:
        slug, who = list(SCHOOLS.items())[school % len(SCHOOLS)]
        venue, day, span = SLOTS[slot]
        where = {"school": slug, "venue": venue, "date": day, "slot": span}
        escorts = [{"escort_name": f"教师{people}"}]
        told = {"class_name": f"{people}班", "escorts": escorts, "guide": heads % 3 == 0}
        case = self.visiting.book(heads, who, slug, **where, **told)
        self.cases.append(case)

    def _move(self, at: int, pick: int, slot: int, heads: int) -> None:
        if not self.cases:
            return
        case = self.house.now(self.cases[at % len(self.cases)])
        named = MOVES.get(case.state, ["cancel"])
        what, _, part = named[pick % len(named)].partition(" ")
        school = case.answers["school"]["value"]
        who = _BY.get(what, SCHOOLS[school])
        amend = self._amended(case, (what, part), slot, heads)
        self.house.do(case, what, who, comment="因为", amend=amend)

    def _amended(self, case: Case, what: tuple[str, str], slot: int, heads: int) -> dict[str, Any]:
        if what == ("change", "heads"):
            return {"classes": [{**case.answers["classes"][0], "heads": heads}]}
        if what[0] not in ("propose", "change"):
            return {}
        venue = case.answers["venue"]["value"]
        own = [each for each in SLOTS if each[0] == venue]
        _, day, span = own[slot % len(own)]
        return {"date": day, "slot": {"value": span, "label": span}}

    def _edit(self, venue: str, capacity: int, pattern: int) -> None:
        case = self.house.now(self.venues[venue])
        openings = PATTERNS[pattern == 0]
        data = {**ENTRIES[venue], "capacity": capacity, "openings": openings}
        data["groups"] = 2 + pattern
        deed = Deed("submit", case.v, self.house.person(CONTACT))
        self.house.office.cases.edit(case, deed, data, self.visiting.near(CONTACT, venue))

    def _close(self, part: str) -> None:
        told = {"date": SATURDAY, "part": part, "reason": "停电检修"}
        self.closings.append(self.visiting.submit("closing", "museum", CONTACT, told, why="检修"))

    def _reopen(self) -> None:
        if self.closings:
            self.house.do(self.house.now(self.closings.pop()), "reopen", CONTACT)

    def _wait(self, minutes: int) -> None:
        self.house.clock.move(minutes=minutes)
        self.house.office.ticks.tick()
        self.house.office.ticks.release()

    def _work(self) -> None:
        self.visiting.follow()
