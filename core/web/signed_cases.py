"""Fresh case ids as form pages carry them: signed for a service, for one browser, for 30 days.

The browser is known by what guards its posts, the secret in its session that CSRF tokens are made
of: whoever else gets hold of a page's case id has no page of their own that goes with it.
"""

from functools import lru_cache
from hashlib import sha256

from flask import current_app, request, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.drafts import LIFE
from core.numbers import fresh_number, is_number

_SECONDS = int(LIFE.total_seconds())


def begun_name(plugin: str, workflow: str) -> str:
    """Return what a fresh case id is signed for: a service, or one of its officers' workflows."""
    return f"{plugin}/{workflow}" if workflow else plugin


def fresh_case(place: str, plugin: str, workflow: str) -> str:
    """Return a fresh case id, signed so that nobody chooses their own."""
    generate_csrf()  # so that the session has its secret
    name = begun_name(plugin, workflow)
    return str(case_signer().dumps([place, name, fresh_number(), _browser()]))


def signed_case() -> tuple[str, bool]:
    """Return the case id that a form page carries, "" where it is not one of ours, or too old.

    And whether the page was given to this browser.
    """
    sent = request.form.get("case", "")
    try:
        place, name, case_id, browser = case_signer().loads(sent, max_age=_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return "", False
    where = request.view_args or {}
    asked = begun_name(where.get("plugin", ""), where.get("workflow", ""))
    if (place, name) != (where.get("place"), asked) or not is_number(str(case_id)):
        return "", False
    return str(case_id), browser == _browser()


def case_signer() -> URLSafeTimedSerializer:
    """Return what signs case ids into pages."""
    return _case_signer(str(current_app.secret_key))


@lru_cache(maxsize=4)
def _case_signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="case")


def _browser() -> str:
    return sha256(f"case|{session.get('csrf_token', '')}".encode()).hexdigest()[:24]
