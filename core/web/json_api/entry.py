"""The way into the JSON API: the token and its scope, what was sent, and how it is refused."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

from flask import Blueprint, Response, abort, current_app, request

from core.api_tokens import Scope
from core.web.language import in_words, translate
from core.web.problem_json import problem_response
from core.web.visit import API, office, visit
from forms.problems import Problem

P = ParamSpec("P")
R = TypeVar("R")
bp = Blueprint("json_api", __name__, url_prefix=API.rstrip("/"))
_DEEPEST = 20
MOST_TOLD = 20
"""Of how many things that do not belong here an answer tells."""


def token(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in a token of the place's county with this scope, for the service in the address."""

    def rule(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            known = visit().token
            if known is None:
                refuse(
                    401,
                    "token",
                    translate("请带上有效的令牌。令牌可能到期、撤销，或者不是这个县的"),
                )
            plugin = (request.view_args or {}).get("plugin")
            if scope not in known.scopes or (plugin and plugin not in known.services):
                refuse(
                    403, "scope", translate("这个令牌不能用来做这件事，请在“接口令牌”里另做一个")
                )
            office().limits.count("api", known.id, calls_an_hour(), office().ports.clock.now())
            office().tokens.note_use(known)
            return view(*args, **kwargs)

        guarded.rule = f"token:{scope}"  # type: ignore[attr-defined]
        return guarded

    return rule


def calls_an_hour() -> int:
    """Return how often a token may be used in an hour."""
    return int(current_app.config["CALLS_AN_HOUR"])


def refuse(
    status: int, code: str, words: str, problems: Iterable[Problem] = (), **more: Any
) -> NoReturn:
    """Stop with a problem document (RFC 9457)."""
    abort(problem_response(status, code, words, problems, **more))


def refuse_answers(problems: Iterable[Problem]) -> NoReturn:
    """Stop because of what was answered, each problem with where it stands."""
    refuse(422, "unfit", translate("有几处要改，改好以后再送一次"), in_words(list(problems)))


def sent_object(known: Iterable[str]) -> dict[str, Any]:
    """Return the JSON object that was sent, which may have these members and no others."""
    if request.mimetype != "application/json":
        refuse(415, "not_json", translate("请送 JSON，Content-Type 写 application/json"))
    try:
        sent = json.loads(request.get_data(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        refuse(400, "not_json", translate("送来的不是 JSON，或者不是 UTF-8 编码"))
    if not isinstance(sent, dict) or not _is_flat(sent, _DEEPEST):
        refuse(400, "not_object", translate("请送一个 JSON 对象"))
    odd = sorted(set(sent) - set(known))[:MOST_TOLD]
    if odd:
        refuse_answers(Problem("unknown_member", translate("没有这一项"), each) for each in odd)
    return sent


def sent_member(sent: Mapping[str, Any], name: str, kind: type[R], default: R) -> R:
    """Return a member of what was sent; refuse one of another kind."""
    found = sent.get(name, default)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        refuse_answers([Problem("member_kind", translate("这一项的类型不对"), name)])
    return found


def may(scope: Scope) -> bool:
    """Tell whether the token has a further scope."""
    known = visit().token
    return known is not None and scope in known.scopes


def answered(said: Any, status: int = 200, **headers: str) -> Response:
    """Return an answer in JSON, which nobody between us and the other system keeps."""
    text = json.dumps(said, ensure_ascii=False)
    return Response(text, status, headers, content_type="application/json")


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _is_flat(value: Any, levels: int) -> bool:
    """Tell whether nothing is nested deeper than so many levels."""
    if not isinstance(value, dict | list):
        return True
    within = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_flat(each, levels - 1) for each in within)
