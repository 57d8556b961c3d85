"""The tree of places, and what is enabled and set where (DESIGN §3, "Per place").

A place's context item `PL#slug` / `CTX` holds all that a page about it needs, the effective
services included, so that one read serves a public page. A switch is frozen again into every
place below it.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from core import switches
from core.in_force import IN_FORCE, OWN, in_force
from core.store import Absent, Busy, Change, Conflict, Item, Key, Put, Store, Version, Write
from core.switches import Rule
from forms.text import Text

KINDS = ("province", "city", "county", "district", "school", "venue", "teaching_point")
RESERVED = frozenset(
    {"about", "api", "case", "demo", "desk", "first", "language", "my", "outbox", "people"}
    | {"places", "policy", "receipt", "search", "services", "sign-in", "sign-out", "size", "static"}
)
ROOT_KEY: Key = ("PL#-", "ROOT")
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
_CACHE_SECONDS = 30.0
UNFROZEN = "FREEZE"
"""The partition of the desk index that holds places changed and not yet frozen below."""
_MARK = ("desk_pk", "desk_sk")
_AT_ONCE = 50
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Below:
    """A place beneath another, as its context lists it."""

    slug: str
    name: Text
    kind: str
    parent: str


@dataclass(frozen=True, slots=True)
class Place:
    """One node of the tree with what is in force there; `facts` are its kind's own."""

    slug: str
    name: Text
    kind: str
    line: tuple[tuple[str, str, Text], ...]
    """Slug, kind and name of each place from the root down to this one."""
    rules: Mapping[str, Rule]
    imposed: Mapping[str, Rule]
    services: frozenset[str]
    settings: switches.Settings
    own_settings: switches.Settings
    definitions: Mapping[str, str]
    """The bundle in force of each service of which a level published its own, by plugin."""
    own_definitions: Mapping[str, str]
    parameters: Mapping[str, Sequence[Mapping[str, Any]]]
    """Dated values of policy parameters, see `core.parameters`."""
    own_parameters: Mapping[str, Sequence[Mapping[str, Any]]]
    calendar: Mapping[str, Any]
    """Days off and make-up days of the years a level published, see `core.calendars`."""
    own_calendar: Mapping[str, Any]
    terms: Mapping[str, Mapping[str, Any]]
    own_terms: Mapping[str, Mapping[str, Any]]
    hooks: Mapping[str, Mapping[str, Any]]
    """Which services and events each hook in force wants to hear of, see `core.webhooks`."""
    own_hooks: Mapping[str, Mapping[str, Any]]
    below: tuple[Below, ...]
    facts: Mapping[str, Any]
    v: int

    @property
    def path(self) -> tuple[str, ...]:
        """The slugs from the root down to this place."""
        return tuple(slug for slug, _, _ in self.line)

    @property
    def parent(self) -> str | None:
        """The slug of the place above, None at the root."""
        return self.line[-2][0] if len(self.line) > 1 else None

    @property
    def county(self) -> str:
        """The slug of its county; above counties its own: the scope of keys and claims."""
        return self.at("county") or self.slug

    def at(self, kind: str) -> str | None:
        """Return the slug of the nearest place of `kind` at or above this one."""
        if kind == "place":
            return self.slug
        return next((slug for slug, each, _ in reversed(self.line) if each == kind), None)


class UnknownPlace(LookupError):  # noqa: N818 — an answer, not a fault
    """No place has this slug."""


class Refusal(ValueError):  # noqa: N818 — an answer, not a fault
    """What an officer asked of the tree cannot be; `code` is a key of the interface's texts."""


_LATER = (
    *("definitions", "own_definitions", "parameters", "own_parameters"),
    *("calendar", "own_calendar", "terms", "own_terms", "hooks", "own_hooks"),
)
"""What contexts written by earlier versions do not have."""


def context_key(slug: str) -> Key:
    """Return where a place's context stands."""
    return (f"PL#{slug}", "CTX")


def place_of(item: Item) -> Place:
    """Make a place of its context item."""
    return Place(
        slug=item["slug"],
        name=Text.of(item["name"]),
        kind=item["kind"],
        line=tuple((slug, kind, Text.of(name)) for slug, kind, name in item["line"]),
        rules=item["rules"],
        imposed=item["imposed"],
        services=frozenset(item["services"]),
        settings=item["settings"],
        own_settings=item["own_settings"],
        **{name: item.get(name, {}) for name in _LATER},
        below=tuple(
            Below(e["slug"], Text.of(e["name"]), e["kind"], e["parent"]) for e in item["below"]
        ),
        facts=item["facts"],
        v=item["v"],
    )


