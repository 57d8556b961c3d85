"""Imports as they are kept: who brought which workbook, what was read of it, what became of rows.

An import stands at `I#id` / `H`, what became of a row at `I#id` / `R#row`; neither holds an answer.
The rows that were read lie in one sealed file, which is deleted after a week; the rest after the 30
days in which what it entered may still be withdrawn.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.case_items import TIMER_SHARDS, shard, timer_bucket
from core.drafts import LIFE
from core.imports.import_data import (
    Brought,
    Held,
    Import,
    Letter,
    Outcome,
    Stage,
    blob_of,
    held_in,
)
from core.imports.judging import Verdict
from core.imports.reading import Sheet
from core.moments import moment_of, stamp
from core.ports import Clock, Files
from core.privacy import Vault
from core.store import Absent, Change, Conflict, Delete, Item, Key, Put, Store, Version, Write

READ_FOR = timedelta(days=7)
"""How long the rows of a workbook are kept."""
ENDING = "import_end"
"""The name of the timer that forgets an import."""
MOST_LISTED = 20
_FROM: Mapping[Stage, tuple[Stage, ...]] = {
    "confirmed": ("read", "confirmed"),
    "withdrawn": ("confirmed", "withdrawn"),
}
"""From which stages an import comes to another; anew, where a round of it goes on."""
_UNCONFIRMED: tuple[Stage, ...] = ("read",)
_ROWS = 600
_AT_ONCE = 90


@dataclass(frozen=True, slots=True)
class Imports:
    """Keeps and finds imports."""

    store: Store
    vault: Vault
    files: Files
    clock: Clock

    def keep(self, brought: Brought, sheet: Sheet, verdicts: Sequence[Verdict]) -> Import:
        """Keep what was read of a workbook, for a week."""
        number, now, place = secrets.token_hex(10), self.clock.now(), brought.place
        states = [each.state for each in verdicts]
        made = Import(
            id=number,
            plugin=brought.plugin,
            place=place.slug,
            county=place.county,
            flow=brought.flow,
            form=brought.form,
            by=brought.person.id,
            at=stamp(now),
            name=brought.name,
            letter=brought.letter,
            stage="read",
            total=len(states),
            sound=sum(each in ("ready", "part") for each in states),
            known=states.count("already"),
        )
        blob = blob_of(sheet, verdicts).encode()
        self.files.put(_file(number), self.vault.seal_bytes(place.county, _bound(number), blob))
        self.store.commit(
            Put(self._item(made), (Absent(),)), Put(_ending(number, stamp(now + READ_FOR)))
        )
        return made

    def get(self, number: str) -> Import | None:
        """Return an import, None where there is none, or it is forgotten."""
        [item] = self.store.get(_key(number)) if _is_id(number) else [None]
        return self._of(item) if item else None

    def of_officer(self, place: str, plugin: str, person: str) -> list[Import]:
        """Return the imports of an officer at a place, the latest first, at most 20."""
        pk = _mine(place, plugin, person)
        page = self.store.query(pk, index="mine", limit=MOST_LISTED, reverse=True)
        return [self._of(item) for item in page.items]

    def held(self, imported: Import) -> Held | None:
        """Return what was read of the workbook, None once the week is over."""
        content = self.files.get(_file(imported.id))
        if content is None:
            return None
        return held_in(self.vault.open_bytes(imported.county, _bound(imported.id), content))

    def outcomes(self, imported: Import) -> dict[int, Outcome]:
        """Return what has become of the rows so far, by number."""
        found = self.store.query(f"I#{imported.id}", prefix="R#", limit=_ROWS).items
        return {int(each["n"]): self._outcome(imported, each) for each in found}

    def step(self, imported: Import, stage: Stage) -> bool:
        """Note that an import is confirmed, or is to be withdrawn; False where it cannot be."""
        key, note = _key(imported.id), {"stage": stage}
        return self._settle(imported, _FROM[stage], lambda when: Change(key, set=note, when=when))

    def discard(self, imported: Import) -> bool:
        """Forget an import that nothing was entered from; False where it is not, or was already."""
        key = _key(imported.id)
        gone = self._settle(imported, _UNCONFIRMED, lambda when: Delete(key, when))
        if gone:
            self.files.delete(_file(imported.id))
        return gone

    def _settle(
        self,
        imported: Import,
        stages: tuple[Stage, ...],
        write: Callable[[tuple[Version]], Write],
    ) -> bool:
        """Commit a write where an import stands at one of these stages; False for any other."""
        stands: Import | None = imported
        while stands and stands.stage in stages:
            try:
                self.store.commit(write((Version(stands.v),)))
            except Conflict:
                stands = self.get(imported.id)
            else:
                return True
        return False

    def row_item(self, imported: Import, outcome: Outcome) -> dict[str, Any]:
        """Return the item that says what became of a row."""
        pk, sk = row_key(imported.id, outcome.n)
        bound = _bound(imported.id)
        return {
            "pk": pk,
            "sk": sk,
            "n": outcome.n,
            "state": outcome.state,
            "case": outcome.case,
            "draft_v": outcome.v,
            "told": outcome.told,
            "why": self.vault.seal(imported.county, bound, outcome.why) if outcome.why else "",
        }

    def sealed(self, imported: Import, text: str) -> str:
        """Return a text about one of an import's people as its row may hold it."""
        return self.vault.seal(imported.county, _bound(imported.id), text)

    def opened(self, imported: Import, text: str) -> str:
        """Undo `sealed`."""
        return self.vault.open(imported.county, _bound(imported.id), text)

    def ring(self, number: str, timer: Key) -> bool:
        """Forget a workbook's rows after their week, the rest after 30 days."""
        imported, now = self.get(number), self.clock.now()
        gone: list[Write] = [Delete(timer)]
        self.files.delete(_file(number))
        if imported and moment_of(imported.at) + LIFE > now:
            later = stamp(moment_of(imported.at) + LIFE)
            self.store.commit(*gone, Put(_ending(number, later)))
            return True
        keys = [row_key(number, n) for n in self.outcomes(imported)] if imported else []
        for start in range(0, len(keys), _AT_ONCE):
            self.store.commit(*(Delete(each) for each in keys[start : start + _AT_ONCE]))
        self.store.commit(*gone, Delete(_key(number)))
        return imported is not None

    def _outcome(self, imported: Import, item: Item) -> Outcome:
        why = item["why"]
        return Outcome(
            int(item["n"]),
            item["state"],
            item["case"],
            int(item["draft_v"]),
            item["told"],
            self.vault.open(imported.county, _bound(imported.id), why) if why else "",
            int(item["v"]),
        )

    def _item(self, made: Import) -> dict[str, Any]:
        pk, sk = _key(made.id)
        letter = [made.letter.service, made.letter.place, made.letter.by, made.letter.address]
        told = json.dumps({"name": made.name, "letter": letter})
        return {
            "pk": pk,
            "sk": sk,
            "id": made.id,
            "plugin": made.plugin,
            "place": made.place,
            "county": made.county,
            "flow": made.flow,
            "form": made.form,
            "by": made.by,
            "at": made.at,
            "stage": made.stage,
            "total": made.total,
            "sound": made.sound,
            "known": made.known,
            "told": self.vault.seal(made.county, _bound(made.id), told),
            "mine_pk": _mine(made.place, made.plugin, made.by),
            "mine_sk": f"{made.at}#{made.id}",
        }

    def _of(self, item: Item) -> Import:
        told = json.loads(self.vault.open(item["county"], _bound(item["id"]), item["told"]))
        return Import(
            id=item["id"],
            plugin=item["plugin"],
            place=item["place"],
            county=item["county"],
            flow=item["flow"],
            form=item["form"],
            by=item["by"],
            at=item["at"],
            name=told["name"],
            letter=Letter(*told["letter"]),
            stage=item["stage"],
            total=int(item["total"]),
            sound=int(item["sound"]),
            known=int(item["known"]),
            v=int(item["v"]),
        )


def row_key(number: str, n: int) -> Key:
    """Return where it stands what became of a row."""
    return (f"I#{number}", f"R#{n:06}")


def _key(number: str) -> Key:
    return (f"I#{number}", "H")


def _is_id(number: str) -> bool:
    return len(number) == 20 and all(one in "0123456789abcdef" for one in number)  # noqa: PLR2004


def _file(number: str) -> str:
    return f"imports/{number}"


def _bound(number: str) -> str:
    return f"import|{number}"


def _mine(place: str, plugin: str, person: str) -> str:
    return f"I#{place}#{plugin}#{person}"


def _ending(number: str, at: str) -> dict[str, Any]:
    return {
        "pk": timer_bucket(moment_of(at), shard(number, TIMER_SHARDS)),
        "sk": f"{at}#{number}#0#{ENDING}",
        "case": number,
        "entry": 0,
        "name": ENDING,
    }
