"""Styles and scripts: compressed once, named by their content, cached for ever."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Response, abort, request, url_for

from core.web.access import anyone
from core.web.visit import office

bp = Blueprint("assets", __name__)
_OWN = Path(__file__).parent / "static"
_BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
_SCRIPTS = ("rules.js", "forms.js", "turns.js", "photos.js", "drafts.js", "choices.js")
_FILES = {
    "bootstrap.css": ((_BOOTSTRAP / "bootstrap.min.css",), "text/css"),
    "kehou.css": ((_OWN / "kehou.css",), "text/css"),
    "figures.css": ((_OWN / "figures.css",), "text/css"),
    "forms.js": (
        tuple(_OWN / name for name in _SCRIPTS),
        "text/javascript",
    ),
    "copy.js": ((_OWN / "copy.js",), "text/javascript"),
    "onward.js": ((_OWN / "onward.js",), "text/javascript"),
    "seen.js": ((_OWN / "seen.js",), "text/javascript"),
    "icon.svg": ((_OWN / "icon.svg",), "image/svg+xml"),
    "card.png": ((_OWN / "card.png",), "image/png"),
}
"""Each as the parts it is joined of, and its kind."""


_KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
"""What a plugin may serve."""
_NAME = re.compile(r"[\w.-]{1,100}(?:/[\w.-]{1,100}){0,9}")
"""What a file there may be called: no system trips over it."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    plain: bytes
    packed: bytes
    kind: str
    mark: str


def load(name: str) -> Asset:
    """Return one of our files, or a plugin's (`id/name`); KeyError for any other name."""
    return _read(*(_of_plugin(name) if "/" in name else _FILES[name]))


def _of_plugin(name: str) -> tuple[tuple[Path, ...], str]:
    """Return a file of a plugin's `static/` and its type."""
    plugin, _, rest = name.partition("/")
    folder = office().catalogue.plugins[plugin].folder
    if folder is None or not _NAME.fullmatch(rest):
        raise KeyError(name)
    path = (folder / "static" / rest).resolve()
    if not path.is_relative_to((folder / "static").resolve()) or not path.is_file():
        raise KeyError(name)
    return (path,), _KINDS[path.suffix]


@cache
def _read(parts: tuple[Path, ...], kind: str) -> Asset:
    texts = (path.read_bytes().partition(b"/*# sourceMappingURL")[0] for path in parts)
    plain = b"\n".join(texts)
    mark = hashlib.sha256(plain).hexdigest()[:12]
    return Asset(plain, gzip.compress(plain, 9, mtime=0), kind, mark)


def asset_url(name: str) -> str:
    """Return the address of one of our files, or a plugin's; it changes when the file does."""
    return url_for("assets.asset", name=name, v=load(name).mark)


@bp.get("/static/<path:name>")
@anyone
def asset(name: str) -> Response:
    """Send one of our files."""
    try:
        found = load(name)
    except KeyError:
        abort(404)
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
