"""What Lambda calls: pages for API Gateway, a tick for the schedule, nothing for anybody else."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from apig_wsgi import make_lambda_handler

Event = dict[str, Any]
Handler = Callable[[Event, Any], Any]


class Refused(Exception):  # noqa: N818 — Lambda shows the name to whoever sent the event
    """An event that is neither a page nor the schedule; its contents are not repeated."""


def make_handler(app: WSGIApplication, tick: Callable[[], Any]) -> Handler:
    """Return the entry that Lambda calls with an event and a context.

    A proxy event of a REST API (version 1.0) answers as the page does; an event of the schedule
    answers as `tick` does. Raises Refused for anything else: whoever may invoke the function can
    run nothing but these two.
    """
    pages = make_lambda_handler(_mounted(app), binary_support=True)

    def handle(event: Event, context: Any) -> Any:
        if _is_page(event):
            return _page(pages, event, context)
        if _is_schedule(event):
            return tick()
        raise Refused("neither a page nor the schedule")

    return handle


def _page(pages: Handler, event: Event, context: Any) -> Any:
    try:
        return pages(_in_ascii(event), context)
    except UnicodeError:  # before the application was reached: it answers its own errors
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        return {"statusCode": 400, "headers": headers, "body": "请求无法识别 Bad request"}


def _in_ascii(event: Event) -> Event:
    """Return the event with its path percent-encoded and its headers in Latin-1, as WSGI wants."""
    headers = {
        name: [value.encode().decode("latin-1") for value in values]
        for name, values in (event.get("multiValueHeaders") or {}).items()
    }
    path = quote(event["path"], safe="/%:@!$&'()*+,;=~")
    return {**event, "path": path, "multiValueHeaders": headers}


def _is_page(event: Event) -> bool:
    return (
        isinstance(event, dict)
        and isinstance(event.get("requestContext"), dict)
        and isinstance(event.get("httpMethod"), str)
        and isinstance(event.get("path"), str)
        and "elb" not in event["requestContext"]
        and event.get("version", "1.0") == "1.0"
    )


def _is_schedule(event: Event) -> bool:
    return (
        isinstance(event, dict)
        and event.get("source") == "aws.events"
        and event.get("detail-type") == "Scheduled Event"
    )


def _mounted(app: WSGIApplication) -> WSGIApplication:
    """Return the application told what only API Gateway knows: the stage and who is asking."""

    def mounted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        context = environ["apig_wsgi.request_context"]
        environ["SCRIPT_NAME"] = _prefix(context)
        # The caller writes the first part of X-Forwarded-For; the gateway writes this.
        environ["REMOTE_ADDR"] = (context.get("identity") or {}).get("sourceIp") or "0.0.0.0"  # noqa: S104 — nobody's address
        return app(environ, start_response)

    return mounted


def _prefix(context: dict[str, Any]) -> str:
    """Return what stands before the path in the address: the stage, or "" on one's own domain.

    The context's path is the one asked for, before API Gateway took the stage away; on a domain of
    one's own it is the event's path itself, mapped to the stage's root.
    """
    stage = f"/{context.get('stage', '')}"
    own_domain = ".execute-api." not in context.get("domainName", ".execute-api.")
    return "" if own_domain else stage
