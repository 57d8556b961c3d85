"""What a plugin is made of before it is loaded: sources, whatever they were read from.

A folder, an installed wheel, the compiled catalogue and the store are four origins of one thing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from forms.problems import DefinitionError, Flaw, Position
from forms.source import Source, read_yaml

MANIFEST = "plugin.yaml"
WHEEL_PREFIX = "kehou_"
"""What stands before the id in the name of a wheel's package."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One plugin as data, with where its Python and templates lie if it has any.

    `id` is what its origin calls it (the folder's name, the entry point's); the manifest must say
    the same. `flaws` are what could not even be read. `sound` bundles were loaded once before, so
    that their flaws are not looked for again.
    """

    id: str
    origin: str
    manifest: Source | None
    forms: tuple[Source, ...] = ()
    workflows: tuple[Source, ...] = ()
    package: str = ""
    folder: Path | None = None
    installed: bool = False
    """Whether `package` is imported as any other; else it is what lies in `folder`."""
    flaws: tuple[Flaw, ...] = ()
    sound: bool = False
    over: bool = False
    """Whether a level's changes were laid over an installed plugin, whose Python it needs."""

    @property
    def has_python(self) -> bool:
        """Whether there is a `plugin.py`."""
        return self.folder is not None and (self.folder / "plugin.py").exists()


def bundles_in(folder: Path) -> Iterator[Bundle]:
    """Yield a bundle for every folder in `folder` that has a manifest, by name."""
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        name = manifest.parent.name
        yield bundle_of(manifest.parent, name, f"plugins.{name}")


def bundle_at(folder: Path) -> Bundle:
    """Return the plugin that `folder` itself is: one to be, or the package of a wheel to be."""
    name = folder.resolve().name
    own = name.startswith(WHEEL_PREFIX)
    package = name if own else f"plugins.{name}"
    return bundle_of(folder, name.removeprefix(WHEEL_PREFIX), package)


def bundle_of(folder: Path, name: str, package: str, *, installed: bool = False) -> Bundle:
    """Read the plugin `name` in `folder`; what cannot be read is among its flaws."""
    flaws: list[Flaw] = []

    def read(path: Path) -> Iterator[Source]:
        with collecting(flaws):
            yield _source(path)

    manifest = next(read(folder / MANIFEST), None)
    forms = tuple(source for path in _yaml(folder / "forms") for source in read(path))
    workflows = tuple(source for path in _yaml(folder / "workflows") for source in read(path))
    return Bundle(
        id=name,
        origin=_shown(folder),
        manifest=manifest,
        forms=forms,
        workflows=workflows,
        package=package,
        folder=folder,
        installed=installed,
        flaws=tuple(flaws),
    )


def package_folder(package: str) -> Path | None:
    """Return where a package lies, without importing it; None where it is not."""
    try:
        spec = find_spec(package)
    except Exception:  # noqa: BLE001 — a dotted package's parents are imported, and may raise
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


class collecting:  # noqa: N801 — reads as a verb where it is used
    """Keeps the flaws of one file, so that the next is looked at too."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self._flaws = flaws

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, DefinitionError):
            self._flaws += error.flaws
            return True
        return False


def _yaml(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _source(path: Path) -> Source:
    try:
        return read_yaml(path.read_bytes(), _shown(path))
    except OSError as error:
        raise DefinitionError([Flaw(Position(_shown(path)), str(error.strerror))]) from None


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
