"""Files people hand in: known by their content, not their name; kept encrypted."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from core.file_kinds import flaw_of, kind_of, safe_name
from core.ports import Files
from core.privacy import Vault

LARGEST = 10 * 1024 * 1024
LARGEST_SIGNATURE = 60_000
_PNG_URL = "data:image/png;base64,"
_PNG = b"\x89PNG\r\n\x1a\n"


class NotAccepted(ValueError):  # noqa: N818 — an answer, not a fault
    """A file is refused; `code` says why: file_ empty, large, kind, active, dots."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Keeps files for cases, each encrypted and bound to its case.

    Within a case a file is named by its name and content: sent twice it is the same answer.
    """

    files: Files
    vault: Vault

    def keep(self, county: str, case_id: str, name: str, content: bytes) -> dict[str, Any]:
        """Keep one file and return the answer that names it: ref, name, size, type."""
        answer = self.judged(county, case_id, name, content)
        self.put(county, answer["ref"], content)
        return answer

    def judged(self, county: str, case_id: str, name: str, content: bytes) -> dict[str, Any]:
        """Return the answer that would name a file, without keeping it; raise NotAccepted."""
        if not content:
            raise NotAccepted("file_empty")
        if len(content) > LARGEST:
            raise NotAccepted("file_large")
        kind = kind_of(content)
        if kind is None:
            raise NotAccepted("file_kind")
        flaw = flaw_of(kind, content)
        if flaw:
            raise NotAccepted(flaw)
        ref = f"{case_id}/{self.vault.fingerprint(county, _digest(name, content))[:24]}"
        return {"ref": ref, "name": safe_name(name, kind), "size": len(content), "type": kind}

    def put(self, county: str, ref: str, content: bytes) -> None:
        """Keep the content of a file that was judged; again changes nothing."""
        self.files.put(ref, self.vault.seal_bytes(county, f"file|{ref}", content))

    def keep_drawing(self, county: str, case_id: str, data_url: str) -> dict[str, Any] | None:
        """Keep a signature drawn in the browser; None where it is no small PNG."""
        content = drawing(data_url)
        return self.keep(county, case_id, "signature.png", content) if content else None

    def open(self, county: str, ref: str) -> bytes | None:
        """Return a kept file's content, or None where it is gone."""
        content = self.files.get(ref)
        return None if content is None else self.vault.open_bytes(county, f"file|{ref}", content)


def drawing(data_url: str) -> bytes | None:
    """Return the small PNG in a data: address; None where there is none."""
    if not data_url.startswith(_PNG_URL) or len(data_url) > LARGEST_SIGNATURE:
        return None
    try:
        content = base64.b64decode(data_url.removeprefix(_PNG_URL), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if content.startswith(_PNG) else None


def _digest(name: str, content: bytes) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace") + b"|" + content).hexdigest()
