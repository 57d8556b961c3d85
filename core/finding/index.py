"""Keeps the index by which cases are found in step with them, after the event (ADR 34).

`Q#county#term` / `at#case` leads from a keyed hash to a case, with what tells who may open it;
`QC#case` / `-` notes all the terms of a case, so that the old ones are found again. Writing down is
by the note's version: of two who follow one case at once, one is asked to begin again. Done twice
it changes nothing, and where it was broken off the note says which terms may stand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.case_items import Case, case_key
from core.definitions import Definitions
from core.finding.terms import roles_named, said_by, terms_of
from core.privacy import Vault
from core.store import (
    MAX_WRITES,
    Absent,
    Busy,
    Conflict,
    Delete,
    Item,
    Key,
    Put,
    Store,
    Version,
    Write,
)

FIND: Mapping[str, str] = {"find": "answers"}
"""What an event has left to do where its case may be found otherwise from now on."""
_TRIES = 5
_EMPTY: Mapping[str, Any] = {"terms": (), "told": {}, "seen": 0, "torn": False}
_GONE = 10**9
"""What the note of a case that is gone has seen: later than whatever an old read brings."""


def term_partition(county: str, term: str) -> str:
    """Return the partition of the cases that one term of a county leads to."""
    return f"Q#{county}#{term}"


def note_key(case_id: str) -> Key:
    """Return where it is noted which terms lead to a case."""
    return (f"QC#{case_id}", "-")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a case is to be found: its terms, and what each of them tells of it."""

    county: str
    sort: str
    terms: list[str]
    told: Mapping[str, Any]
    seen: int

    def item(self, term: str) -> dict[str, Any]:
        """Return what stands under a term."""
        return {"pk": term_partition(self.county, term), "sk": self.sort, **self.told}


@dataclass(frozen=True, slots=True)
class Index:
    """Writes the index."""

    store: Store
    vault: Vault
    definitions: Definitions

    def follow(self, case_id: str) -> bool:
        """Set right how a case is found; False where it was. Raises Conflict or Busy.

        A case that is gone is found by nothing any more.
        """
        for attempt in range(_TRIES):
            item, note = self.store.get(case_key(case_id), note_key(case_id))
            stood = note or _EMPTY
            if item and stood["seen"] > item["v"]:
                continue  # one read is older than the other
            if not item and not note:
                return False
            try:
                return self._bring(case_id, self._wanted(item, stood), note)
            except Conflict:
                if attempt == _TRIES - 1:
                    raise
        raise Busy(f"how {case_id} is found changes all the time")

    def expected(self, case: Case) -> list[dict[str, Any]]:
        """Return the items by which a case is to be found."""
        wanted = self._wanted(case.item, _EMPTY)
        return [wanted.item(term) for term in wanted.terms]

    def mend(self, case: Case) -> bool:
        """Set a case right by the items themselves, whatever its note says; False where it was."""
        items = self.expected(case)
        keys = [(each["pk"], each["sk"]) for each in items]
        parts = (keys[at : at + MAX_WRITES] for at in range(0, len(keys), MAX_WRITES))
        stood = [found for part in parts for found in self.store.get(*part)]
        [note] = self.store.get(note_key(case.id))
        if any(
            not found or _bare(found) != ought for found, ought in zip(stood, items, strict=True)
        ):
            self._tear(note)
        return self.follow(case.id)

    def _tear(self, note: Item | None) -> None:
        """Note that what stands is not to be relied on; raise Conflict."""
        if note:
            torn = {**_bare(note), "torn": True}
            self.store.commit(Put(torn, (Version(note["v"]),)))

    def _wanted(self, item: Item | None, stood: Mapping[str, Any]) -> _Wanted:
        if item is None:
            return _Wanted(stood["county"], stood["sort"], [], {}, _GONE)
        case, workflow = Case(item, self.vault), self.definitions.workflow(item["workflow"])
        told = {name: item[name] for name in ("plugin", "place")}
        told |= {"case": case.id, "reach": [*case.reach], "roles": roles_named(workflow)}
        terms = terms_of(self.vault, item["county"], said_by(workflow, case.steps, case.answers))
        return _Wanted(item["county"], f"{item['at']}#{case.id}", terms, told, case.v)

    def _bring(self, case_id: str, wanted: _Wanted, note: Item | None) -> bool:
        """Write what is missing and take away what is too much, each part by the note's version."""
        stood = note or _EMPTY
        had, ought = set(stood["terms"]), set(wanted.terms)
        anew = stood["torn"] or stood["told"] != wanted.told
        puts = [term for term in wanted.terms if anew or term not in had]
        writes: list[Write] = [Put(wanted.item(term)) for term in puts]
        writes += [
            Delete((term_partition(wanted.county, term), wanted.sort))
            for term in stood["terms"]
            if term not in ought
        ]
        is_right = not writes and not stood["torn"] and stood["told"] == wanted.told
        if is_right or (note is None and not ought):
            return False
        all_terms = list(dict.fromkeys([*stood["terms"], *wanted.terms]))
        v = note["v"] if note else 0
        for part, is_last in _parts(writes):
            terms = wanted.terms if is_last else all_terms
            self.store.commit(_noted(case_id, wanted, terms, v, is_last=is_last), *part)
            v += 1
        return True


def _noted(case_id: str, wanted: _Wanted, terms: list[str], v: int, *, is_last: bool) -> Write:
    pk, sk = note_key(case_id)
    when = (Version(v) if v else Absent(),)
    kept = {"county": wanted.county, "sort": wanted.sort, "seen": wanted.seen, "told": wanted.told}
    return Put({"pk": pk, "sk": sk, **kept, "terms": terms, "torn": not is_last}, when)


def _parts(writes: list[Write]) -> Iterator[tuple[Iterable[Write], bool]]:
    """Yield the writes as commits take them beside the note, and whether they are the last."""
    at_once = MAX_WRITES - 1
    for at in range(0, max(len(writes), 1), at_once):
        yield writes[at : at + at_once], at + at_once >= len(writes)


def _bare(item: Item | None) -> dict[str, Any]:
    return {name: each for name, each in (item or {}).items() if name != "v"}
