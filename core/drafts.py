"""Forms that somebody is still filling in: saved as typed, kept for 30 days after the last word.

A draft stands at `C#id` / `D`, beside the case it may become, as one sealed blob. It follows the
definition in force: what was typed under an older one is carried over and every change is said
(`forms.carrying`). Once handed in, only the names of its files are left, until those that the case
does not hold are deleted.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.case_items import TIMER_SHARDS, Case, case_key, shard, timer_bucket
from core.moments import moment_of, stamp
from core.ports import Clock, Files
from core.privacy import Vault
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
from forms.canonical import canonical

LIFE = timedelta(days=30)
TIMER = "draft"
_MINE = ("mine_pk", "mine_sk")
"""What lists a draft as its holder's."""
_LARGEST = 380_000
"""Characters of what is sealed and of the names of files: what one item of the store can hold."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is filled in so far.

    `form` is the hash of the form it was typed into, `page` the page (from 0) that was in front,
    `reason` the answer to problems that only need explaining. `holder` is whose it is once they
    have signed in, "" before; `browser` names the one that saved it last. `v` counts its savings;
    0: never saved. `files` names every file uploaded for it. `editor` is the officer who is
    changing a case, each in a draft of their own; `rests` tells which answers of the case an edit
    began with.
    """

    id: str
    plugin: str
    place: str
    county: str
    form: str
    page: int = 0
    answers: Mapping[str, Any] | None = None
    reason: str = ""
    holder: str = ""
    browser: str = ""
    files: tuple[str, ...] = ()
    saved: str = ""
    v: int = 0
    editor: str = ""
    rests: str = ""
    entered: str = ""
    """Who entered it for them, in words; "" where they began it themselves."""


