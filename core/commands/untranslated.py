"""Texts without English, in a plugin that declares both languages."""

import re
from collections.abc import Iterator

from core.commands.walk import walked
from core.plugins import Plugin
from forms.problems import Flaw, Path
from forms.source import Source

_TEXTS = {
    "plugin.yaml": {"name", "summary", "action", "label"},
    "forms": {"title", "intro", "label", "hint", "text", "placeholder", "example", "message"},
    "workflows": {"title", "label", "words", "typical", "step", "note", "done", "message"},
}
"""The keys that people read, by kind of file; a workflow's `messages` beside them."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def flaws(plugin: Plugin) -> Iterator[Flaw]:
    """Yield a flaw for each Chinese text that has no English."""
    bundle = plugin.bundle
    yield from _of(plugin.manifest.source, "plugin.yaml")
    for kind, sources in (("forms", bundle.forms), ("workflows", bundle.workflows)):
        for source in sources:
            yield from _of(source, kind)


def _of(source: Source, kind: str) -> Iterator[Flaw]:
    for path, value in walked(source.data):
        if not path or path[0] == "tests" or not _is_text(path, kind):
            continue
        chinese = value.get("zh") if isinstance(value, dict) else value
        english = value.get("en") if isinstance(value, dict) else ""
        if isinstance(chinese, str) and _CHINESE.search(chinese) and not english:
            yield source.flaw("this text has no English, and `languages` promises it", *path)


def _is_text(path: Path, kind: str) -> bool:
    return path[-1] in _TEXTS[kind] or path[:-1] == ("messages",)
