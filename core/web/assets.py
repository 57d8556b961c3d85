"""Styles and scripts: compressed once, named by their content, cached for ever."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Response, abort, request, url_for

from core.web.access import anyone

bp = Blueprint("assets", __name__)
_OWN = Path(__file__).parent / "static"
_BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
_FILES = {
    "bootstrap.css": (_BOOTSTRAP / "bootstrap.min.css", "text/css"),
    "kehou.css": (_OWN / "kehou.css", "text/css"),
    "forms.js": (_OWN / "forms.js", "text/javascript"),
    "icon.svg": (_OWN / "icon.svg", "image/svg+xml"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    plain: bytes
    packed: bytes
    kind: str
    mark: str


@cache
def load(name: str) -> Asset:
    """Return one of our files; KeyError for any other name."""
    path, kind = _FILES[name]
    plain = path.read_bytes().partition(b"/*# sourceMappingURL")[0]
    mark = hashlib.sha256(plain).hexdigest()[:12]
    return Asset(plain, gzip.compress(plain, 9, mtime=0), kind, mark)


def asset_url(name: str) -> str:
    """Return the address of one of our files, which changes when the file does."""
    return url_for("assets.asset", name=name, v=load(name).mark)


@bp.get("/static/<name>")
@anyone
def asset(name: str) -> Response:
    """Send one of our files."""
    if name not in _FILES:
        abort(404)
    found = load(name)
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(
        found.packed if packs else found.plain, content_type=f"{found.kind}; charset=utf-8"
    )
    answer.headers["Vary"] = "Accept-Encoding"
    if packs:
        answer.headers["Content-Encoding"] = "gzip"
    lasting = request.args.get("v") == found.mark
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if lasting else "public, max-age=300"
    )
    return answer
