"""A county's templates for a service: kept, found, deleted; what each asks for.

A template stands at `PL#county` / `TPL#service#id`, its file among the files, sealed; how many a
service has is at `TPLS#service`.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, cast

from core.moments import stamp
from core.open_xml import NotTaken, checked
from core.people import Person
from core.ports import Clock, Files
from core.privacy import Vault
from core.stencils.documents import filled_document, texts_in_document
from core.stencils.losses import lost_in
from core.stencils.placeholders import Told, marks_in, unclosed_in
from core.stencils.sheets import filled_workbook, texts_in_workbook
from core.store import Absent, Below, Change, Conflict, Delete, Item, Key, Put, Store, Version

Kind = Literal["docx", "xlsx"]
MOST = 30
"""How many templates a service may have in a county."""
MOST_MARKS = 1000
LONGEST_TEXT = 32_767
"""Characters of a cell, which is Excel's own bound, or of a paragraph."""
_MOST_UNCLOSED = 20
_LONGEST = 80
_ID = 16


class TooMany(Exception):  # noqa: N818 — an answer, not a fault
    """A service has as many templates as it may have."""


class Loses(Exception):  # noqa: N818 — an answer, not a fault
    """Filled in, a workbook would be without what `lost` names, of `losses.LOSSES`."""

    def __init__(self, lost: tuple[str, ...]) -> None:
        self.lost = lost
        super().__init__(", ".join(lost))


@dataclass(frozen=True, slots=True)
class Stencil:
    """A template: what it is called, `docx` or `xlsx`, its placeholders, who brought it.

    Each of `names` is a placeholder and whether it is of a row; `lists`: whether any is. `unclosed`
    are the first places where braces are opened that make no placeholder, `lost` what it comes out
    without.
    """

    id: str
    county: str
    plugin: str
    name: str
    kind: Kind
    names: tuple[tuple[str, bool], ...]
    by: str
    at: str
    unclosed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def lists(self) -> bool:
        """Whether it is filled from a list rather than from one case."""
        return any(of_row for _, of_row in self.names)


@dataclass(frozen=True, slots=True)
class Stencils:
    """Keeps templates and fills them."""

    store: Store
    vault: Vault
    files: Files
    clock: Clock

    def standing(self, county: str, plugin: str) -> list[Stencil]:
        """Return the templates of a service in a county, the first brought first."""
        found = self.store.query(f"PL#{county}", prefix=f"TPL#{plugin}#", limit=MOST * 2).items
        return sorted((_of(county, item) for item in found), key=lambda each: each.at)

    def find(self, county: str, plugin: str, number: str) -> Stencil | None:
        """Return a template, None where there is none of this id."""
        sound = len(number) == _ID and all(one in "0123456789abcdef" for one in number)
        [item] = self.store.get(_key(county, plugin, number)) if sound else [None]
        return _of(county, item) if item else None

    def keep(  # noqa: PLR0913 — what a template is
        self,
        county: str,
        plugin: str,
        name: str,
        content: bytes,
        person: Person,
        *,
        lossy: bool = False,
    ) -> Stencil:
        """Keep a template of Word or Excel; raise NotTaken, TooMany, or Loses if not `lossy`."""
        if len(self.standing(county, plugin)) >= MOST:
            raise TooMany(plugin)
        kind = _kind(content)
        texts = texts_in_document(content) if kind == "docx" else texts_in_workbook(content)
        if any(len(text) > LONGEST_TEXT for text in texts):
            raise NotTaken("long")
        asked = [(one.name, one.of_row) for text in texts for one in marks_in(text)]
        if len(asked) > MOST_MARKS:
            raise NotTaken("swells")
        names = tuple(dict.fromkeys(asked))
        opened = dict.fromkeys(one for text in texts for one in unclosed_in(text))
        unclosed = tuple(opened)[:_MOST_UNCLOSED]
        lost = lost_in(content) if kind == "xlsx" else ()
        if lost and not lossy:
            raise Loses(lost)
        number, at = secrets.token_hex(_ID // 2), stamp(self.clock.now())
        called, by = name[-_LONGEST:], person.name
        made = Stencil(number, county, plugin, called, kind, names, by, at, unclosed, lost)
        self.files.put(_file(number), self.vault.seal_bytes(county, _bound(number), content))
        pk, sk = _key(county, plugin, number)
        item = {
            "pk": pk,
            "sk": sk,
            "id": number,
            "plugin": plugin,
            "name": made.name,
            "kind": kind,
            "names": [[each, of_row] for each, of_row in names],
            "unclosed": [*unclosed],
            "lost": [*lost],
            "by": made.by,
            "at": at,
        }
        one_more = Change(_count(county, plugin), add={"n": 1}, when=(Below("n", MOST - 1),))
        try:
            self.store.commit(Put(item, (Absent(),)), one_more)
        except Conflict:
            self.files.delete(_file(number))
            raise TooMany(plugin) from None
        return made

    def content(self, stencil: Stencil) -> bytes | None:
        """Return the file as it was brought, None where it is gone."""
        kept = self.files.get(_file(stencil.id))
        if kept is None:
            return None
        return self.vault.open_bytes(stencil.county, _bound(stencil.id), kept)

    def filled(self, stencil: Stencil, told: Told, rows: Sequence[Told] = ()) -> bytes | None:
        """Return the template filled in, None where its file is gone; raise NotTaken: too much."""
        content = self.content(stencil)
        if content is None:
            return None
        fill = filled_document if stencil.kind == "docx" else filled_workbook
        return fill(content, told, rows)

    def delete(self, stencil: Stencil) -> None:
        """Forget a template; nothing happens to one that is gone."""
        key = _key(stencil.county, stencil.plugin, stencil.id)
        [item] = self.store.get(key)
        if item is None:
            return
        one_less = Change(_count(stencil.county, stencil.plugin), add={"n": -1})
        with suppress(Conflict):  # somebody else deleted it meanwhile: it never changes
            self.store.commit(Delete(key, (Version(item["v"]),)), one_less)
            self.files.delete(_file(stencil.id))


def _kind(content: bytes) -> Kind:
    """Return whether a file is a document or a workbook; raise NotTaken for neither."""
    try:
        checked(content, "docx", links=False)
    except NotTaken as why:
        if why.code != "kind":
            raise
        checked(content, "xlsx", links=False)
        return "xlsx"
    return "docx"


def _of(county: str, item: Item) -> Stencil:
    return Stencil(
        id=item["id"],
        county=county,
        plugin=item["plugin"],
        name=item["name"],
        kind=cast("Kind", item["kind"]),
        names=tuple((str(each), bool(of_row)) for each, of_row in item["names"]),
        by=item["by"],
        at=item["at"],
        unclosed=tuple(map(str, item.get("unclosed", ()))),
        lost=tuple(map(str, item.get("lost", ()))),
    )


def _key(county: str, plugin: str, number: str) -> Key:
    return (f"PL#{county}", f"TPL#{plugin}#{number}")


def _count(county: str, plugin: str) -> Key:
    return (f"PL#{county}", f"TPLS#{plugin}")


def _file(number: str) -> str:
    return f"templates/{number}"


def _bound(number: str) -> str:
    return f"template|{number}"
