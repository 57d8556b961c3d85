"""The interface's two languages: Chinese as written in the code, English from the .mo file."""

import gettext
from functools import cache
from pathlib import Path
from typing import cast

from flask import g, has_request_context, request

from forms.surroundings import Language

_FOLDER = Path(__file__).parent / "translations"
COOKIE = "lang"


@cache
def _translations(language: Language) -> gettext.NullTranslations:
    return gettext.translation("messages", _FOLDER, [language], fallback=True)


def language() -> Language:
    """Return the language of this request: the cookie's, else Chinese."""
    if not has_request_context():
        return "zh"
    known = g.get("language")
    if known is None:
        known = g.language = "en" if request.cookies.get(COOKIE) == "en" else "zh"
    return cast("Language", known)


def translate(text: str) -> str:
    """Return an interface text in this request's language."""
    return text if language() == "zh" else _translations("en").gettext(text)


def translate_many(one: str, many: str, n: int) -> str:
    """Return the form of an interface text that fits `n`."""
    if language() == "zh":
        return one if n == 1 else many
    return _translations("en").ngettext(one, many, n)
