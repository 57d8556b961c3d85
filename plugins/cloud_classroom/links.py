"""Which addresses are accepted, and whether a link still opens (R70, RULE-15)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from core.api import CaseView, Context, Unreachable
from forms.problems import Problem

_ = str  # marks what is translated where it is shown
NATIONAL = ("smartedu.cn", "eduyun.cn", "centv.cn", "moe.gov.cn")
"""The national platforms, with which a county's list begins."""
ROOMS = ("meeting.tencent.com", "meeting.dingtalk.com")
"""Where an hour with a teacher may be held beside them."""
SHORTENERS = ("t.cn", "url.cn", "dwz.cn", "suo.im", "bit.ly", "tinyurl.com", "w.url.cn")
_GONE = (404, 410)
_BROKEN = 500
_BASIS = "changzhi-2021/三(三)"


def accepted(settings: Mapping[str, object]) -> tuple[str, ...]:
    """Return the sites that a county accepts, whatever stands before their names included."""
    own = tuple(each.strip().casefold() for each in str(settings.get("hosts") or "").split())
    return own if settings.get("own_only") else (*NATIONAL, *own)


def against(context: Context, case: CaseView) -> Iterator[Problem]:
    """Yield what stands against the addresses of a resource."""
    sites = accepted(context.place.settings.get(context.plugin, {}))
    for field, also in (("url", ()), ("join", ROOMS)):
        url = case.answers.get(field)
        if url:
            yield from _against(str(url), field, (*sites, *also))


def _against(url: str, field: str, sites: tuple[str, ...]) -> Iterator[Problem]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        words = _("网址要以 https:// 开头，这样才不会被人改动")
        yield Problem("not_https", words, field, basis=_BASIS)
    if _is_at(host, SHORTENERS):
        words = _("短网址看不出到哪里去，请填打开以后浏览器里的整条网址")
        yield Problem("shortened", words, field, basis=_BASIS)
    elif not _is_at(host, sites):
        words = _("只收这些网站的网址：{sites}。要加别的网站，请县教育局在云课堂的设置里写上")
        yield Problem("site", words, field, basis=_BASIS, told={"sites": "、".join(sites)})


def _is_at(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in sites)


def flaw_of(context: Context, url: str) -> str:
    """Return why a link does not open, in words; "" where it does.

    Whoever answers at all, if only to ask who is there, is there.
    """
    try:
        status = context.fetch.status(url)
    except Unreachable as why:
        return f"打不开（{_SILENCE.get(why.code, '没有回应')}）"
    return f"打不开（{status}）" if status in _GONE or status >= _BROKEN else ""


_SILENCE = {
    "unknown": "没有这个网站",
    "private": "转到了不公开的地址",
    "refused": "转到了不能去的地址",
    "redirects": "转来转去",
}
