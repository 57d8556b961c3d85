"""Placeholders: `{{姓名}}` or `{{name}}` for an answer, `{{每一行:姓名}}` in the row of a list.

A question is meant by its label or its field's name; a few words are the case's own. Full-width
braces and colons do as well, for that is what a Chinese keyboard types.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.open_xml import NotTaken
from core.tables import Cell
from forms.definition import Form
from forms.problems import nearest
from forms.text_types import narrow

_BRACED = re.compile(r"(?:\{\{|｛｛)([^{}｛｝\x00]{1,240}+)(?:\}\}|｝｝)")
"""What stands in braces, in one go: which of it is blank, or says of which row, is told later."""
_OF_ROW = ("每一行", "each")
_OPENED = re.compile(r"(?:\{\{|｛｛)[^{｛\x00]{0,20}")
OF_CASES = ("查询码", "学校", "状态", "今天", "提交日期")
"""What may be asked of every case beside its answers."""
ALSO = {"回执号": "查询码"}
"""Other words for these."""
OF_ROWS = ("序号",)
"""What may be asked of a row of a list."""
OF_LISTS = ("学校", "今天", "件数")
"""What may be asked of a list, outside its rows."""
Told = Callable[[str], Cell]
"""Tells what stands for a name; raises KeyError for one that it does not know."""


@dataclass(slots=True)
class Room:
    """How many bytes there still are for what is filled in."""

    left: int = 50 * 1024 * 1024

    def take(self, size: int) -> None:
        """Use some of it up; raise NotTaken where there are not as many."""
        self.left -= size
        if self.left < 0:
            raise NotTaken("swells")


@dataclass(frozen=True, slots=True)
class Mark:
    """A placeholder in a text: from where to where, what it asks, and whether of each row."""

    start: int
    end: int
    name: str
    of_row: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A placeholder of a template for the preview: how it is written, and what is meant.

    `label` is the question it means, "" for none that is known; then `meant` is the likeliest.
    """

    name: str
    of_row: bool
    label: str
    meant: str = ""


def marks_in(text: str) -> list[Mark]:
    """Return the placeholders of a text."""
    return [mark for found in _BRACED.finditer(text) if (mark := _mark(found))]


def _mark(found: re.Match[str]) -> Mark | None:
    """Return what braces ask for, None where nothing stands in them."""
    name, of_row = found[1].strip(), False
    for word in _OF_ROW:
        rest = name.removeprefix(word).lstrip()
        if name.startswith(word) and rest.startswith((":", "：")):
            name, of_row = rest[1:].strip(), True
            break
    return Mark(found.start(), found.end(), narrow(name), of_row) if name else None


def unclosed_in(text: str) -> list[str]:
    """Return where braces are opened that make no placeholder, with a few characters after them."""
    rest = _BRACED.sub(lambda found: "\x00" if _mark(found) else found[0], text)
    return [found[0].strip() for found in _OPENED.finditer(rest)]


def words_in(text: str, told: Told) -> str:
    """Return a text with its placeholders filled; those nobody knows stay as they are."""
    parts, at = list[str](), 0
    for mark in marks_in(text):
        said = words_for(mark, told)
        parts += [text[at : mark.start], text[mark.start : mark.end] if said is None else said]
        at = mark.end
    return "".join([*parts, text[at:]])


def words_for(mark: Mark, told: Told) -> str | None:
    """Return what stands for a placeholder, "" for the unanswered; None where it is to stay."""
    try:
        value = told(mark.name)
    except KeyError:
        return None
    return "" if value is None else str(value)


def questions(forms: Iterable[Form]) -> dict[str, str]:
    """Return the field that each name or label means; a name is surer than a label."""
    known: dict[str, str] = {}
    fields = [one for form in forms for one in form.fields.values() if one.type.answerable]
    for spec in fields:
        for way in ("zh", "en"):
            known.setdefault(narrow(spec.label.get(way)), spec.name)
    return {**known, **{spec.name: spec.name for spec in fields}}


def known_names(forms: Iterable[Form]) -> frozenset[str]:
    """Return all that a template for cases with these forms may ask for."""
    return frozenset([*questions(forms), *OF_CASES, *OF_LISTS, *OF_ROWS, *ALSO])


def asked_of(
    names: Iterable[tuple[str, bool]], forms: Iterable[Form], labels: Mapping[str, str]
) -> Iterator[Asked]:
    """Yield for each placeholder what it means; `labels` are the fields' labels, by name."""
    known = questions(forms)
    for name, of_row in dict.fromkeys(names):
        own = (*OF_CASES, *OF_LISTS, *OF_ROWS)
        if name in known:
            yield Asked(name, of_row, labels[known[name]])
        elif ALSO.get(name, name) in own:
            yield Asked(name, of_row, ALSO.get(name, name))
        else:
            yield Asked(name, of_row, "", nearest(name, [*known, *own]))
