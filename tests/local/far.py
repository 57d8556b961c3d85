"""Servers that stand for the public internet: they answer as their path says and note it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "school.example"


class Came(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Far(ThreadingHTTPServer):
    """Keeps what came; `onward` is where `/onward` leads, `enough` lets go what is held."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.came: list[Came] = []
        self.onward = ""
        self.enough = Event()

    def handle_error(self, *_: object) -> None:
        """Say nothing: who hangs up on a dripping server does right."""


class _Answering(BaseHTTPRequestHandler):
    server: Far

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.came.append(Came(self.command, self.path, dict(self.headers), body))
        word = self.path.strip("/").partition("?")[0]
        getattr(self, f"_{word}", self._plain)(word)

    do_GET = do_HEAD = do_POST = _answer  # noqa: N815 — the standard library's names

    def _plain(self, word: str) -> None:
        status = int(word) if word.isdecimal() else 200
        self._say(status)

    def _say(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _headless(self, _: str) -> None:
        self._say(405 if self.command == "HEAD" else 206)

    def _onward(self, _: str) -> None:
        self._say(302, Location=self.server.onward)

    def _round(self, _: str) -> None:
        self._say(307, Location="/round")

    def _hops(self, _: str) -> None:
        left = int(self.path.partition("?")[2])
        self._say(301, Location=f"/hops?{left - 1}") if left else self._say(200)

    def _drip(self, _: str) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        while not self.server.enough.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def _mute(self, _: str) -> None:
        self.server.enough.wait(10)

    def _flood(self, _: str) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while not self.server.enough.is_set():
            self.wfile.write(b"X-More: " + b"x" * 8000 + b"\r\n")

    def _patience(self, _: str) -> None:
        while not self.server.enough.is_set():
            self.wfile.write(b"HTTP/1.1 100 Continue\r\nX-More: " + b"x" * 8000 + b"\r\n\r\n")

    def _huge(self, _: str) -> None:
        self._say(200, Content_Length=str(10**12))
        while not self.server.enough.is_set():
            self.wfile.write(b"x" * 65536)

    def _rubbish(self, _: str) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def far(tls: ssl.SSLContext | None = None) -> Iterator[Far]:
    """Run a server for a test; with `tls` it speaks that."""
    with Far() as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.enough.set()
        server.shutdown()


def certificate(folder: Path, name: str = NAME) -> Path:
    """Write a certificate for a name, signed by itself, and its key into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
