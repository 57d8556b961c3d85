"""Refusals in words: every error page says what happened and what to do."""

from contextlib import suppress

from flask import Flask, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    RequestEntityTooLarge,
)

from core.api import NotAllowed, NotSignedIn, TooOften
from core.places import UnknownPlace
from core.store import Busy
from core.web.language import translate
from core.web.problem_json import problem_response
from core.web.visit import is_api

_DRAIN = 64 * 1024
_DRAINED_AT_MOST = 256 * 1024 * 1024


def init_app(app: Flask) -> None:
    """Answer every refusal with a page of ours."""
    app.before_request(_refuse_the_cut)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(UnknownPlace, _unknown)
    app.register_error_handler(NotSignedIn, _to_sign_in)
    app.register_error_handler(NotAllowed, _not_allowed)


def _refuse_the_cut() -> None:
    """Refuse a form sent in chunks that was read to the limit only: the rest would be lost."""
    if request.method == "POST" and request.content_length is None and not is_api():
        try:
            request.form  # noqa: B018 — reads the body
            more = request.environ["wsgi.input"].read(1)
        except HTTPException:
            raise
        except Exception as broken:  # each server has its own for what are no chunks
            raise BadRequest from broken
        if more:
            raise RequestEntityTooLarge


def _page(code: int, title: str, text: str, name: str = "refused") -> ResponseReturnValue:
    if is_api():
        return problem_response(code, name, _api_words(code) or f"{title}{translate('：')}{text}")
    return render_template("message.html", code=code, title=title, text=text), code


def _api_words(code: int) -> str:
    """Return what other systems read of what pages say with their buttons."""
    return {
        404: translate("这里没有这个地址、服务或办件，也可能这项服务在这个地方没有开通"),
        405: translate("这个地址不能用这个方法，能用的见 Allow"),
        413: translate("一次最多送 12 MB"),
    }.get(code, "")


def _forged(_: CSRFError) -> ResponseReturnValue:
    return _page(
        400,
        translate("这个页面放得太久了"),
        translate("为了您的安全，请返回上一页，刷新后再提交一次。您填的内容通常还在。"),
    )


def _busy(_: Busy) -> ResponseReturnValue:
    text = translate("请过几秒钟再试一次。已经提交的内容不会丢。")
    return _page(429, translate("现在办理的人多"), text, "busy")


def _too_often(_: TooOften) -> ResponseReturnValue:
    return _refused_with(429)


def _unknown(_: UnknownPlace) -> ResponseReturnValue:
    return _refused_with(404)


def _to_sign_in(_: NotSignedIn) -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else "/my/"
    return redirect(url_for("sign_in.ask", next=back))


def _not_allowed(_: NotAllowed) -> ResponseReturnValue:
    return _refused_with(403)


def _refused(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 — a redirect is no refusal
        return error.get_response()
    if code == 413:  # noqa: PLR2004 — read on, or the browser never sees the answer
        _drain()
    answer = make_response(_refused_with(code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def _refused_with(code: int) -> ResponseReturnValue:
    title, text = {
        400: (translate("没有看懂这次提交"), translate("请返回上一页，刷新后再试一次。")),
        403: (
            translate("您没有办理这一项的权限"),
            translate("如果这是您的工作，请联系县教育局为您开通。"),
        ),
        404: (
            translate("没有找到这个页面"),
            translate("可能是地址有误，或者这项服务在这里没有开通。"),
        ),
        405: (translate("不能这样打开"), translate("请从页面上的按钮进入。")),
        413: (
            translate("提交的内容太大了"),
            translate("单个文件请在 10 MB 以内，可以换一张小一点的照片。"),
        ),
        429: (translate("操作太频繁了"), translate("请过一会儿再试。")),
    }.get(
        code,
        (
            translate("系统出了点问题"),
            translate("已经提交的内容不会丢，请过几分钟再试。如果一直这样，请联系县教育局。"),
        ),
    )
    return _page(code, title, text)


def _drain() -> None:
    """Read what is still coming, within bounds, so that the refusal reaches the browser."""
    stream, read = request.environ["wsgi.input"], 0
    endless = request.environ.get("wsgi.input_terminated")  # sent in chunks, of unknown length
    coming = request.content_length or (_DRAINED_AT_MOST if endless else 0)
    with suppress(Exception):  # what are no chunks cannot be read on either
        while read < min(coming, _DRAINED_AT_MOST) and (piece := stream.read(_DRAIN)):
            read += len(piece)
