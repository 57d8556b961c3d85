"""Excel and Word files that people upload, bounded before anything opens them (ADR 32).

Both are ZIP files of XML parts (ECMA-376). What such a file says of itself is read from its
directory first: how many parts there are, and how far each would swell. Then every XML part is held
to plain UTF-8 without a document type, so that no entity can be declared in it, let alone fetched,
and its elements are counted. A part is XML when it begins as XML does, whatever its name ends with.
"""

import re
from io import BytesIO
from threading import Lock
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 — a class in small letters

from core.xml_bounds import Kind, TooMuch, Walk

OPENING = Lock()
"""Held while an uploaded file is open: one at a time in a process, for each takes memory."""
LARGEST = 5 * 1024 * 1024
"""Bytes of an uploaded file."""
MOST_PARTS = 400
MOST_UNPACKED = 25 * 1024 * 1024
"""Bytes of all parts together."""
_MOST_RATIO, _SMALL = 120, 512 * 1024
"""How many times its size a part may swell, and up to how many bytes nobody minds."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .xls and .doc begin, and what is guarded by a password."""
_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1
_MAIN: dict[Kind, str] = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_XML = (".xml", ".rels", ".vml")
_BEFORE = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"
"""What may stand before the first `<` of XML, in UTF-8 or UTF-16."""
_TYPES = "[Content_Types].xml"
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


_UNREADABLE = (
    *(BadZipFile, LargeZipFile, ZlibError, EOFError, OSError),
    NotImplementedError,  # a way of packing that zipfile does not know
    RuntimeError,  # a password
    ValueError,  # no UTF-8, no XML
)
"""What reading a file raises that is not what it says it is."""


class NotTaken(ValueError):  # noqa: N818 — an answer, not a fault
    """A file is refused. `code` says why.

    `empty`, `large` (bytes), `old` (.xls or .doc, or a password), `text` (.csv), `kind` (something
    else, or the other of the two), `macros`, `linked` (leads to another file), `active` (a formula
    or a field reaches out of the file, `told` which), `swells` (too much
    unpacked), `long` (a cell or a paragraph), `broken`, `entities`.
    """

    def __init__(self, code: str, told: str = "") -> None:
        self.code = code
        self.told = told
        super().__init__(code)


def checked(content: bytes, kind: Kind, *, links: bool = True) -> bytes:
    """Return the content of an .xlsx or .docx file that may be opened; raise NotTaken.

    Without `links` nothing but a hyperlink may lead to what lies outside the file: no relation, no
    formula, no field of Word.
    """
    _check_head(content)
    walk = Walk(kind)
    try:
        with OPENING, ZipFile(BytesIO(content)) as package:
            _check_parts(package.infolist(), kind)
            for part in package.infolist():
                _check_part(part.filename.lower(), package.read(part), walk)
    except NotTaken:
        raise
    except TooMuch as why:
        raise NotTaken("swells") from why
    except _UNREADABLE as why:
        raise NotTaken("broken") from why
    if walk.macros:
        raise NotTaken("macros")
    if walk.linked and not links:
        raise NotTaken("linked")
    if walk.active and not links:
        raise NotTaken("active", walk.active)
    return content


def _check_head(content: bytes) -> None:
    if not content:
        raise NotTaken("empty")
    if len(content) > LARGEST:
        raise NotTaken("large")
    if content.startswith(_OLE):
        raise NotTaken("old")
    if not content.startswith(_ZIP):
        raise NotTaken("text" if _is_text(content) else "kind")


def _is_text(content: bytes) -> bool:
    """Tell whether a file is written in characters, as .csv is: no NUL, and lines with commas."""
    head = content[:4000]
    return b"\x00" not in head and any(each in head for each in (b",", b";", b"\t"))


def _check_parts(parts: list[ZipInfo], kind: Kind) -> None:
    names = [each.filename for each in parts]
    if len(names) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
        raise NotTaken("swells")
    if any(_swells(each) for each in parts):
        raise NotTaken("swells")
    if any(each.flag_bits & _ENCRYPTED for each in parts):
        raise NotTaken("old")
    if len({each.lower() for each in names}) < len(names):
        raise NotTaken("broken")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise NotTaken("macros")
    if _MAIN[kind] not in names or _TYPES not in names:
        raise NotTaken("kind")


def _swells(part: ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > part.compress_size * _MOST_RATIO


def _check_part(name: str, content: bytes, walk: Walk) -> None:
    if name.endswith(_XML) or content.lstrip(_BEFORE).startswith(b"<"):
        _check_xml(content)
        walk.through(content)


def _check_xml(content: bytes) -> None:
    """Raise NotTaken for a part that is not UTF-8, or that declares a document type."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    told = _ENCODING.match(content)
    if told and told[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise NotTaken("broken")
    if b"\x00" in content:
        raise NotTaken("broken")
    content.decode("utf-8")
    if _DOCTYPE.search(content):
        raise NotTaken("entities")
