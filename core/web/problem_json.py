"""Refusals as other systems read them: problem documents (RFC 9457)."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Response

from forms.problems import Problem


def problem_response(
    status: int, code: str, words: str, problems: Iterable[Problem] = (), **more: Any
) -> Response:
    """Return a problem document; `code` names it for machines, `words` say it for people.

    `errors` tells of each problem where it stands: the field, or the member that was sent.
    """
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": words,
        "code": code,
        **more,
    }
    errors = [each.as_dict() | {"message": each.said} for each in problems]
    if errors:
        said["errors"] = errors
    text = json.dumps(said)
    answer = Response(text, status, content_type="application/problem+json")
    if status == 401:  # noqa: PLR2004 — says how to come in
        answer.headers["WWW-Authenticate"] = 'Bearer realm="kehou"'
    if status == 429:  # noqa: PLR2004 — says when to come again
        answer.headers["Retry-After"] = "5" if code == "busy" else "600"
    return answer
