"""The Fetch port: asks the public internet, never anything within (ADR 29).

A name is resolved once, each of its addresses must be public, and the connection goes to one of
just those: what the name says a moment later no longer matters. Each redirect is looked at anew.
"""

import io
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from time import monotonic
from typing import Any
from urllib.parse import urljoin

from core.ports import Unreachable
from infra.public_addresses import (
    DOORS,
    Address,
    Target,
    addresses_of,
    is_public,
    target_of,
    vetted,
)

REDIRECTS = 3
MOST_READ = 64 * 1024
_MOVED = (301, 302, 303, 307, 308)
_NO_HEAD = (403, 405, 501)
_LINK_CHECK = "Kehou link check (asks whether a link of a county's after-school services works)"
_ONE_BYTE = {"Range": "bytes=0-0"}


@cache
def _system_tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class PublicFetch:
    """The Fetch port on the standard library; every part of the guard can be set for a test."""

    allowed: Callable[[Address], bool] = is_public
    resolve: Callable[[str], Sequence[str]] = addresses_of
    doors: Mapping[str, int] = field(default_factory=lambda: DOORS)
    tls: Callable[[], ssl.SSLContext] = _system_tls
    seconds: float = 5.0
    """How long to wait for a connection, or for the next byte."""
    total: float = 15.0
    """How long an asking may take in all, redirects included."""

    def status(self, url: str) -> int:
        """Return the status behind an address; where nobody answers a HEAD, that of one byte."""
        until = monotonic() + self.total
        for _ in range(REDIRECTS + 1):
            answer, onward = self._look(url, until)
            if answer not in _MOVED or not onward:
                return answer
            url = _joined(url, onward)
        raise Unreachable("redirects")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send once, and return the status whatever it is."""
        until = monotonic() + self.total
        return self._ask(url, until, "POST", {"User-Agent": "Kehou", **headers}, body)[0]

    def _look(self, url: str, until: float) -> tuple[int, str]:
        own = {"User-Agent": _LINK_CHECK}
        answer, onward = self._ask(url, until, "HEAD", own)
        if answer in _NO_HEAD:
            return self._ask(url, until, "GET", own | _ONE_BYTE)
        return answer, onward

    def _ask(
        self, url: str, until: float, method: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, str]:
        """Return the status of one answer, and where it leads on ("" for nowhere)."""
        target = target_of(url, self.doors)
        found = vetted(target, self.resolve, self.allowed)
        asking = HTTPConnection(target.host, self.doors[target.scheme])
        asking.auto_open = 0  # it never connects by itself
        try:
            with closing(self._connected(target, found, until)) as line:
                asking.sock = _Timed(line, until, self.seconds)
                asking.request(method, target.at, body or None, {"Host": target.netloc, **headers})
                answer = asking.getresponse()
                return answer.status, answer.getheader("Location") or ""
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable("silent") from error

    def _connected(self, target: Target, found: Sequence[Address], until: float) -> socket.socket:
        """Return a line to the first of these addresses that takes one, and to no other."""
        failed: OSError = TimeoutError()
        for address in found:
            try:
                where = (str(address), self.doors[target.scheme])
                line = socket.create_connection(where, _left(until, self.seconds))
            except OSError as error:
                failed = error
                continue
            return self._secured(line, target, until) if target.scheme == "https" else line
        raise failed

    def _secured(self, line: socket.socket, target: Target, until: float) -> socket.socket:
        try:
            line.settimeout(_left(until, self.seconds))
            return self.tls().wrap_socket(line, server_hostname=target.host)
        except (OSError, ValueError):
            line.close()
            raise


class _Timed(io.RawIOBase):
    """A line that ends at a time, however slowly bytes come, and after so many."""

    def __init__(self, line: socket.socket, until: float, seconds: float) -> None:
        super().__init__()
        self._line, self._until, self._seconds, self._read = line, until, seconds, 0

    def sendall(self, content: bytes) -> None:
        self._line.settimeout(_left(self._until, self._seconds))
        self._line.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._line.settimeout(_left(self._until, self._seconds))
        self._read += (count := self._line.recv_into(into))
        if self._read > MOST_READ:
            raise OSError("more than anybody need say")
        return count


def _left(until: float, most: float) -> float:
    """Return how long to wait, raise TimeoutError where no time is left."""
    left = min(until - monotonic(), most)
    if left <= 0:
        raise TimeoutError
    return left


def _joined(url: str, onward: str) -> str:
    try:
        return urljoin(url, onward)
    except ValueError:
        raise Unreachable("refused") from None
