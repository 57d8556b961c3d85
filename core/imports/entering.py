"""Enters the rows of a confirmed import, a few at a time: each becomes a draft, or a case.

A row's receipt number is worked out from its answers, so that however often it is confirmed, by
whomever at once and from whichever copy of the workbook, it is entered once: the store refuses the
second. What became of a row is written in the commit that enters it, and so is the timer that has
its person told.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from core.accepting import claims_of
from core.acting import is_concerned
from core.case_items import TIMER_SHARDS, Case, case_key, shard, timer_bucket
from core.cases import Cases
from core.drafts import Draft, Drafts, DraftTooLarge, draft_key
from core.filings import Different, Filing
from core.imports.import_data import Held, Import, Judged, Outcome
from core.imports.judging import Plan, Verdict, judged
from core.imports.keeping import Imports, row_key
from core.moments import moment_of, stamp
from core.people import People, Person
from core.store import (
    Absent,
    Change,
    Check,
    Conflict,
    Delete,
    Item,
    Key,
    Put,
    Store,
    Version,
    Write,
)
from core.subjects import phone_in
from forms.surroundings import Surroundings
from workflows.case import Refused

_COMPARED = 30
AT_ONCE = 25
"""How many rows one request enters."""
TOLD = "import"
"""The name of the timer that has somebody told."""
BACK = "back"
"""How it stands with who was told of a draft and is to be told that it was taken back."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What one round has done: the cases to be followed up, the people to be told, what is left."""

    cases: tuple[Case, ...]
    told: tuple[str, ...]
    at: str
    left: int


@dataclass(frozen=True, slots=True)
class Round:
    """What rows are entered in: the import, what for, by whom, and when (as it is stored)."""

    imported: Import
    plan: Plan
    person: Person
    around: Surroundings
    at: str


