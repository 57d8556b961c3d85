"""Which drafts are this browser's: a signed cookie, for those who have not signed in."""

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from flask import Flask, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from core.drafts import LIFE, Draft
from core.web.visit import office, visit

COOKIE = "kehou_drafts"
_KEPT = 10
_SECONDS = int(LIFE.total_seconds())


@dataclass
class OwnDrafts:
    """A name for the browser, and its latest drafts: id, place, service."""

    browser: str = ""
    known: list[list[str]] = field(default_factory=list)
    changed: bool = False

    def has(self, case_id: str) -> bool:
        """Tell whether a draft was begun in this browser."""
        return any(each[0] == case_id for each in self.known)

    def begun(self, place: str, plugin: str) -> str:
        """Return the latest draft begun here for a service, "" for none."""
        found = [each[0] for each in self.known if each[1:] == [place, plugin]]
        return found[-1] if found else ""

    def remember(self, draft: Draft) -> None:
        """Let this browser open a draft again without signing in."""
        kept = [each for each in self.known if each[0] != draft.id]
        self.known = [*kept, [draft.id, draft.place, draft.plugin]][-_KEPT:]
        self.changed = True

    def forget(self, case_id: str) -> None:
        """Take a draft that was handed in or thrown away from the list."""
        self.known = [each for each in self.known if each[0] != case_id]
        self.changed = True


def own_drafts() -> OwnDrafts:
    """Return this browser's drafts."""
    if "own_drafts" not in g:
        g.own_drafts = _read()
    return cast("OwnDrafts", g.own_drafts)


def may_open(draft: Draft) -> bool:
    """Tell whether the visitor may see a draft: theirs by sign-in, or begun here by nobody else."""
    person = visit().person
    if draft.holder:
        return bool(person and person.holder == draft.holder)
    return own_drafts().has(draft.id)


def adopt(holder: str) -> None:
    """Make the drafts begun in this browser theirs who is signing in, and forget them here."""
    office().drafts.adopt([each[0] for each in own_drafts().known], holder)
    forget_all()


def forget_all() -> None:
    """Leave nothing here for whoever uses this browser next."""
    own = own_drafts()
    own.known, own.changed = [], True


def init_app(app: Flask) -> None:
    """Keep the cookie up to date."""
    app.after_request(_write)


def _read() -> OwnDrafts:
    try:
        browser, known = _signer(str(current_app.secret_key)).loads(
            request.cookies.get(COOKIE, ""), max_age=_SECONDS
        )
    except (BadSignature, ValueError, TypeError):
        return OwnDrafts(secrets.token_urlsafe(9))
    return OwnDrafts(str(browser), known)


def _write(answer: Response) -> Response:
    own: OwnDrafts | None = g.get("own_drafts")
    if own is None or not own.changed:
        return answer
    if not own.known:
        answer.delete_cookie(COOKIE)
        return answer
    value = str(_signer(str(current_app.secret_key)).dumps([own.browser, own.known]))
    answer.set_cookie(
        COOKIE, value, max_age=_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return answer


@lru_cache(maxsize=4)
def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="drafts")
