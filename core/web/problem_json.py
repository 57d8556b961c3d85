"""Refusals as other systems read them: problem documents (RFC 9457)."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Response, request, url_for

from forms.problems import Problem

MOST_ACCEPTED = 50
"""Of more choices it is told only how many there are, and where the form is described."""


def problem_response(
    status: int, code: str, words: str, problems: Iterable[Problem] = (), **more: Any
) -> Response:
    """Return a problem document; `code` names it for machines, `words` say it for people.

    `errors` tells of each problem where it stands: the field, or the member that was sent; of an
    answer that is not on offer also what is.
    """
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": words,
        "code": code,
        **more,
    }
    errors = [_error(each) for each in problems]
    if errors:
        said["errors"] = errors
    text = json.dumps(said, ensure_ascii=False)
    answer = Response(text, status, content_type="application/problem+json")
    if status == 401:  # noqa: PLR2004 — says how to come in
        answer.headers["WWW-Authenticate"] = 'Bearer realm="kehou"'
    if status == 429:  # noqa: PLR2004 — says when to come again
        answer.headers["Retry-After"] = "5" if code == "busy" else "600"
    return answer


def _error(problem: Problem) -> dict[str, Any]:
    told: dict[str, Any] = {**problem.as_dict(), "message": problem.said}
    if problem.accepted is None:
        return told
    if len(problem.accepted) <= MOST_ACCEPTED:
        return {**told, "accepted": [*problem.accepted]}
    place = (request.view_args or {}).get("place", "")
    described = {"schema": url_for("json_api.document", place=place)} if place else {}
    return {**told, "accepted_count": len(problem.accepted), **described}
