"""One of many who register at once: `python -m tests.siege.sender PORT NUMBER EACH SHARED`.

It fetches and fills in real pages, sends some twice at once, and some again after breaking its own
connection before the answer. It prints one line of JSON for each registration: the identity and
every receipt number that it was told.
"""

import json
import re
import socket
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.pages import FORM, answers, hidden

TRIES = 60
PAUSE = 0.05
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


class Sender:
    """A browser as simple as can be: one cookie jar, one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, fields: dict[str, object] | None, *, own_line: bool = False) -> tuple[int, str]:
        """Return status, and the page or where it leads; 0 where the line broke."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60) if own_line else self.line
        body = None if fields is None else urlencode(fields, doseq=True)
        try:
            line.request("POST" if body else "GET", FORM, body, self.headers(body))
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

    def patiently(self, fields: dict[str, object] | None, *, own_line: bool = False) -> str:
        """Return the page, or the address it leads to, however often it takes."""
        for _ in range(TRIES):
            status, text = self.ask(fields, own_line=own_line)
            if status in (200, 302):
                return text
            time.sleep(PAUSE)
        raise SystemExit(f"gave up: {status} {text[:300]}")

    def break_off(self, fields: dict[str, object], *, half: bool) -> None:
        """Send the page, or half of it, and hang up hard before the answer."""
        body = urlencode(fields, doseq=True)
        head = {**self.headers(body), "Host": "127.0.0.1", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        sent = f"POST {FORM} HTTP/1.1\r\n{lines}\r\n{body}".encode()
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(sent[: -len(body) // 2] if half else sent)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def register(self, n: int, way: int) -> list[str]:
        """Register the n-th parent in one of the ways; return the receipt numbers told."""
        pages = answers(n)
        text = self.patiently(None)
        for page in pages[:-1]:
            text = self.patiently({**hidden(text), **page, "action": "next"})
        last: dict[str, object] = {**hidden(text), **pages[-1], "action": "submit"}
        if way == 1:
            with ThreadPoolExecutor(2) as pool:
                told = list(pool.map(lambda _: self.patiently(last, own_line=True), range(2)))
            return [number(each) for each in told]
        if way in (2, 3):
            self.break_off(last, half=way == 3)
        return [number(self.patiently(last)) for _ in range(2 if way == 4 else 1)]


def number(address: str) -> str:
    found = re.search(r"/case/(\d{16})/", address)
    if found is None:
        raise SystemExit(f"no receipt: {address[:500]}")
    return found[1]


def main(port: int, mine: int, each: int, shared: int) -> None:
    sender = Sender(port)
    own = [mine * each + n for n in range(each)]
    for at, n in enumerate([*own, *range(900_000, 900_000 + shared)]):
        told = sender.register(n, at % 6)
        sys.stdout.write(json.dumps({"n": n, "told": told}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
