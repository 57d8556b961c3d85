"""Files in a folder."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from infra.file_names import sound_name

_SUFFIX = ".bin"
"""Keeps a file `a` and a folder `a` apart."""


class FolderFiles:
    """The Files port on a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        """Keep everything under `folder`, made where there is none (mode 0700)."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`; a reader sees the old content or the new, never a part."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, passing = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(passing).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(passing).unlink()
            raise
        _sync(path.parent)

    def get(self, name: str) -> bytes | None:
        """Return the content, or None where there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Forget the content; nothing happens where there is none."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / (sound_name(name) + _SUFFIX)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
