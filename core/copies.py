"""A level's changes to a service it was given, laid anew over each later version.

They stand at `PL#place` / `DF#plugin`, with the bundle they were laid over. When that moves on,
`inherit` lays them over the newer one; what both sides changed is noted as a conflict, and the
level keeps what it has until somebody settles it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from core.bundles import Bundle
from core.definitions import bundle_hash
from core.loading import Plugin, load_plugin
from core.moments import stamp
from core.places import Place, Refusal
from core.proposals import Proposal
from core.publishing import NotPublished, Publishing
from core.store import Absent, Change, Conflict, Delete, Item, Key, Put, Version
from forms.copies import laid_over, load_copy
from forms.copy_conflicts import conflicts, copy_flaws
from forms.problems import DefinitionError, Flaw, Position
from forms.source import Source
from forms.text import Text
from workflows.differences import fields_rested_on

Changes = Mapping[str, Source]
"""A level's changes by the form they are made to, as read from its files."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """What became of a level's changes when the version beneath them moved on."""

    place: str
    plugin: str
    conflicts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """Makes, keeps and inherits levels' changes."""

    publishing: Publishing

    def propose(self, place: Place, plugin: str, changes: Changes) -> Proposal:
        """Compare what is in force with a level's changes laid over; raise DefinitionError."""
        service = _changed(self._base(place, plugin), changes)
        return self.publishing.compared(place, service)

    def publish(self, proposal: Proposal, changes: Changes, by: str) -> str:
        """Put a level's changes in force and remember them; raise NotPublished or Refusal."""
        place = self.publishing.places.fresh(proposal.place)
        plugin = proposal.service.id
        [stood] = self.publishing.store.get(_record_key(place.slug, plugin))
        pk, sk = _record_key(place.slug, plugin)
        record = {
            "pk": pk,
            "sk": sk,
            "register_pk": "COPIES",
            "register_sk": f"{plugin}#{place.slug}",
            "plugin": plugin,
            "place": place.slug,
            "base": bundle_hash(self._base(place, plugin)),
            "changes": json.dumps({name: each.data for name, each in changes.items()}),
            "conflicts": [],
        }
        stands = Version(stood["v"]) if stood else Absent()
        return self.publishing.put_in_force(proposal, by, (Put(record, (stands,)),))

    def withdraw(self, place: Place, plugin: str, by: str) -> bool:
        """Let a place offer what is above again; False where it has changed nothing."""
        places, at = self.publishing.places, stamp(self.publishing.clock.now())
        [record] = self.publishing.store.get(_record_key(place.slug, plugin))
        if record is None:
            return False
        here = places.fresh(place.slug)
        rest = {name: each for name, each in here.own_definitions.items() if name != plugin}
        gone = Delete(_record_key(place.slug, plugin), (Version(record["v"]),))
        note = {"sk": f"SW#{plugin}#{at}", "by": by, "at": at, "bundle": "", "changes": []}
        places.change(here, {"own_definitions": rest}, note, (gone,))
        return True

    def of(self, place: str, plugin: str) -> tuple[Changes, list[Text]]:
        """Return the changes a level has made to a service, and their open conflicts."""
        [record] = self.publishing.store.get(_record_key(place, plugin))
        if record is None:
            return {}, []
        return _changes(record), [Text(*each) for each in record["conflicts"]]

    def inherit(self) -> list[Inherited]:
        """Lay every level's changes over what has moved on beneath them; safe to repeat."""
        return [each for record in self._records() for each in self._inherit(record)]

    def _records(self) -> Iterator[Item]:
        cursor: str | None = None
        while True:
            page = self.publishing.store.query("COPIES", index="register", limit=100, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _inherit(self, record: Item) -> Iterator[Inherited]:
        place, plugin = self.publishing.places.fresh(record["place"]), str(record["plugin"])
        try:
            base = self._base(place, plugin)
        except DefinitionError:  # its plugin does not run at present
            return
        if bundle_hash(base) == record["base"]:
            return
        both = list(self._conflicts(record, base))
        if not both:
            both = self._laid_anew(place, base, _changes(record))
        if both:
            self._note(record, both)
        yield Inherited(place.slug, plugin, tuple(both))

    def _conflicts(self, record: Item, base: Plugin) -> Iterator[Text]:
        before = self.publishing.offers.definitions.service(record["base"])
        for name, source in _changes(record).items():
            if name in before.forms and name in base.forms:
                yield from conflicts(before.forms[name].data, base.forms[name].data, source.data)

    def _laid_anew(self, place: Place, base: Plugin, changes: Changes) -> list[Text]:
        """Publish the changes over `base`; return why that cannot be, [] where it was done."""
        try:
            proposal = self.publishing.compared(place, _changed(base, changes))
            with suppress(Refusal, Conflict):  # another process did the same
                self.publish(proposal, changes, "")
        except DefinitionError as error:
            return [Text(flaw.message, flaw.message) for flaw in error.flaws]
        except NotPublished as refused:
            changed = refused.proposal.changes
            return [each.words for each in changed if each.weight == "refused"]
        return []

    def _note(self, record: Item, both: list[Text]) -> None:
        told = [[each.zh, each.en] for each in both]
        if told != record["conflicts"]:
            key = (record["pk"], record["sk"])
            with suppress(Conflict):
                self.publishing.store.commit(
                    Change(key, set={"conflicts": told}, when=(Version(record["v"]),))
                )

    def _base(self, place: Place, plugin: str) -> Plugin:
        """Return the version that the level above offers; raise DefinitionError for none."""
        publishing = self.publishing
        if place.parent:
            found = publishing.offers.at(publishing.places.fresh(place.parent), plugin)
        else:
            found = publishing.offers.catalogue.plugins.get(plugin)
        if found is None:
            raise DefinitionError([Flaw(Position(plugin), f"there is no service “{plugin}”")])
        return found


def _changed(base: Plugin, changes: Changes) -> Plugin:
    """Lay changes over a service and load it whole; raise DefinitionError."""
    flaws: list[Flaw] = []
    kept = {name for each in base.workflows.values() for name in fields_rested_on(each)}
    forms = {name: dict(form.data) for name, form in base.forms.items()}
    for name, source in changes.items():
        if name not in forms:
            flaws.append(source.flaw(f"the service has no form “{name}”", "of"))
            continue
        declared = load_copy(source)
        flaws += copy_flaws(forms[name], declared, source, kept)
        forms[name] = laid_over(forms[name], declared)
    if flaws:
        raise DefinitionError(flaws)
    return load_plugin(_bundle(base, forms))


def _bundle(base: Plugin, forms: Mapping[str, Mapping[str, object]]) -> Bundle:
    origin = f"{base.id}, changed"
    return Bundle(
        id=base.id,
        origin=origin,
        manifest=base.manifest.source,
        forms=tuple(Source(f"{origin}: {name}", data) for name, data in forms.items()),
        workflows=tuple(
            Source(f"{origin}: {name}", each.data) for name, each in base.workflows.items()
        ),
        over=True,
    )


def _changes(record: Item) -> Changes:
    changes = json.loads(record["changes"])
    return {name: Source(f"{record['plugin']}/{name}", data) for name, data in changes.items()}


def _record_key(place: str, plugin: str) -> Key:
    return (f"PL#{place}", f"DF#{plugin}")
