"""What everybody sees alike, and so may be kept on the way: by browsers and shared caches (R05).

A page is given out as public only where nobody has signed in and nothing of a session went into
it: a CSRF token, a draft's name. What differs by cookie (language, type size) is told apart by
`Vary`. An entity tag lets an unchanged page be answered without its body.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import g, make_response, request, session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.web.visit import visit

P = ParamSpec("P")
SECONDS = 30
"""How long such a page may be old, as long as a place is remembered."""


def kept_for_all(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
    """Let a page be kept for everybody where it is the same for everybody."""

    @wraps(view)
    def kept(*args: P.args, **kwargs: P.kwargs) -> Response:
        answer = make_response(view(*args, **kwargs))
        answer.vary.add("Cookie")
        if visit().person or _is_somebodys() or answer.status_code != 200:  # noqa: PLR2004
            answer.headers["Cache-Control"] = "private, no-store"
            return answer
        answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
        answer.add_etag()
        return answer.make_conditional(request)

    return kept


def _is_somebodys() -> bool:
    """Tell whether something of this browser's session went into the page, or goes out with it."""
    return session.modified or session.permanent or "csrf_token" in g
