import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import ClassVar
from urllib.error import HTTPError

import pytest

from core.ports import Message
from infra.gateway import HttpGateway

MESSAGE = Message("E-1", "00000000001", "cleared", "您好,审核通过", {"name": "䶮"})
HELD = Event()


class Gateway(BaseHTTPRequestHandler):
    """Answers with the status in its path and notes what came."""

    seen: ClassVar[list[tuple[dict[str, str], dict[str, object]]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((dict(self.headers), body))
        if self.path == "/slow":
            HELD.wait(5)
        if self.path == "/rubbish":
            self.wfile.write(b"not http\r\n\r\n")
            return
        self.send_response(int(self.path.strip("/").replace("slow", "200")))
        self.send_header("Location", "/200")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 — the standard library's name

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Gateway.seen.clear()
    HELD.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        HELD.set()
        server.shutdown()


def test_a_message_is_posted_with_its_id_so_that_the_gateway_knows_it_again(address: str) -> None:
    HttpGateway(address + "/200", token="t").send(MESSAGE)
    ((headers, body),) = Gateway.seen
    assert body == {
        "id": "E-1",
        "to": "00000000001",
        "template": "cleared",
        "parameters": {"name": "䶮"},
        "text": "您好,审核通过",
    }
    assert headers["Idempotency-Key"] == "E-1"
    assert headers["Authorization"] == "Bearer t"


@pytest.mark.parametrize("answer", ["302", "307", "400", "429", "500"])
def test_any_answer_but_success_is_an_error_redirects_too(address: str, answer: str) -> None:
    with pytest.raises(HTTPError) as caught:
        HttpGateway(f"{address}/{answer}").send(MESSAGE)
    caught.value.close()
    assert len(Gateway.seen) == 1


@pytest.mark.parametrize("answer", ["slow", "rubbish"])
def test_silence_and_rubbish_are_errors(address: str, answer: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 — the words are the operating system's
        HttpGateway(f"{address}/{answer}", seconds=0.2).send(MESSAGE)


def test_nobody_listening_is_an_error() -> None:
    with pytest.raises(OSError):  # noqa: PT011 — the words are the operating system's
        HttpGateway("http://127.0.0.1:9/", seconds=0.5).send(MESSAGE)


def test_an_address_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        HttpGateway("file:///etc/passwd")