@dataclass(frozen=True, slots=True)
class Entering:
    """Makes drafts and cases of rows, and takes the drafts back."""

    store: Store
    imports: Imports
    drafts: Drafts
    cases: Cases
    people: People

    def go_on(
        self, imported: Import, held: Held, plan: Plan, person: Person, around: Surroundings
    ) -> Entered:
        """Enter the next rows that are not entered yet; raise Busy, PluginFailed."""
        now, waiting = (
            Round(imported, plan, person, around, self._now()),
            self.waiting(imported, held),
        )
        several = waiting[:AT_ONCE]
        verdicts = [judged(each.row, plan, around, self.imports.vault) for each in several]
        claims = self._claims(verdicts, plan)
        stood, taken = self._stood([each.number for each in verdicts], claims)
        open_to = self._open_to(taken.values(), person)
        verdicts = [told_of(each, claims[each.n], taken, open_to) for each in verdicts]
        made = [self._enter(now, each, *stood.get(each.number, (None, None))) for each in verdicts]
        cases = tuple(each for each in made if isinstance(each, Case))
        told = tuple(each for each in made if isinstance(each, str) and each)
        return Entered(cases, told, now.at, len(waiting) - len(several))

    def _now(self) -> str:
        return stamp(self.drafts.clock.now())

    def waiting(self, imported: Import, held: Held) -> list[Judged]:
        """Return the rows that are sound and not entered yet."""
        done = self.imports.outcomes(imported)
        sound = (each for each in held.rows if each.state in ("ready", "part"))
        return [each for each in sound if each.row.n not in done]

    def compared(self, verdicts: Sequence[Verdict], plan: Plan, person: Person) -> list[Verdict]:
        """Return verdicts as they are beside what stands: entered before, registered already.

        Of a registration that the officer has nothing to do with they learn nothing (ADR 32).
        """
        made: list[Verdict] = []
        for start in range(0, len(verdicts), _COMPARED):
            several = verdicts[start : start + _COMPARED]
            claims = self._claims(several, plan)
            stood, taken = self._stood([each.number for each in several], claims)
            known = {each for each, items in stood.items() if self._stands(*items)}
            open_to = self._open_to(taken.values(), person)
            made += [
                replace(each, state="already")
                if each.number in known
                else told_of(each, claims[each.n], taken, open_to)
                for each in several
            ]
        return made

    def _open_to(self, cases: Collection[str], person: Person) -> frozenset[str]:
        """Return those of the cases that somebody has to do with as an officer."""
        keys = [case_key(each) for each in dict.fromkeys(cases)]
        items = self.store.get(*keys) if keys else []
        known = [Case(item, self.imports.vault) for item in items if item]
        flow = self.cases.workflow
        return frozenset(each.id for each in known if is_concerned(flow(each), each, person))

    def _claims(self, verdicts: Sequence[Verdict], plan: Plan) -> dict[int, list[Key]]:
        """Return what each sound row would claim as its own, by its number."""
        told = (self.imports.vault, plan.plugin, plan.place, plan.form)
        return {each.n: claims_of(*told, each.data) if each.number else [] for each in verdicts}

    def withdraw(self, imported: Import) -> Entered:
        """Take back the next drafts that nobody has touched; who was told of one is told so."""
        outcomes, at = self.imports.outcomes(imported).values(), self._now()
        drafts = [each for each in outcomes if each.state == "draft"]
        several = drafts[: AT_ONCE * 2]
        stood = self.store.get(*(draft_key(each.case) for each in several)) if several else []
        names = [self._withdraw(imported, *each, at) for each in zip(several, stood, strict=True)]
        return Entered((), tuple(filter(None, names)), at, len(drafts) - len(several))

    def _withdraw(self, imported: Import, row: Outcome, stood: Item | None, at: str) -> str:
        """Take one draft back; return the name of who is to be told, "" for nobody."""
        draft, key = self.drafts.of_item(stood), row_key(imported.id, row.n)
        form = self.cases.ledger.definitions.form(imported.form)
        phone = phone_in(form, draft.answers or {}) if draft and row.told == "sent" else ""
        name = f"{imported.id}-{row.n}" if phone else ""
        told = {"told": BACK, "phone": self.imports.sealed(imported, phone)} if name else {}
        timer = [Put(told_timer(name, at))] if name else []
        state = Change(key, set={"state": "withdrawn", **told}, when=(Version(row.row_v),))
        try:
            self.store.commit(Delete(draft_key(row.case), (Version(row.v),)), state, *timer)
        except Conflict as conflict:
            if not conflict.stood(key)[0]:  # else somebody told of it, or did this: the next round
                self._settle(key, row)
            return ""
        return name

    def _settle(self, key: Key, row: Outcome) -> None:
        """Write down what became of a row whose draft is no longer as it was entered.

        Its person has it where a draft or a case stands by now; else they threw the draft away, or
        its 30 days are over. What another has written down meanwhile stays.
        """
        item, case, told = self.store.get(draft_key(row.case), case_key(row.case), key)
        draft = self.drafts.of_item(item)
        if told is None or told["state"] != "draft" or (draft and not case and draft.v == row.v):
            return
        state = {"state": "kept" if draft or case else "withdrawn"}
        with suppress(Conflict):
            self.store.commit(Change(key, set=state, when=(Version(int(told["v"])),)))

    def _stood(
        self, numbers: Sequence[str], claims: Mapping[int, Sequence[Key]]
    ) -> tuple[dict[str, tuple[Item | None, Item | None]], dict[Key, str]]:
        """Return what stands under each number, a draft and a case, and which case has a claim."""
        asked = [each for each in dict.fromkeys(numbers) if each]
        keys = [key for each in asked for key in (draft_key(each), case_key(each))]
        claimed = [*dict.fromkeys(key for several in claims.values() for key in several)]
        found = self.store.get(*keys, *claimed) if keys or claimed else []
        stood = {each: (found[2 * at], found[2 * at + 1]) for at, each in enumerate(asked)}
        there = zip(claimed, found[len(keys) :], strict=True)
        return stood, {key: str(item["case"]) for key, item in there if item}

    def _stands(self, draft: Item | None, case: Item | None) -> bool:
        return case is not None or self.drafts.of_item(draft) is not None

    def _enter(
        self, now: Round, verdict: Verdict, draft: Item | None, case: Item | None
    ) -> Case | str:
        """Enter one row; return the case, or the name of who is to be told, "" for neither."""
        if verdict.state == "wrong":
            why = " ".join(f"{each.cell} {each.told}".strip() for each in verdict.wrong)
            return self._note(now, verdict, "refused", why)
        known = "already" if self._stands(draft, case) else verdict.state
        if known in ("already", "registered"):
            return self._note(now, verdict, known)
        try:
            if now.plan.by_officers and verdict.state == "ready":
                return self._file(now, verdict)
            return self._draft(now, verdict, draft)
        except (Different, Conflict):
            return self._note(now, verdict, "already")
        except (Refused, DraftTooLarge) as why:
            told = why.problems if isinstance(why, Refused) else ()
            return self._note(now, verdict, "refused", " ".join(each.said for each in told))

    def _note(self, now: Round, verdict: Verdict, state: str, why: str = "") -> str:
        """Write down that nothing was entered; what another did meanwhile stays."""
        outcome = Outcome(verdict.n, state, verdict.number, 0, "", why)
        with suppress(Conflict):
            self.store.commit(Put(self.imports.row_item(now.imported, outcome), (Absent(),)))
        return ""

    def _file(self, now: Round, verdict: Verdict) -> Case:
        """Hand a row in as a case of the officer's, once."""
        outcome, plan = Outcome(verdict.n, "case", verdict.number, 0, "", ""), now.plan
        filing = Filing(
            verdict.number,
            plan.plugin,
            plan.place,
            plan.form,
            plan.workflow,
            verdict.data,
            beside=(Put(self.imports.row_item(now.imported, outcome)),),
            person=now.person,
        )
        return self.cases.submit(filing, None, now.around)

    def _draft(self, now: Round, verdict: Verdict, stood: Item | None) -> str:
        """Save a row as its person's draft; raise Conflict where one stands by now."""
        plan, own = now.plan, now.plan.by_officers
        phone = phone_in(plan.form, verdict.data)
        blank = Draft(
            id=verdict.number,
            plugin=plan.plugin,
            place=plan.place.slug,
            county=plan.place.county,
            form=plan.form.hash,
            answers=verdict.answers,
            holder=now.person.holder if own else self.people.holder(phone),
            entered="" if own else now.imported.letter.by,
        )
        draft, writes = self.drafts.saving(self.drafts.start(stood, blank))
        name = "" if own else f"{now.imported.id}-{verdict.n}"
        outcome = Outcome(
            verdict.n, "draft", verdict.number, draft.v, "waiting" if name else "", ""
        )
        timer: list[Write] = [Put(told_timer(name, now.at))] if name else []
        never_handed_in = Check(case_key(draft.id), (Absent(),))
        row = Put(self.imports.row_item(now.imported, outcome))
        self.store.commit(*writes, never_handed_in, row, *timer)
        return name


def told_of(
    verdict: Verdict,
    claims: Sequence[Key],
    taken: Mapping[Key, str],
    open_to: Collection[str],
) -> Verdict:
    """Return a verdict that says where what a row would claim is another case's already."""
    case = next((taken[key] for key in claims if taken.get(key) in open_to), "")
    return replace(verdict, state="registered", case=case) if case else verdict


def told_timer(name: str, at: str) -> dict[str, Any]:
    """Return the timer that has the person of a row told; `name` is the import and the row."""
    return {
        "pk": timer_bucket(moment_of(at), shard(name, TIMER_SHARDS)),
        "sk": f"{at}#{name}#0#{TOLD}",
        "case": name,
        "entry": 0,
        "name": TOLD,
    }
