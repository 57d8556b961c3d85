"""Data keys, wrapped with a master key in a file."""

import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SIZE = 32
_NONCE = 12
_FORMAT = b"\x01"
_log = logging.getLogger(__name__)


class FileKeys:
    """The Keys port with AES-256-GCM; the context is authenticated with each wrapped key."""

    def __init__(self, path: Path) -> None:
        """Read the master key (64 hex digits), made with mode 0600 where there is none.

        Raises ValueError for a file that is no key: a lost master key is never replaced silently.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            _log.warning("others on this machine can read the master key: chmod 600 %s", path)
        try:
            master = bytes.fromhex(path.read_text(encoding="ascii"))
        except ValueError:
            master = b""
        if len(master) != _SIZE:
            raise ValueError(f"{path} does not hold a master key of {2 * _SIZE} hex digits")
        self._master = AESGCM(master)

    def new(self, context: str) -> tuple[bytes, bytes]:
        """Return a fresh 32-byte data key and its wrapping, bound to `context`."""
        key, nonce = os.urandom(_SIZE), os.urandom(_NONCE)
        return key, _FORMAT + nonce + self._master.encrypt(nonce, key, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key; raise ValueError for another context or a damaged wrapping."""
        head, nonce, sealed = wrapped[:1], wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
        if head != _FORMAT:
            raise ValueError("not a data key wrapped here")
        try:
            return self._master.decrypt(nonce, sealed, context.encode())
        except (InvalidTag, ValueError):
            raise ValueError("a data key of another context, another master or damaged") from None


def _make(path: Path) -> None:
    """Write a fresh key whole or not at all; where another process was first, its key stays."""
    handle, passing = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(os.urandom(_SIZE).hex())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(passing, path)
    finally:
        Path(passing).unlink()
