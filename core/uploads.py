"""Files people hand in: known by their content, not their name; kept encrypted."""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.ports import Files
from core.privacy import Vault

LARGEST = 10 * 1024 * 1024
LARGEST_SIGNATURE = 60_000
_PNG_URL = "data:image/png;base64,"
_PNG = b"\x89PNG\r\n\x1a\n"
_KINDS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("application/pdf", re.compile(rb"%PDF-\d")),
    ("image/png", re.compile(re.escape(_PNG))),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
)
_UNSAFE = re.compile(r"[^\w.()（）\-· ]+")


class NotAccepted(ValueError):  # noqa: N818 — an answer, not a fault
    """A file is refused; `code` says why: file_empty, file_large, file_kind."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Keeps files for cases, each encrypted and bound to its case."""

    files: Files
    vault: Vault

    def keep(self, county: str, case_id: str, name: str, content: bytes) -> dict[str, Any]:
        """Keep one file and return the answer that names it: ref, name, size, type."""
        if not content:
            raise NotAccepted("file_empty")
        if len(content) > LARGEST:
            raise NotAccepted("file_large")
        kind = kind_of(content)
        if kind is None:
            raise NotAccepted("file_kind")
        ref = f"{case_id}/{secrets.token_hex(12)}"
        self.files.put(ref, self.vault.seal_bytes(county, f"file|{ref}", content))
        return {"ref": ref, "name": safe_name(name), "size": len(content), "type": kind}

    def keep_drawing(self, county: str, case_id: str, data_url: str) -> dict[str, Any] | None:
        """Keep a signature drawn in the browser; None where it is no small PNG."""
        if not data_url.startswith(_PNG_URL) or len(data_url) > LARGEST_SIGNATURE:
            return None
        try:
            content = base64.b64decode(data_url.removeprefix(_PNG_URL), validate=True)
        except (binascii.Error, ValueError):
            return None
        if not content.startswith(_PNG):
            return None
        return self.keep(county, case_id, "signature.png", content)

    def open(self, county: str, answer: Mapping[str, Any]) -> bytes | None:
        """Return a kept file's content, or None where it is gone."""
        content = self.files.get(str(answer["ref"]))
        if content is None:
            return None
        return self.vault.open_bytes(county, f"file|{answer['ref']}", content)


def kind_of(content: bytes) -> str | None:
    """Return the media type that the content itself shows, None for one we do not take."""
    return next((kind for kind, head in _KINDS if head.match(content)), None)


def safe_name(name: str) -> str:
    """Return the last part of a file's name without anything a system could act on."""
    last = re.split(r"[\\/]", name)[-1]
    return _UNSAFE.sub("_", last).strip(" .")[-80:] or "file"
