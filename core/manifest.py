"""What `plugin.yaml` says of a plugin."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from forms.problems import DefinitionError, Flaw, nearest
from forms.shape import check_shape, flag, identifier, listed, record, whole, words
from forms.source import Source
from forms.text import Text

API = 1
KEYS = {
    "id": identifier(),
    "api": whole(1, API),
    "name": words(40),
    "summary": words(120),
    "action": words(40),
    "forms": listed(identifier()),
    "workflows": listed(identifier(), least=1),
    "settings": identifier(),
    "roles": listed(
        record({"id": identifier(), "name": words(40), "at": identifier()}, ["id", "at"])
    ),
    "menu": listed(
        record({"path": identifier(), "label": words(40), "officers": flag()}, ["path", "label"])
    ),
    "desk": record({"who": identifier(), "gist": listed(identifier())}, ["who"]),
    "personal_data": listed(identifier()),
}
_SHAPE = record(KEYS, ["id", "api", "name", "summary", "workflows"])


@dataclass(frozen=True, slots=True)
class RoleNeeded:
    """A role that the service's workflow asks for, and the kind of place it is held at."""

    id: str
    name: Text
    at: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A page of the plugin's own that the portal, or the officers' pages, link to."""

    path: str
    label: Text
    officers: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's own account of itself.

    `action` is what the portal calls it ("我想当志愿者"); `who` and `gist` name the fields that a
    desk's row shows; `settings` is the form its settings are edited with.
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
    who: str
    gist: tuple[str, ...]

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
    flaws = check_shape(source, _SHAPE)
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
            MenuItem(each["path"], Text.of(each["label"]), bool(each.get("officers")))
            for each in data.get("menu") or ()
        ),
        who=desk.get("who", ""),
        gist=tuple(desk.get("gist") or ()),
    )