@dataclass
class Places:
    """Reads and changes the tree; contexts are remembered for 30 seconds."""

    store: Store
    _cache: dict[str, tuple[float, Place]] = field(default_factory=dict)

    def get(self, slug: str) -> Place:
        """Return the place; raise UnknownPlace."""
        return self.remembered(slug) or self.fresh(slug)

    def fresh(self, slug: str) -> Place:
        """Return the place as it stands now; raise UnknownPlace."""
        [item] = self.store.get(context_key(slug))
        return self.remember(slug, item)

    def remembered(self, slug: str) -> Place | None:
        """Return the place if it was read in the last 30 seconds."""
        until, place = self._cache.get(slug, (0.0, None))
        return place if place and time.monotonic() < until else None

    def remember(self, slug: str, item: Item | None) -> Place:
        """Keep what was just read for 30 seconds; raise UnknownPlace for nothing."""
        if item is None:
            self._cache.pop(slug, None)
            raise UnknownPlace(slug)
        place = place_of(item)
        self._cache[slug] = (time.monotonic() + _CACHE_SECONDS, place)
        return place

    def several(self, slugs: Iterable[str]) -> dict[str, Place]:
        """Return those of these places that there are, by slug.

        What is not remembered is read in one batch; where all is, nothing is read.
        """
        known = {slug: self.remembered(slug) for slug in dict.fromkeys(slugs)}
        unknown = [slug for slug, place in known.items() if place is None]
        items = self.store.get(*map(context_key, unknown)) if unknown else ()
        read = {slug: item for slug, item in zip(unknown, items, strict=True) if item}
        fresh = {slug: self.remember(slug, item) for slug, item in read.items()}
        return {slug: place for slug, place in known.items() if place} | fresh

    def root(self) -> Place:
        """Return the place at the top; raise UnknownPlace while there is none."""
        [item] = self.store.get(ROOT_KEY)
        if item is None:
            raise UnknownPlace("-")
        return self.get(item["slug"])

    def tree(self, top: Place) -> list[Place]:
        """Return `top` and everything beneath it, parents before children, as of now."""
        slugs: list[str] = []
        cursor: str | None = None
        branch = "/".join(top.path)
        while True:
            page = self.store.query(
                "PLACES", index="register", prefix=branch, limit=100, cursor=cursor
            )
            slugs += [item["slug"] for item in page.items]
            cursor = page.cursor
            if cursor is None:
                break
        found: list[Place] = []
        for start in range(0, len(slugs), 100):
            items = self.store.get(*map(context_key, slugs[start : start + 100]))
            found += [place_of(item) for item in items if item]
        return [place for place in found if top.slug in place.path]

    def add(
        self,
        slug: str,
        name: Text,
        kind: str,
        parent: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Place:
        """Add a place under `parent` (None for the root); raise Refusal."""
        above = self.fresh(parent) if parent else None
        _may_stand(slug, name, kind, above)
        writes: list[Write] = [Put(_context(slug, name, kind, above, facts or {}), (Absent(),))]
        if above is None:
            writes.append(Put({"pk": ROOT_KEY[0], "sk": ROOT_KEY[1], "slug": slug}, (Absent(),)))
        else:
            entry = {"slug": slug, "name": _data(name), "kind": kind, "parent": above.slug}
            writes += [_listed(place, entry) for place in self._listed_by(above)]
        try:
            self.store.commit(*writes)
        except Conflict:
            raise Refusal("slug_taken") from None
        self._cache.clear()
        return self.get(slug)

    def switch(self, slug: str, plugin: str, rule: Rule, by: str, at: str) -> None:
        """Set the rule of one service at one place, note who and when, and freeze it below."""
        place = self.fresh(slug)
        if rule not in switches.rules_for(place.kind):
            raise Refusal("rule_not_here")
        before = place.rules.get(plugin)
        note = {"sk": f"SW#{plugin}#{at}", "by": by, "at": at, "rule": rule, "before": before}
        self.change(place, {"rules": {**place.rules, plugin: rule}}, note)

    def set_settings(
        self, slug: str, plugin: str, values: Mapping[str, Any], by: str, at: str
    ) -> None:
        """Set a service's settings at one place, note who and when, and freeze them below."""
        place = self.fresh(slug)
        note = {"sk": f"SW#{plugin}#{at}", "by": by, "at": at, "settings": dict(values)}
        settings = {**place.own_settings, plugin: dict(values)}
        self.change(place, {"own_settings": settings}, note)

    def change(
        self,
        place: Place,
        values: Mapping[str, Any],
        note: Mapping[str, Any],
        writes: tuple[Write, ...] = (),
    ) -> None:
        """Set some of what a place says itself (OWN), note it, and freeze it below.

        `note` has a sort key, who and when; `writes` join the commit. Raises Refusal where the
        place changed since it was read.
        """
        marked = {**values, "desk_pk": UNFROZEN, "desk_sk": place.slug}
        change = Change(context_key(place.slug), set=marked, when=(Version(place.v),))
        key = {"pk": f"PL#{place.slug}", "sk": f"{note['sk']}#{place.v:06}"}
        try:
            self.store.commit(change, Put({**note, **key}, (Absent(),)), *writes)
        except Conflict:
            raise Refusal("changed_meanwhile") from None
        self.freeze(place.slug)

    def history(self, slug: str, what: str, limit: int = 20, kind: str = "SW") -> tuple[Item, ...]:
        """Return the latest changes to a service, or another `kind` of thing, newest first."""
        prefix = f"{kind}#{what}#"
        return self.store.query(f"PL#{slug}", prefix=prefix, limit=limit, reverse=True).items

    def first_noted(self, slug: str, plugin: str) -> str:
        """Return when a service was first switched or set at a place; "" where it never was."""
        found = self.store.query(f"PL#{slug}", prefix=f"SW#{plugin}#", limit=1).items
        return str(found[0]["at"]) if found else ""

    def freeze(self, slug: str) -> None:
        """Work out again what is in force at a place and below it; safe to repeat."""
        for attempt in range(_TRIES):
            self._cache.clear()
            try:
                self._freeze(self.fresh(slug))
            except Conflict as conflict:
                if attempt == _TRIES - 1:
                    raise Busy(f"{slug} changes all the time") from conflict
            else:
                break
        self._cache.clear()

    def work_off(self) -> None:
        """Freeze what a process that died left half done: a change is marked until it is frozen."""
        for item in self.store.query(UNFROZEN, index="desk", limit=50).items:
            self.freeze(item["slug"])

    def _freeze(self, top: Place) -> None:
        done: dict[str, Mapping[str, Any]] = {}
        if top.parent:
            above = self.fresh(top.parent)
            done[above.slug] = {name: getattr(above, name) for name in IN_FORCE}
        writes: list[Write] = []
        for place in self.tree(top):
            own = {name: getattr(place, name) for name in OWN}
            above_it = done.get(place.parent or "")
            done[place.slug] = force = in_force(place.slug, place.kind, own, above_it)
            writes.append(Change(context_key(place.slug), set=force, when=(Version(place.v),)))
        for start in range(0, len(writes), _AT_ONCE):
            self.store.commit(*writes[start : start + _AT_ONCE])
        done_with = Change(context_key(top.slug), remove=_MARK, when=(Version(top.v + 1),))
        with suppress(Conflict):  # changed again since, and so to be frozen again
            self.store.commit(done_with)

    def _listed_by(self, above: Place) -> list[Place]:
        """Return who lists a newcomer: its parent, and the district all of what lies in it."""
        district = above.at("district")
        return [above] if district in (None, above.slug) else [above, self.fresh(str(district))]


def _context(
    slug: str, name: Text, kind: str, above: Place | None, facts: Mapping[str, Any]
) -> dict[str, Any]:
    line: list[list[Any]] = [
        [each, its, _data(called)] for each, its, called in (above.line if above else ())
    ]
    line.append([slug, kind, _data(name)])
    inherited = {key: getattr(above, key) for key in IN_FORCE} if above else None
    own: dict[str, Any] = {key: {} for key in OWN}
    return {
        "pk": f"PL#{slug}",
        "sk": "CTX",
        "register_pk": "PLACES",
        "register_sk": "/".join(each for each, _, _ in line),
        "slug": slug,
        "name": _data(name),
        "kind": kind,
        "line": line,
        **own,
        "below": [],
        "facts": dict(facts),
        **in_force(slug, kind, own, inherited),
    }


def _listed(place: Place, entry: Mapping[str, Any]) -> Write:
    below = [
        {"slug": each.slug, "name": _data(each.name), "kind": each.kind, "parent": each.parent}
        for each in place.below
    ]
    return Change(context_key(place.slug), set={"below": [*below, entry]}, when=(Version(place.v),))


def _may_stand(slug: str, name: Text, kind: str, above: Place | None) -> None:
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise Refusal("slug_form")
    if not name or len(name.zh) > 60:  # noqa: PLR2004 — what fits a heading
        raise Refusal("name_form")
    if kind not in KINDS or (above and KINDS.index(above.kind) >= KINDS.index(kind)):
        raise Refusal("kind_not_here")


def _data(name: Text) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}
