"""Makes a new plugin that runs as it is: `kehou new-plugin`."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from forms.problems import DefinitionError, Flaw, Position

_STARTER = Path(__file__).parent / "starter"
_NAME = re.compile(r"\w[\w（）·、—]{0,29}")
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
TIERS = {
    0: ("plugin.yaml", "forms/", "workflows/", "README.md"),
    1: ("plugin.py", "__init__.py"),
    2: ("views.py", "templates/"),
}
"""What each tier adds to the one before."""
_HOOKS = {1: ["check_submission"], 2: ["check_submission", "register_blueprints"]}
_MENU = "menu:\n  - {path: about, label: %s怎么办}\n"
_REGISTER = '''
    @hookimpl
    def register_blueprints(self) -> Sequence[Blueprint]:
        """Return the pages of its own."""
        return [bp]
'''


def new_plugin(plugin: str, name: str, tier: int, into: Path) -> list[Path]:
    """Write the folder of a new plugin beneath `into`; return its files.

    Raises DefinitionError where id or name is none, or the folder is there already.
    """
    folder = into / plugin
    if not _ID.fullmatch(plugin):
        meant = re.sub(r"[^a-z0-9_]+", "_", plugin.lower()).strip("_")
        message = f"“{plugin}” is no id: a lower-case letter, then letters, digits and _"
        meant = meant if _ID.fullmatch(meant) else ""
        raise DefinitionError([Flaw(Position(plugin), message, meant)])
    if not _NAME.fullmatch(name):
        message = f"“{name}” is no name: at most 30 characters, without spaces"
        raise DefinitionError([Flaw(Position(plugin), message)])
    if folder.exists():
        raise DefinitionError([Flaw(Position(str(folder)), "there is something here already")])
    words = _words(plugin, name, tier)
    written = []
    for source in _starters(tier):
        target = folder / source.relative_to(_STARTER).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(source.read_text("utf-8")).substitute(words), "utf-8")
        written.append(target)
    return written


def _starters(tier: int) -> Iterator[Path]:
    wanted = tuple(part for each in range(tier + 1) for part in TIERS[each])
    for path in sorted(_STARTER.rglob("*.txt")):
        if path.relative_to(_STARTER).as_posix().startswith(wanted):
            yield path


def _words(plugin: str, name: str, tier: int) -> dict[str, str]:
    pages, hooks = tier > 1, _HOOKS.get(tier)
    return {
        "id": plugin,
        "name": name,
        "hooks": f"hooks: [{', '.join(hooks)}]\n" if hooks else "",
        "menu": _MENU % name if pages else "",
        "sequence": ", Sequence" if pages else "",
        "flask_import": "\nfrom flask import Blueprint\n" if pages else "",
        "views_import": f"from plugins.{plugin}.views import bp\n" if pages else "",
        "register": _REGISTER if pages else "",
    }
