"""One of many who register at once: `python -m tests.siege.sender PORT NUMBER EACH SHARED [STOP]`.

It fetches and fills in real pages, sends some twice at once, and some again after breaking its own
connection before the answer. It prints one line of JSON for each registration: the identity and
every receipt number that it was told. Where a file STOP is named, it goes on until that is there.
"""

import json
import re
import socket
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.pages import FORM, answers, hidden
from tests.siege.browser import Browser, Stopped

SHARED = 950_000
"""The first of the identities that every sender registers."""


class Sender(Browser):
    """Registers parents."""

    def break_off(self, fields: dict[str, object], path: str, *, half: bool) -> None:
        """Send the page, or half of it, and hang up hard before the answer."""
        body = urlencode(fields, doseq=True)
        head = {**self.headers(body), "Host": "127.0.0.1", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        sent = f"POST {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port)) as line:
                line.sendall(sent[: -len(body) // 2] if half else sent)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            return

    def register(self, n: int, way: int) -> list[str]:
        """Register the n-th parent in one of the ways; return the receipt numbers told."""
        pages = answers(n)
        text, path = self.patiently(None), FORM
        for page in pages[:-1]:
            path = self.patiently({**hidden(text), **page, "action": "next"}, path)
            text = self.patiently(None, path)
        last: dict[str, object] = {**hidden(text), **pages[-1], "action": "submit"}
        if way == 1:
            with ThreadPoolExecutor(2) as pool:
                told = list(pool.map(lambda _: self.patiently(last, path, own_line=True), range(2)))
            return [number(each) for each in told]
        if way in (2, 3):
            self.break_off(last, path, half=way == 3)
        return [number(self.patiently(last, path)) for _ in range(2 if way == 4 else 1)]


def number(address: str) -> str:
    found = re.search(r"/case/(\d{16})/", address)
    if found is None:
        raise SystemExit(f"no receipt: {address[:500]}")
    return found[1]


def identities(mine: int, each: int, shared: int) -> Iterator[int]:
    """Yield one's own identities, and evenly among them those that everybody registers."""
    for n in range(each):
        yield mine * each + n
        before, after = (n * shared) // each, ((n + 1) * shared) // each
        yield from range(SHARED + before, SHARED + after)


def main(port: int, mine: int, each: int, shared: int, stop: Path | None) -> None:
    sender = Sender(port, tries=2000 if stop else 60, stop=stop)
    for at, n in enumerate(identities(mine, each, shared)):
        try:
            told = sender.register(n, at % 6)
        except Stopped:
            break
        sys.stdout.write(json.dumps({"n": n, "told": told}) + "\n")
        sys.stdout.flush()
        if stop and stop.exists():
            break


if __name__ == "__main__":
    port, mine, each, shared, *more = sys.argv[1:]
    main(int(port), int(mine), int(each), int(shared), Path(more[0]) if more else None)
