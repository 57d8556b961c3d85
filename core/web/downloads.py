"""Sending what people handed in so that it can do nothing in the browser that opens it."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, abort

from core.case_items import Case
from core.pictures import bare
from core.readers import may_read
from core.web.answers import StoredFile, stored_files
from core.web.visit import office, visit
from forms.definition import Form

_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What is shown in the browser; all else is saved, a PDF with whatever it may do too."""

_SAVED = frozenset({"application/pdf", "image/heic"})


def sent_answer(
    case: Case, forms: Iterable[Form], answers: Mapping[str, Any], path: str
) -> Response:
    """Return the file at a place of these answers; 404 for none, or none the visitor may read."""
    name = path.partition(".")[0]
    spec = next((each.fields[name] for each in forms if name in each.fields), None)
    may = spec is not None and may_read(spec, case, visit().person)
    found = stored_files(spec, answers.get(name)) if spec and may else ()
    stored = next((one for one in found if one.path == path), None)
    content = office().uploads.open(case.item["county"], stored.ref) if stored else None
    if stored is None or content is None:
        abort(404)
    return sent_file(stored, content)


def sent_picture(case: Case, form: Form, path: str) -> Response:
    """Return a picture for everybody: without a name or what was written beside it; else 404."""
    sent = sent_answer(case, [form], case.answers, path)
    kind = str(sent.content_type)
    if kind not in _SHOWN:
        abort(404)
    sent.set_data(bare(sent.get_data()))
    sent.headers["Content-Disposition"] = "inline"
    sent.headers["Cache-Control"] = "public, max-age=300"
    return sent


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
