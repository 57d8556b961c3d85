"""Every text of the interface, as Babel finds it in the code and the templates."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "core/web/translations/en/LC_MESSAGES/messages.po"
_WHERE = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_MARKS = {"_": None, "translate": None, "translate_many": (1, 2), "ngettext": (1, 2)}


def message_ids() -> set[str]:
    """Return the Chinese texts that core/web and the plugins' templates have translated."""
    found: set[str] = set()
    for folder in ("core", "plugins"):
        messages = extract_from_dir(ROOT / folder, method_map=_WHERE, keywords=_MARKS)
        for _, _, text, _, _ in messages:
            found |= {text} if isinstance(text, str) else set(text)
    return found
