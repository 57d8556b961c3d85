"""The compiled catalogue: every plugin's definitions in one JSON, read at a cold start.

Made where a deployment is made (`freeze`), opened where it runs (`thaw`): no entry point is
scanned there and no YAML is parsed, that of the core itself included.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from core.bundles import Bundle, bundles_in, collecting, package_folder
from core.loading import definitions_of
from forms.canonical import digest
from forms.problems import DefinitionError, Flaw
from forms.source import Source, mark_of, read_yaml, remember_readings

CATALOGUE = "catalogue.json"
"""Its name in the folder of the bundled plugins."""
_READ = ("core", "forms")
"""The packages whose own YAML is read at a start."""


def freeze(project: Path, wheels: Iterable[Bundle] = ()) -> dict[str, Any]:
    """Return the catalogue of the plugins bundled in `project` and of `wheels`.

    Of two with one id the bundled one is taken. Raises DefinitionError with every flaw of their
    definitions, which are not looked at again; Python is imported where they run, and not here.
    """
    found = {bundle.id: bundle for bundle in [*wheels, *bundles_in(project / "plugins")]}
    flaws: list[Flaw] = []
    for bundle in found.values():
        with collecting(flaws):
            definitions_of(bundle)
    if flaws:
        raise DefinitionError(flaws)
    content = {
        "bundles": [_frozen(found[name]) for name in sorted(found)],
        "readings": dict(_readings(project)),
    }
    return {"mark": digest(content), **content}


def thaw(path: Path) -> list[Bundle]:
    """Return the bundles of a compiled catalogue, and take over what else was read with them."""
    content = json.loads(path.read_bytes())
    remember_readings(content["readings"])
    return [_thawed(each) for each in content["bundles"]]


def is_stale(path: Path, project: Path, wheels: Iterable[Bundle] = ()) -> bool:
    """Tell whether a compiled catalogue says other than its sources do now."""
    return bool(json.loads(path.read_bytes())["mark"] != freeze(project, wheels)["mark"])


def written(path: Path, content: Mapping[str, Any]) -> Path:
    """Write a catalogue to `path` and return it."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def _frozen(bundle: Bundle) -> dict[str, Any]:
    manifest = bundle.manifest.data if bundle.manifest else {}
    return {
        "id": bundle.id,
        "package": bundle.package,
        "manifest": manifest,
        "forms": [source.data for source in bundle.forms],
        "workflows": [source.data for source in bundle.workflows],
    }


def _thawed(told: Mapping[str, Any]) -> Bundle:
    origin = f"{CATALOGUE}:{told['id']}"
    return Bundle(
        id=told["id"],
        origin=origin,
        manifest=Source(origin, told["manifest"]),
        forms=tuple(Source(origin, data) for data in told["forms"]),
        workflows=tuple(Source(origin, data) for data in told["workflows"]),
        package=told["package"],
        folder=package_folder(told["package"]),
        installed=True,
        sound=True,
    )


def _readings(project: Path) -> Iterator[tuple[str, Any]]:
    for package in _READ:
        for path in sorted((project / package).rglob("*.yaml")):
            text = path.read_bytes()
            yield mark_of(text), read_yaml(text, path.name).data
