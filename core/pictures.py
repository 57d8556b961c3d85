"""Pictures for everybody: without what a camera or a program wrote beside them.

Where and when a photograph was taken, and by whom, stands in segments of a JPEG (EXIF, IPTC, XMP,
comments) and in chunks of a PNG; what shows the picture stays.
"""

from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_SCAN = 0xDA
_KEPT_BY_APPLICATIONS = (0xE0, 0xE2, 0xEE)
"""JFIF's head, colour profiles and Adobe's colours; all other APP segments tell of the taking."""
_COMMENT = 0xFE
_TOLD = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")


def bare(picture: bytes) -> bytes:
    """Return a JPEG or PNG without what is written beside the picture; anything else as it is."""
    if picture.startswith(_JPEG):
        return b"".join(_jpeg(picture))
    return b"".join(_png(picture)) if picture.startswith(_PNG) else picture


def _jpeg(picture: bytes) -> Iterator[bytes]:
    yield _JPEG
    at = 2
    while at + 4 <= len(picture) and picture[at] == 0xFF and picture[at + 1] != _SCAN:  # noqa: PLR2004
        kind, end = picture[at + 1], at + 2 + int.from_bytes(picture[at + 2 : at + 4])
        of_application = 0xE0 <= kind <= 0xEF  # noqa: PLR2004
        if not (of_application and kind not in _KEPT_BY_APPLICATIONS) and kind != _COMMENT:
            yield picture[at:end]
        at = end
    yield picture[at:]


def _png(picture: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while at + 12 <= len(picture):
        end = at + 12 + int.from_bytes(picture[at : at + 4])
        if picture[at + 4 : at + 8] not in _TOLD:
            yield picture[at:end]
        at = end
    yield picture[at:]
