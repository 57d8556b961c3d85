"""The interface's two languages: Chinese as written in the code, English from the .mo file."""

import gettext
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from flask import g, has_request_context, request
from werkzeug.wrappers import Response

from forms.problems import Problem
from forms.surroundings import Language
from forms.text import Text

_FOLDER = Path(__file__).parent / "translations"
COOKIE = "lang"
SIZE_COOKIE = "size"
YEAR = 365 * 24 * 3600


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


def type_size() -> str:
    """Return the type size of this request: large or normal."""
    if not has_request_context():
        return "normal"
    known = g.get("type_size") or request.cookies.get(SIZE_COOKIE)
    return "large" if known == "large" else "normal"


def chooses_look(action: str) -> bool:
    """Tell whether a form's button only changes how the page looks: `language:en`, `size:large`."""
    return action.partition(":")[0] in ("language", "size")


def choose_look(action: str) -> None:
    """Take a form's `language:en` or `size:large` for this page on; anything else is not for us."""
    what, _, value = action.partition(":")
    if what == "language":
        g.language, g.chosen_look = ("en" if value == "en" else "zh"), COOKIE
    elif what == "size":
        g.type_size, g.chosen_look = ("large" if value == "large" else "normal"), SIZE_COOKIE


def remember_look(answer: Response) -> Response:
    """Remember what was chosen on a form's page."""
    name = g.get("chosen_look")
    if name:
        value = language() if name == COOKIE else type_size()
        answer.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax")
    return answer


def words(text: Text | str | None) -> str:
    """Return a text in the visitor's language."""
    return text.get(language()) if isinstance(text, Text) else (text or "")


def translate(text: str) -> str:
    """Return an interface text in this request's language."""
    return text if language() == "zh" else _translations("en").gettext(text)


def in_words(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems of a plugin's Python, whose words are the interface's, in this language."""
    return [replace(each, message=_said(each)) for each in problems]


def _said(problem: Problem) -> str:
    words = translate(problem.message)
    return words.format(**problem.told) if problem.told else words


def translate_many(one: str, many: str, n: int) -> str:
    """Return the form of an interface text that fits `n`."""
    if language() == "zh":
        return one if n == 1 else many
    return _translations("en").ngettext(one, many, n)
