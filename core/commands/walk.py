"""Every node of a definition, for what is looked for wherever it stands."""

from collections.abc import Iterable, Iterator

from forms.problems import Path


def walked(data: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield every node of a definition with its path."""
    yield path, data
    pairs: Iterable[tuple[str | int, object]] = ()
    if isinstance(data, dict):
        pairs = data.items()
    elif isinstance(data, list):
        pairs = enumerate(data)
    for key, value in pairs:
        yield from walked(value, (*path, key))
