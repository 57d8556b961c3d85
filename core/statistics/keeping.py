"""Figures kept for good (定格): as they stood, who kept them, under which definitions (ADR 35).

`KEPT#county#plugin` / `place#id` says what was kept and its hash, `KEPT#county#plugin#place#id` /
`slug` the figures of each place. Nothing of it is ever written over. A withdrawal is an item
beside it; a correction is another that names it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.moments import stamp
from core.people import Person
from core.places import Place
from core.ports import Clock
from core.privacy import Vault
from core.statistics.standing import Cut, Figures, Standing
from core.store import MAX_WRITES, Absent, Conflict, Item, Put, Store
from forms.canonical import digest
from forms.text import Text

MOST = 500
"""How many a place may keep of one service, withdrawn ones with them."""
_GONE = "withdrawn"
_ID = re.compile(r"[0-9a-f]{16}")


class TooMany(Exception):  # noqa: N818 — an answer, not a fault
    """A place has kept as many figures of a service as it may."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept, without its figures; `flows` are the hashes of workflow and form by id."""

    id: str
    county: str
    plugin: str
    place: str
    title: str
    at: str
    cut: Cut
    by: str
    name: str
    flows: Mapping[str, Mapping[str, str]]
    former: str
    hash: str
    withdrawn: "Withdrawn | None"
    body: Mapping[str, Any]
    """Everything that the hash is of, but for the figures."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That something kept is not to be relied on any more, and why."""

    at: str
    by: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one place, and what the place was then."""

    slug: str
    name: Text
    kind: str
    line: tuple[str, ...]
    pupils: int | None
    figures: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants kept: under which title, as of which month (yyyymm, "" for today)."""

    id: str
    title: str
    month: str
    former: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps figures, and finds them again."""

    store: Store
    vault: Vault
    standing: Standing
    clock: Clock

    def keep(
        self,
        wish: Wish,
        tree: Sequence[Place],
        plugin: str,
        flows: Mapping[str, Mapping[str, str]],
        person: Person,
    ) -> str:
        """Keep the figures of a place and all beneath it; return their id, once for each wish.

        `tree` is the place and what lies beneath it. Raises TooMany, TooMuch or Busy.
        """
        place, kept_id = tree[0], wish.id
        if self.get(place.county, plugin, place.slug, kept_id):
            return kept_id
        if len(self.all_of(place.county, plugin, place.slug)) >= MOST:
            raise TooMany(plugin)
        slugs = [each.slug for each in tree]
        cut, figures = self.standing.of(place.county, plugin, [*flows], slugs, wish.month)
        rows = [_row_item(each, figures[each.slug]) for each in tree]
        while True:
            body = {
                "id": kept_id,
                "plugin": plugin,
                "place": place.slug,
                "title": wish.title,
                "at": stamp(self.clock.now()),
                "cut": [cut.moment, cut.month],
                "by": person.id,
                "name": self._sealed(place.county, kept_id, person.name),
                "flows": {name: dict(each) for name, each in flows.items()},
                "former": wish.former,
            }
            try:
                self._write(place.county, body, rows)
            except Conflict:
                if self.get(place.county, plugin, place.slug, kept_id):  # sent twice at once
                    return kept_id
                kept_id = secrets.token_hex(8)  # what stands there was broken off
            else:
                return kept_id

    def all_of(self, county: str, plugin: str, place: str) -> list[Kept]:
        """Return what a place has kept of a service, the latest first."""
        page = self.store.query(f"KEPT#{county}#{plugin}", prefix=f"{place}#", limit=2 * MOST)
        gone = {each["sk"]: each for each in page.items if each["sk"].endswith(f"#{_GONE}")}
        found = [
            self._kept(county, each, gone.get(f"{each['sk']}#{_GONE}"))
            for each in page.items
            if each["sk"] not in gone
        ]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def get(self, county: str, plugin: str, place: str, kept_id: str) -> Kept | None:
        """Return what was kept, without its figures; None for nothing."""
        if not _ID.fullmatch(kept_id):
            return None
        pk, sk = _key(county, plugin, place, kept_id)
        item, gone = self.store.get((pk, sk), (pk, f"{sk}#{_GONE}"))
        return self._kept(county, item, gone) if item else None

    def rows(self, kept: Kept) -> tuple[list[Row], bool]:
        """Return the figures, and whether all is as it was kept."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            partition = _partition(kept.county, kept.plugin, kept.place, kept.id)
            page = self.store.query(partition, limit=400, cursor=cursor)
            items += [dict(each) for each in page.items]
            cursor = page.cursor
            if cursor is None:
                break
        told = [
            {name: each[name] for name in _ROW} for each in items if all(n in each for n in _ROW)
        ]
        holds = len(told) == len(items) and _hash(kept.body, told) == kept.hash
        return [_row(each) for each in told], holds

    def withdraw(self, kept: Kept, reason: str, person: Person) -> None:
        """Note that something kept is withdrawn, once and for good."""
        pk, sk = _key(kept.county, kept.plugin, kept.place, kept.id)
        item = {
            "pk": pk,
            "sk": f"{sk}#{_GONE}",
            "at": stamp(self.clock.now()),
            "by": person.id,
            "name": self._sealed(kept.county, f"{kept.id}|{_GONE}", person.name),
            "reason": self._sealed(kept.county, f"{kept.id}|reason", reason),
        }
        try:
            self.store.commit(Put(item, (Absent(),)))
        except Conflict:  # somebody was first; what they said stands
            return

    def _write(
        self, county: str, body: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Write the figures, then what was kept, without which they are nothing."""
        where = (county, body["plugin"], body["place"], body["id"])
        puts = [
            Put({"pk": _partition(*where), "sk": row["slug"], **row}, (Absent(),)) for row in rows
        ]
        pk, sk = _key(*where)
        puts.append(Put({"pk": pk, "sk": sk, "body": body, "hash": _hash(body, rows)}, (Absent(),)))
        for at in range(0, len(puts), MAX_WRITES):
            self.store.commit(*puts[at : at + MAX_WRITES])

    def _kept(self, county: str, item: Item, gone: Item | None) -> Kept:
        body = item["body"]
        plain = {name: str(body[name]) for name in ("id", "plugin", "place", "title", "at", "by")}
        return Kept(
            county=county,
            cut=Cut(*body["cut"]),
            name=self._opened(county, plain["id"], body["name"]),
            flows=body["flows"],
            former=body["former"],
            hash=item["hash"],
            withdrawn=self._withdrawn(county, plain["id"], gone) if gone else None,
            body=body,
            **plain,
        )

    def _withdrawn(self, county: str, kept_id: str, item: Item) -> Withdrawn:
        name = self._opened(county, f"{kept_id}|{_GONE}", item["name"])
        reason = self._opened(county, f"{kept_id}|reason", item["reason"])
        return Withdrawn(item["at"], item["by"], name, reason)

    def _sealed(self, county: str, what: str, text: str) -> str:
        return self.vault.seal(county, f"kept|{what}", text)

    def _opened(self, county: str, what: str, sealed: str) -> str:
        try:
            return self.vault.open(county, f"kept|{what}", sealed)
        except ValueError:  # not what was sealed; the hash says so
            return ""


_ROW = ("slug", "name", "kind", "line", "pupils", "figures")


def _row_item(place: Place, figures: Mapping[str, Figures]) -> dict[str, Any]:
    pupils = place.facts.get("pupils")
    return {
        "slug": place.slug,
        "name": {"zh": place.name.zh, "en": place.name.en},
        "kind": place.kind,
        "line": [*place.path],
        "pupils": pupils if isinstance(pupils, int) else None,
        "figures": {flow: dict(each) for flow, each in figures.items()},
    }


def _row(item: Mapping[str, Any]) -> Row:
    told = {name: item[name] for name in ("slug", "kind", "pupils", "figures")}
    return Row(name=Text.of(item["name"]), line=tuple(item["line"]), **told)


def _hash(body: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    ordered = sorted(rows, key=lambda each: str(each["slug"]))
    return digest({"body": body, "rows": ordered})


def _key(county: str, plugin: str, place: str, kept_id: str) -> tuple[str, str]:
    return (f"KEPT#{county}#{plugin}", f"{place}#{kept_id}")


def _partition(county: str, plugin: str, place: str, kept_id: str) -> str:
    return f"KEPT#{county}#{plugin}#{place}#{kept_id}"
