"""Sending what people handed in so that it can do nothing in the browser that opens it."""

import unicodedata
from urllib.parse import quote

from flask import Response

from core.web.answers import StoredFile

_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What is shown in the browser; all else is saved, a PDF with whatever it may do too."""

_SAVED = frozenset({"application/pdf", "image/heic"})


def sent_file(stored: StoredFile, content: bytes) -> Response:
    """Return the file: a picture to be shown, anything else to be saved, nothing to be run."""
    known = stored.media_type in _SHOWN or stored.media_type in _SAVED
    kind = stored.media_type if known else "application/octet-stream"
    sent = Response(content, content_type=kind)
    sent.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    sent.headers["Cache-Control"] = "private, no-store"
    way = "inline" if stored.media_type in _SHOWN else "attachment"
    sent.headers["Content-Disposition"] = f"{way}; {named(stored.name)}"
    return sent


def named(name: str) -> str:
    """Return a file's name for Content-Disposition: plain ASCII, then RFC 5987's full one."""
    stem, dot, ending = name.rpartition(".")
    plain = _ascii(stem if dot else name) or "file"
    plain += f".{_ascii(ending)}" if dot and _ascii(ending) else ""
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(
        one for one in plain if one.isascii() and (one.isalnum() or one in "-_ ")
    ).strip()
