"""What `plugin.yaml` says of a plugin."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.manifest_keys import MANIFEST
from forms.carrying import AnswerMap
from forms.problems import DefinitionError, Flaw, nearest
from forms.shape import check_shape
from forms.source import Source
from forms.text import Text

AGENDA = "agenda"
"""The page of a menu that is the core's: what `provide_agenda` tells."""
LIST = "list"
"""The path of the core's page of what cases make public."""
FIGURES = "figures"
"""The path of the core's page that shows what `provide_figures` returns."""


@dataclass(frozen=True, slots=True)
class RoleNeeded:
    """A role that the service's workflow asks for, and the kind of place it is held at."""

    id: str
    name: Text
    at: str

    def held_at(self, kind: str) -> bool:
        """Tell whether places of a kind have such officers; a teaching point as a school does."""
        return kind == self.at or (kind == "teaching_point" and self.at == "school")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A page of the plugin's own that the portal, or the officers' pages, link to."""

    path: str
    label: Text
    officers: bool
    roles: frozenset[str] = frozenset()
    """The roles whose officers are shown it on their desk; all where it is empty."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Choices that a plugin offers to all others; `roles` may ask, everybody where it is empty."""

    name: str
    label: Text
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Audience:
    """People whom officers may write to: whose cases of one workflow stand in these states.

    `by` names a field with choices that narrows them, "" for none.
    """

    id: str
    label: Text
    workflow: str
    states: frozenset[str]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of what cases of one workflow make public, for everybody to look through.

    `title` is the field that an entry is called by, `gist` what stands beneath it, `by` the fields
    with choices that the list is narrowed by. `across` the county, each of its places lists all.
    Entries with the same answer to `versions` are versions of one thing. The latest `front` of a
    place and of what lies above it stand on its portal.
    """

    workflow: str
    label: Text
    title: str
    gist: tuple[str, ...]
    by: tuple[str, ...]
    across: str = ""
    versions: str = ""
    front: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's own account of itself.

    `action` is what the portal calls it ("我想当志愿者"); `who` and `gist` name the fields that a
    desk's row shows, of `who` the first that is answered; `settings` is the form its settings
    are edited with. `listens` names the plugins whose cases it is told of, `requires` those without
    which it does not run.
    """

    source: Source
    id: str
    name: Text
    summary: Text
    action: Text
    workflows: tuple[str, ...]
    forms: tuple[str, ...]
    settings: str
    roles: tuple[RoleNeeded, ...]
    menu: tuple[MenuItem, ...]
    who: tuple[str, ...]
    gist: tuple[str, ...]
    personal_data: frozenset[str]
    listens: frozenset[str]
    lookups: Mapping[str, Lookup]
    requires: tuple[str, ...]
    hooks: frozenset[str]
    languages: frozenset[str]
    listing: Listing | None
    at_foot: bool
    audiences: tuple[Audience, ...]

    def agenda_at(self, kind: str) -> MenuItem | None:
        """Return what the menu says of the agenda of places of a kind; None where they have none.

        That is the entry for a role that is held at such places.
        """
        here = {each.id for each in self.roles if each.held_at(kind)}
        return next((each for each in self.menu if each.path == AGENDA and each.roles & here), None)

    def answer_map(self, form: str) -> AnswerMap:
        """Return where answers to an earlier version of a form have gone, as declared."""
        told = ((self.source.data.get("mapping") or {}).get("forms") or {}).get(form) or {}
        return AnswerMap(told.get("fields") or {}, told.get("values") or {})

    def state_map(self, workflow: str) -> Mapping[str, str]:
        """Return where the states of an earlier version of a workflow have gone."""
        told = ((self.source.data.get("mapping") or {}).get("states") or {}).get(workflow)
        return told or {}

    def missing(self, forms: Collection[str], workflows: Collection[str]) -> list[Flaw]:
        """Return a flaw for everything declared that has no file, and the other way round."""
        flaws = []
        for key, declared, found in (
            ("forms", self.forms, forms),
            ("workflows", self.workflows, workflows),
        ):
            for index, name in enumerate(declared):
                if name not in found:
                    meant = nearest(name, list(found))
                    flaws.append(
                        self.source.flaw(f"there is no {key}/{name}.yaml", key, index, meant=meant)
                    )
            flaws += [
                self.source.flaw(f"{key}/{name}.yaml is not listed under {key}", key)
                for name in sorted(set(found) - set(declared))
            ]
        if self.settings and self.settings not in forms:
            flaws.append(self.source.flaw(f"there is no forms/{self.settings}.yaml", "settings"))
        return flaws


def load_manifest(source: Source, folder: str) -> Manifest:
    """Read a manifest; raise DefinitionError with every flaw. The id is the folder's name."""
    flaws = check_shape(source, MANIFEST)
    if not flaws and source.data["id"] != folder:
        flaws.append(source.flaw(f"the id must be the folder's name, {folder}", "id"))
    if flaws:
        raise DefinitionError(flaws)
    data: Mapping[str, Any] = source.data
    desk = data.get("desk") or {}
    return Manifest(
        source=source,
        id=data["id"],
        name=Text.of(data["name"]),
        summary=Text.of(data["summary"]),
        action=Text.of(data.get("action") or data["name"]),
        workflows=tuple(data["workflows"]),
        forms=tuple(data.get("forms") or ()),
        settings=data.get("settings") or "",
        roles=tuple(
            RoleNeeded(each["id"], Text.of(each.get("name") or each["id"]), each["at"])
            for each in data.get("roles") or ()
        ),
        menu=tuple(
            MenuItem(
                each["path"],
                Text.of(each["label"]),
                bool(each.get("officers") or each.get("roles")),
                frozenset(each.get("roles") or ()),
            )
            for each in data.get("menu") or ()
        ),
        who=_names(desk.get("who")),
        gist=tuple(desk.get("gist") or ()),
        personal_data=frozenset(data.get("personal_data") or ()),
        listens=frozenset(data.get("listens") or ()),
        lookups={each["name"]: _lookup(each) for each in data.get("lookups") or ()},
        requires=tuple(data.get("requires") or ()),
        hooks=frozenset(data.get("hooks") or ()),
        languages=frozenset(data.get("languages") or ("zh",)),
        listing=_listing(data),
        at_foot=bool(data.get("at_foot")),
        audiences=tuple(_audience(each, data) for each in data.get("audiences") or ()),
    )


def _names(one_or_many: str | list[str] | None) -> tuple[str, ...]:
    """Return the fields that a key names, alone or in a list."""
    return (one_or_many,) if isinstance(one_or_many, str) else tuple(one_or_many or ())


def _listing(data: Mapping[str, Any]) -> Listing | None:
    told = data.get("listing")
    if not told:
        return None
    workflow = told.get("workflow") or data["workflows"][0]
    gist, by = (tuple(told.get(key) or ()) for key in ("gist", "by"))
    across, versions = (told.get(key) or "" for key in ("across", "versions"))
    label = Text.of(told["label"])
    front = told.get("front") or 0
    return Listing(workflow, label, told["title"], gist, by, across, versions, front)


def _audience(told: Mapping[str, Any], data: Mapping[str, Any]) -> Audience:
    workflow = told.get("workflow") or data["workflows"][0]
    label, states = Text.of(told["label"]), frozenset(told["states"])
    return Audience(told["id"], label, workflow, states, told.get("by") or "")


def _lookup(data: Mapping[str, Any]) -> Lookup:
    return Lookup(data["name"], Text.of(data["label"]), frozenset(data.get("roles") or ()))
