"""What a workbook loses when it is filled: openpyxl keeps cells, and of the rest not everything.

Found out by doing it: the parts of a workbook before it is opened and saved, less those after.
"""

import re
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from core.stencils.sheets import filled_workbook

_PARTS: Mapping[str, re.Pattern[str]] = {
    "pictures": re.compile(r"xl/media/"),
    "charts": re.compile(r"xl/charts/chart(ex)?\d*\.xml"),
    "controls": re.compile(r"xl/(ctrlprops|activex)/[^/]+\.xml"),
    "objects": re.compile(r"xl/embeddings/"),
    "pivots": re.compile(r"xl/pivottables/[^/]+\.xml"),
    "slicers": re.compile(r"xl/(slicers|timelines)/[^/]+\.xml"),
    "threads": re.compile(r"xl/threadedcomments/"),
}
_ELEMENTS: Mapping[str, tuple[re.Pattern[str], re.Pattern[bytes]]] = {
    "shapes": (re.compile(r"xl/drawings/[^/]+\.xml"), re.compile(rb"<(?:\w+:)?(?:sp|cxnSp)[\s>]")),
    "sparklines": (
        re.compile(r"xl/worksheets/[^/]+\.xml"),
        re.compile(rb"<(?:\w+:)?sparklineGroup[\s>]"),
    ),
    "rules": (
        re.compile(r"xl/worksheets/[^/]+\.xml"),
        re.compile(rb"<x14:(?:cfRule|dataValidation)[\s>]"),
    ),
}
"""What stands within a part: which parts, and how it begins there."""
LOSSES = (*_PARTS, *_ELEMENTS)


def lost_in(content: bytes) -> tuple[str, ...]:
    """Return which of LOSSES a workbook has fewer of once it has been filled; raise NotTaken."""
    before, after = _found(content), _found(filled_workbook(content, _untold, ()))
    return tuple(each for each in LOSSES if after[each] < before[each])


def _untold(name: str) -> str:
    raise KeyError(name)


def _found(content: bytes) -> Counter[str]:
    found: Counter[str] = Counter()
    with ZipFile(BytesIO(content)) as package:
        for part in package.namelist():
            called = part.lower()
            found.update(each for each, named in _PARTS.items() if named.match(called))
            for each, (where, begins) in _ELEMENTS.items():
                if where.match(called):
                    found[each] += len(begins.findall(package.read(part)))
    return found
