"""Fills a Word document by splicing: what is not a placeholder stays byte for byte as it was.

Word cuts a word into runs wherever it has looked at it, so a placeholder is looked for in the text
of a whole paragraph; what stands for it goes into the run that it begins in. A table row (`w:tr`)
with `{{每一行:…}}` is repeated for each case.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZipFile

from core.open_xml import OPENING, NotTaken
from core.stencils.placeholders import Mark, Room, Told, marks_in, words_for
from core.workbooks import printable

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_DEEPEST = 200
_MOST_REPEATED, _MOST_PIECES = 50, 20_000
_MOST_STEPS = 20_000_000
"""How often a text is looked at for placeholders that stand in it, in all rows."""
_PARTS = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")
_NAME = re.compile(rb"[^\s/>]+")
_APART = "\x00"
"""What stands between runs for a tab or a line break: no placeholder goes over it."""


@dataclass
class _Text:
    """One `w:t`: where it begins, where its text stands, and the text."""

    tag: int
    start: int
    end: int = 0
    text: str = ""


@dataclass
class _Paragraph:
    start: int
    end: int = 0
    pieces: list[_Text] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.pieces)


@dataclass
class _Row:
    start: int
    end: int = 0
    paragraphs: list[_Paragraph] = field(default_factory=list)

    def holds(self, other: "_Paragraph | _Row") -> bool:
        return other is not self and self.start <= other.start and other.end <= self.end

    @property
    def repeats(self) -> bool:
        return any(mark.of_row for each in self.paragraphs for mark in marks_in(each.text))


@dataclass
class _Part:
    """A part of the document: its paragraphs that are in no repeated row, and such rows."""

    raw: bytes
    prefix: bytes
    paragraphs: list[_Paragraph]
    rows: list[_Row]


def texts_in_document(content: bytes) -> list[str]:
    """Return the text of each paragraph, where placeholders may stand; raise NotTaken."""
    found = list[str]()
    with OPENING, ZipFile(BytesIO(content)) as package:
        for name in _parts(package):
            part = _read(package.read(name))
            held = [*part.paragraphs, *(each for row in part.rows for each in row.paragraphs)]
            found += [each.text for each in held]
    return found


def filled_document(content: bytes, told: Told, rows: Sequence[Told]) -> bytes:
    """Return a document filled in: `told` outside its rows, each of `rows` in one of them.

    Raises NotTaken where it would come to too much.
    """
    made, room = BytesIO(), Room()
    with OPENING, ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        names = _parts(old)
        for item in old.infolist():
            raw = old.read(item)
            room.take(len(raw))
            if item.filename in names:
                raw = _filled(_read(raw), told, rows, room)
            new.writestr(item.filename, raw)
    return made.getvalue()


def _parts(package: ZipFile) -> list[str]:
    return [
        name for name in package.namelist() if name.startswith(_PARTS) and name.endswith(".xml")
    ]


def _filled(part: _Part, told: Told, rows: Sequence[Told], room: Room) -> bytes:
    _check_steps(part, len(rows))
    room.take(sum(each.end - each.start for each in part.rows) * len(rows))
    edits = [edit for each in part.paragraphs for edit in _edits(each, part, told, room)]
    for row in part.rows:
        copies = b"".join(_copy(row, part, one, room) for one in rows)
        edits.append((row.start, row.end, copies))
    return _spliced(part.raw, 0, len(part.raw), edits)


def _check_steps(part: _Part, rows: int) -> None:
    repeated = [each for row in part.rows for each in row.paragraphs]
    steps = sum(map(_steps, part.paragraphs)) + sum(map(_steps, repeated)) * rows
    if steps > _MOST_STEPS:
        raise NotTaken("swells")


def _steps(paragraph: _Paragraph) -> int:
    return (len(marks_in(paragraph.text)) + 1) * len(paragraph.pieces)


def _copy(row: _Row, part: _Part, told: Told, room: Room) -> bytes:
    edits = [edit for each in row.paragraphs for edit in _edits(each, part, told, room)]
    return _spliced(part.raw, row.start, row.end, edits)


_Edit = tuple[int, int, bytes]


def _spliced(raw: bytes, start: int, end: int, edits: list[_Edit]) -> bytes:
    pieces, at = list[bytes](), start
    for first, last, new in sorted(edits):
        pieces += [raw[at:first], new]
        at = last
    return b"".join([*pieces, raw[at:end]])


def _edits(paragraph: _Paragraph, part: _Part, told: Told, room: Room) -> Iterator[_Edit]:
    """Yield what is to be put where: the new text of each piece that a placeholder touches."""
    texts = [each.text for each in paragraph.pieces]
    changed = set[int]()
    for mark in reversed(marks_in(paragraph.text)):
        said = words_for(mark, told)
        if said is not None:
            changed |= _put(texts, mark, printable(said))
    for at in sorted(changed):
        piece = paragraph.pieces[at]
        element = _element(part.prefix, texts[at])
        room.take(len(element))
        yield piece.tag, piece.end, element


def _put(texts: list[str], mark: Mark, said: str) -> set[int]:
    """Put words in the place of a placeholder, which may lie in several pieces; return which."""
    touched, at = set[int](), 0
    for n, text in enumerate(list(texts)):
        first, last = max(mark.start - at, 0), min(mark.end - at, len(text))
        if first < last:
            begins = mark.start >= at
            texts[n] = text[:first] + (said if begins else "") + text[last:]
            touched.add(n)
        at += len(text)
    return touched


def _element(prefix: bytes, text: str) -> bytes:
    """Return a text as `w:t` elements, with breaks between its lines."""
    lines = [escape(each, quote=False).encode() for each in text.split("\n")]
    wrapped = [b'<%st xml:space="preserve">%s</%st>' % (prefix, each, prefix) for each in lines]
    return (b"<%sbr/>" % prefix).join(wrapped)


def _read(raw: bytes) -> _Part:
    """Find the paragraphs and repeated rows of a part; raise NotTaken where it is no XML."""
    reader = _Reader(raw)
    try:
        reader.parse()
    except ExpatError as why:
        raise NotTaken("broken") from why
    repeated = [each for each in reader.rows if each.repeats]
    if len(repeated) > _MOST_REPEATED or any(
        len(e.pieces) > _MOST_PIECES for e in reader.paragraphs
    ):
        raise NotTaken("swells")
    rows = [each for each in repeated if not any(each.holds(one) for one in repeated)]
    for row in rows:
        row.paragraphs = [each for each in reader.paragraphs if row.holds(each)]
    loose = [one for one in reader.paragraphs if not any(each.holds(one) for each in rows)]
    return _Part(raw, reader.prefix, loose, rows)


class _Reader:
    """Goes through a part once; a row within a row, and a paragraph within one, stand alone."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.prefix = b"w:"
        self.paragraphs: list[_Paragraph] = []
        self.rows: list[_Row] = []
        self._open: list[_Paragraph] = []
        self._open_rows: list[_Row] = []
        self._text: _Text | None = None
        self._depth = 0
        self._parser = ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said

    def parse(self) -> None:
        """Read the whole part."""
        self._parser.Parse(self.raw, True)

    def _start(self, name: str, _: object) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotTaken("broken")
        at, tag = self._parser.CurrentByteIndex, _local(name)
        if tag == "tr":
            self._open_rows.append(_Row(at))
        elif tag == "p":
            self._open.append(_Paragraph(at))
        elif tag == "t" and self._open:
            self._text = _Text(at, self.raw.index(b">", at) + 1)
            written = _NAME.match(self.raw, at + 1)
            self.prefix = written[0][:-1] if written else self.prefix
        elif tag in ("tab", "br", "cr") and self._open:
            self._open[-1].pieces.append(_Text(at, at, at, _APART))

    def _said(self, text: str) -> None:
        if self._text is not None:
            self._text.text += text

    def _end(self, name: str) -> None:
        self._depth -= 1
        tag = _local(name)
        if tag == "t" and self._text is not None and self._open:
            self._text.end = self._after()
            self._open[-1].pieces.append(self._text)
            self._text = None
        elif tag == "p" and self._open:
            paragraph = self._open.pop()
            paragraph.end = self._parser.CurrentByteIndex
            self.paragraphs.append(paragraph)
            if self._open_rows:
                self._open_rows[-1].paragraphs.append(paragraph)
        elif tag == "tr" and self._open_rows:
            row = self._open_rows.pop()
            row.end = self._after()
            self.rows.append(row)

    def _after(self) -> int:
        """Return where the element ends that is just closed; `<w:t/>` is one tag."""
        return self.raw.index(b">", self._parser.CurrentByteIndex) + 1


def _local(name: str) -> str:
    space, _, tag = name.rpartition(" ")
    return tag if space in (_WORD, _STRICT) else ""
