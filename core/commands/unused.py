"""What a plugin's definitions declare and never use."""

import re
from collections.abc import Iterator

from core.commands.walk import walked
from core.plugins import Plugin
from forms.problems import Flaw
from forms.source import Source

_EXPRESSIONS = frozenset({"show_if", "compute", "expr", "guard", "when"})


def flaws(plugin: Plugin) -> Iterator[Flaw]:
    """Yield a flaw for each message, condition, form and role that nothing uses."""
    for source in plugin.bundle.workflows:
        yield from _messages(source)
    for source in plugin.bundle.forms:
        yield from _conditions(source, plugin)
    yield from _forms(plugin)
    yield from _roles(plugin)


def _messages(source: Source) -> Iterator[Flaw]:
    used = _values(source, "template")
    for name in source.data.get("messages") or {}:
        if name not in used:
            yield source.flaw(f"the message “{name}” is never sent", "messages", name)


def _conditions(source: Source, plugin: Plugin) -> Iterator[Flaw]:
    conditions = source.data.get("conditions") or {}
    read = "\n".join(
        text
        for each in (source, *plugin.bundle.workflows)
        for path, text in walked(each.data)
        if path and path[-1] in _EXPRESSIONS and isinstance(text, str)
    )
    for name in conditions:
        others = (str(text) for other, text in conditions.items() if other != name)
        if not re.search(rf"\b{name}\b", "\n".join((read, *others))):
            yield source.flaw(f"the condition “{name}” is never read", "conditions", name)


def _forms(plugin: Plugin) -> Iterator[Flaw]:
    used = {name for each in plugin.workflows.values() for name in each.forms}
    used.add(plugin.manifest.settings)
    for index, name in enumerate(plugin.manifest.forms):
        if name not in used:
            message = f"no workflow and no settings use the form “{name}”"
            yield plugin.manifest.source.flaw(message, "forms", index)


def _roles(plugin: Plugin) -> Iterator[Flaw]:
    manifest, sources = plugin.manifest, plugin.bundle.workflows
    used = {
        each for source in sources for key in ("by", "role", "to") for each in _values(source, key)
    }
    used |= {role for lookup in manifest.lookups.values() for role in lookup.roles}
    for index, role in enumerate(manifest.roles):
        if role.id not in used:
            message = f"nothing asks for the role “{role.id}”"
            yield manifest.source.flaw(message, "roles", index, "id")


def _values(source: Source, key: str) -> set[str]:
    """Return every text that stands at `key`, alone or in a list."""
    found: set[str] = set()
    for path, value in walked(source.data):
        if path and path[-1] == key:
            texts = value if isinstance(value, list) else [value]
            found |= {each for each in texts if isinstance(each, str)}
    return found
