"""Where plugins come from beside the bundled folder: installed wheels, and what was frozen."""

from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from core.bundles import Bundle, bundle_of, package_folder
from forms.problems import Flaw, Position

GROUP = "kehou.plugins"
"""The entry-point group: the entry's name is the plugin's id, its value the package."""


def wheels(path: Sequence[str] | None = None) -> Iterator[Bundle]:
    """Yield the plugins installed as wheels, by id; of those in `path`, where it is given.

    No Python of theirs is imported; one whose package is not there becomes a bundle with a flaw.
    """
    found = metadata.distributions(path=list(path)) if path else metadata.distributions()
    entries = {
        (entry.name, entry.value): dist.name
        for dist in found
        for entry in dist.entry_points
        if entry.group == GROUP
    }
    for (name, package), dist in sorted(entries.items()):
        yield _wheel(name, package, dist, path)


def _wheel(name: str, package: str, dist: str, path: Sequence[str] | None) -> Bundle:
    folder = _folder(package, path)
    if folder is None:
        flaw = Flaw(Position(dist), f"the entry point {name} names {package}, which is not there")
        return Bundle(name, dist, None, flaws=(flaw,))
    return bundle_of(folder, name, package, installed=True)


def _folder(package: str, path: Sequence[str] | None) -> Path | None:
    """Return where a package lies, without importing it; None where it is not."""
    if path:
        parts = [Path(each, *package.split(".")) for each in path]
        return next((each for each in parts if each.is_dir()), None)
    return package_folder(package)
