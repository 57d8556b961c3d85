"""A browser as simple as can be: one cookie jar, one request at a time."""

import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from tests.pages import FORM

PAUSE = 0.05
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


class Stopped(Exception):  # noqa: N818 — the end of the siege is no fault
    """The siege is over; what was under way is left as it stands."""


class Browser:
    """Asks for pages of the server at `port`, until the file `stop` is there."""

    def __init__(self, port: int, *, tries: int = 60, stop: Path | None = None) -> None:
        self.port = port
        self.tries = tries
        self.stop = stop
        self.cookies: dict[str, str] = {}
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, fields: dict[str, object] | None, path: str, *, own_line: bool = False
    ) -> tuple[int, str]:
        """Return status, and the page or where it leads; 0 where the line broke."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60) if own_line else self.line
        body = None if fields is None else urlencode(fields, doseq=True)
        try:
            line.request("POST" if body else "GET", path, body, self.headers(body))
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            line.close()
            return 0, ""
        finally:
            if own_line:
                line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            if not own_line:
                self.cookies[name] = value
        return answer.status, answer.headers.get("Location") or text

    def headers(self, body: str | None) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookie, **(FORM_TYPE if body else {})}

    def patiently(
        self, fields: dict[str, object] | None, path: str = FORM, *, own_line: bool = False
    ) -> str:
        """Return the page, or the address it leads to, however often it takes."""
        for _ in range(self.tries):
            status, text = self.ask(fields, path, own_line=own_line)
            if status in (200, 302, 303):
                return text
            if self.stop and self.stop.exists():
                raise Stopped
            time.sleep(PAUSE)
        raise SystemExit(f"gave up: {path} {status} {text[:300]}")
