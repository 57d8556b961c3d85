"""What a file is, by its content; what it would do, where that shows; a name that does no harm."""

import re

_PNG = b"\x89PNG\r\n\x1a\n"
_HEIC = rb"....ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1)"
_KINDS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("application/pdf", re.compile(rb"%PDF-\d")),
    ("image/png", re.compile(re.escape(_PNG))),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("image/heic", re.compile(_HEIC, re.DOTALL)),
)
_ENDINGS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
}
_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_UNSAFE = re.compile(r"[^\w.()（）\-· ]+")
_ENDING = re.compile(r"(?<=.)\.[A-Za-z0-9]{1,10}$")
_LONGEST_NAME = 80
_MOST_DOTS = 250_000_000


def kind_of(content: bytes) -> str | None:
    """Return the media type that the content itself shows, None for one we do not take."""
    return next((kind for kind, head in _KINDS if head.match(content)), None)


def flaw_of(kind: str, content: bytes) -> str:
    """Return why a file of this kind is not taken: file_active, file_dots, "" where it is.

    A PDF that plainly runs or carries something is not; nor is a PNG that would swell to more than
    250 million dots. PDFs hide such things too, so they are never shown in the browser.
    """
    if kind == "application/pdf" and _ACTIVE.search(content):
        return "file_active"
    return "file_dots" if kind == "image/png" and _dots(content) > _MOST_DOTS else ""


def _dots(png: bytes) -> int:
    """Return a PNG's width times height, 0 where its head is broken."""
    if png[12:16] != b"IHDR" or len(png) < 24:  # noqa: PLR2004 — signature, length, type, two sizes
        return 0
    return int.from_bytes(png[16:20]) * int.from_bytes(png[20:24])


def safe_name(name: str, kind: str = "") -> str:
    """Return the last part of a file's name without anything a system could act on.

    Where `kind` is given the name ends as files of that kind do: phones send HEIC as .jpg, and
    what a name promises is not what opens it.
    """
    last = re.split(r"[\\/]", name)[-1]
    clean = _UNSAFE.sub("_", last).strip(" .")
    if kind not in _ENDINGS:
        return clean[-_LONGEST_NAME:] or "file"
    stem, _, ending = clean.rpartition(".")
    if stem and ending.lower() in _ENDINGS[kind]:
        return f"{stem[-_LONGEST_NAME:]}.{ending}"
    stem = _ENDING.sub("", clean)
    return f"{stem[-_LONGEST_NAME:].strip(' .') or 'file'}.{_ENDINGS[kind][0]}"