class DraftMoved(Exception):  # noqa: N818 — an answer, not a fault
    """The draft was saved elsewhere since this page was made; `draft` is how it stands now."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(draft.id)


class DraftTooLarge(ValueError):  # noqa: N818 — an answer, not a fault
    """More was filled in than can be kept."""


def draft_key(case_id: str, editor: str = "") -> Key:
    """Return where the draft of a case to be stands, or the one in which an officer changes it."""
    return (f"C#{case_id}", f"D#{editor}" if editor else "D")


@dataclass(frozen=True, slots=True)
class Drafts:
    """Keeps, finds and ends drafts."""

    store: Store
    vault: Vault
    files: Files
    clock: Clock

    def get(self, case_id: str, editor: str = "") -> Draft | None:
        """Return the draft, None where there is none, or its 30 days are over."""
        [item] = self.store.get(draft_key(case_id, editor))
        return self.of_item(item)

    def of_item(self, item: Item | None) -> Draft | None:
        """Make a draft of the stored item; None for one that is over or handed in."""
        if item is None or not item["blob"] or self._over(item):
            return None
        told = json.loads(self.vault.open(item["county"], _bound(item["id"]), item["blob"]))
        return Draft(
            id=item["id"],
            plugin=item["plugin"],
            place=item["place"],
            county=item["county"],
            form=item["form"],
            page=int(item["page"]),
            answers=told["answers"],
            reason=told["reason"],
            holder=item["holder"],
            browser=item["browser"],
            files=tuple(item["files"]),
            saved=item["saved"],
            v=int(item["v"]),
            editor=item.get("editor", ""),
            rests=item.get("rests", ""),
            entered=told.get("entered", ""),
        )

    def start(self, item: Item | None, blank: Draft) -> Draft:
        """Return `blank` as it can be saved where `item` stands: handed in before, or over."""
        if item is None:
            return blank
        return replace(blank, v=int(item["v"]), files=tuple(item["files"]))

    def save(self, draft: Draft) -> Draft:
        """Save a draft over the version it was read at; raise DraftMoved, DraftTooLarge or Busy.

        Its files are also those it only names: a page that could not be saved brought them.
        """
        kept, writes = self.saving(draft)
        try:
            self.store.commit(*writes)
        except Conflict:
            return self._again(draft)
        return kept

    def saving(self, draft: Draft) -> tuple[Draft, list[Write]]:
        """Return a draft as it stands once saved, and the writes; raise DraftTooLarge."""
        now = self.clock.now()
        files = tuple(dict.fromkeys([*draft.files, *refs_in(draft.answers)]))
        kept = replace(draft, saved=stamp(now), v=draft.v + 1, files=files)
        stands = Version(draft.v) if draft.v else Absent()
        item = self._item(kept, stamp(now + LIFE))
        if len(item["blob"]) + sum(map(len, files)) > _LARGEST:
            raise DraftTooLarge(draft.id)
        writes: list[Write] = [Put(item, (stands,))]
        if not draft.v:
            writes.append(Put(self._timer(draft.id, stamp(now + LIFE), draft.editor)))
        return kept, writes

    def adopt(self, case_ids: Iterable[str], holder: str) -> None:
        """Make drafts theirs who has just signed in where they were typed."""
        ids = list(case_ids)
        for item in self.store.get(*map(draft_key, ids)) if ids else []:
            draft = self.of_item(item)
            if draft and not draft.holder:
                try:
                    self.save(replace(draft, holder=holder))
                except DraftMoved:
                    continue

    def handed_in(self, draft: Draft) -> Write:
        """Return the write that ends a draft in the commit that accepts its case.

        It holds where the draft stands as it was read: of one thrown away the files may be gone.
        """
        empty = {"blob": "", "files": list(draft.files)}
        when = (Version(draft.v),)
        return Change(draft_key(draft.id, draft.editor), set=empty, remove=_MINE, when=when)

    def discard(self, draft: Draft) -> None:
        """Delete a draft, as its owner asked, with its files that nothing else holds.

        Raises DraftMoved, and deletes nothing, where it was saved or handed in meanwhile.
        """
        if not draft.v:
            return
        [case] = self.store.get(case_key(draft.id))
        try:
            self._end(draft_key(draft.id, draft.editor), draft.v, draft.files, case)
        except Conflict as conflict:
            stands = self.get(draft.id, draft.editor)
            raise DraftMoved(stands or replace(draft, v=0, answers={})) from conflict

    def let_go(self, case_id: str, files: Iterable[str]) -> None:
        """Delete files that came with a form taken in before, but for those that it holds."""
        [case] = self.store.get(case_key(case_id))
        for name in self._loose(case_id, files, case):
            self.files.delete(name)

    def ring(self, case_id: str, timer: Key) -> bool:
        """Clear away what 30 days are over for; True where something was deleted."""
        editor = timer[1].rpartition(f"#{TIMER}")[2].removeprefix("#")
        key = draft_key(case_id, editor)
        item, case = self.store.get(key, case_key(case_id))
        if item is not None and not self._over(item):
            self.store.commit(Delete(timer), Put(self._timer(case_id, item["until"], editor)))
            return False
        if item is not None:
            self._end(key, int(item["v"]), item["files"], case, Delete(timer))
            return True
        self.store.commit(Delete(timer))
        return False

    def _again(self, draft: Draft) -> Draft:
        """Say what stands where a save came too late; saved twice alike is saved."""
        [item] = self.store.get(draft_key(draft.id, draft.editor))
        stands = self.of_item(item)
        if stands is None:
            raise DraftMoved(replace(draft, v=0, answers={}))
        if stands.answers == draft.answers and stands.form == draft.form:
            return stands
        raise DraftMoved(stands)

    def _over(self, item: Item) -> bool:
        return moment_of(item["until"]) <= self.clock.now()

    def _end(
        self, key: Key, v: int, files: Iterable[str], case: Item | None, *beside: Write
    ) -> None:
        """Delete a draft and the files that only it holds; raise Conflict where it has moved on.

        Before a file goes, the draft is closed in a commit that holds only beside the case as it
        was read: either that or its being handed in takes place. Cut short between, the draft's
        timer finds the names of the files again.
        """
        case_id = key[0].removeprefix("C#")
        as_read: Write = Check(case_key(case_id), (Version(case["v"]) if case else Absent(),))
        loose = self._loose(case_id, files, case, but=key)
        if loose:
            closed = Change(key, set={"blob": ""}, remove=_MINE, when=(Version(v),))
            self.store.commit(closed, as_read)
            v += 1
        for name in loose:
            self.files.delete(name)
        self.store.commit(Delete(key, (Version(v),)), *([] if loose else [as_read]), *beside)

    def _loose(
        self, case_id: str, files: Iterable[str], case: Item | None, but: Key | None = None
    ) -> list[str]:
        """Return those files that neither the case holds nor a draft of it, `but` for this one."""
        held = set(_files_of(case, self.vault))
        loose = [name for name in files if name not in held]
        if not loose:
            return []
        drafts = self.store.query(f"C#{case_id}", prefix="D").items
        others = (each["files"] for each in drafts if (each["pk"], each["sk"]) != but)
        held.update(*others)
        return [name for name in loose if name not in held]

    def _item(self, draft: Draft, until: str) -> dict[str, Any]:
        pk, sk = draft_key(draft.id, draft.editor)
        told = {"answers": draft.answers or {}, "reason": draft.reason}
        blob = canonical(told | ({"entered": draft.entered} if draft.entered else {}))
        item = {
            "pk": pk,
            "sk": sk,
            "id": draft.id,
            "plugin": draft.plugin,
            "place": draft.place,
            "county": draft.county,
            "form": draft.form,
            "page": draft.page,
            "holder": draft.holder,
            "browser": draft.browser,
            "files": list(draft.files),
            "saved": draft.saved,
            "editor": draft.editor,
            "rests": draft.rests,
            "until": until,
            "blob": self.vault.seal(draft.county, _bound(draft.id), blob),
        }
        if draft.holder:
            item |= {"mine_pk": f"M#{draft.holder}", "mine_sk": f"{draft.saved}#{draft.id}"}
        return item

    def _timer(self, case_id: str, at: str, editor: str) -> dict[str, Any]:
        number, whose = shard(case_id, TIMER_SHARDS), f"#{editor}" if editor else ""
        return {
            "pk": timer_bucket(moment_of(at), number),
            "sk": f"{at}#{case_id}#0#{TIMER}{whose}",
            "case": case_id,
            "entry": 0,
            "name": TIMER,
        }


def _bound(case_id: str) -> str:
    return f"draft|{case_id}"


def _files_of(case: Item | None, vault: Vault) -> list[str]:
    """Return the names of the files that a case's answers hold, and its officers' steps."""
    if case is None:
        return []
    held = Case(case, vault)
    return [*refs_in(held.answers), *refs_in(held.steps)]


def refs_in(value: Any) -> Iterable[str]:
    """Yield the names of the stored files in answers."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in ("ref", "drawn") and isinstance(each, str):
                yield each
            yield from refs_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from refs_in(each)
