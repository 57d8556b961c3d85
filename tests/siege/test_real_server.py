"""What only a real server shows: huge, broken and half-sent requests, and that it lives on."""

import re
import shutil
import socket
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.pages import FORM, PLACE
from tests.siege.served import served

MB = b"x" * 2**20


@pytest.fixture(scope="module")
def port(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("real") / "var"
    shutil.copytree(built, folder)
    with served(folder) as found:
        yield found
    assert "Traceback" not in (folder / "server.log").read_text()


def post(port: int, body: Iterable[bytes], path: str = FORM, **head: str) -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("POST", path, body, {"Content-Type": "application/octet-stream", **head})
    answer: HTTPResponse = line.getresponse()
    page = answer.read().decode()
    line.close()
    return answer.status, page


def lives(port: int) -> bool:
    """Tell whether the form page opens still."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", FORM)
    status = line.getresponse().status
    line.close()
    return status == 200


def raw(port: int, sent: bytes) -> bytes:
    """Return all that the server answers to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("counted", [True, False], ids=["with a length", "in chunks"])
def test_a_body_of_100_mb_is_refused_in_words_the_sender_can_read(
    port: int,
    kind: str,
    counted: bool,  # noqa: FBT001 — a parameter of the test
) -> None:
    head = {"Content-Type": f"{kind}; boundary=x"}
    if counted:
        head["Content-Length"] = str(100 * len(MB))
    start = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    first = start.ljust(len(MB), b"x") if "multipart" in kind else MB
    status, page = post(port, (first if n == 0 else MB for n in range(100)), **head)
    assert status == 413
    assert "提交的内容太大了" in page
    assert lives(port)


def test_bytes_that_are_no_request_leave_the_server_alive(port: int) -> None:
    start = f"POST {FORM} HTTP/1.1\r\nHost: a\r\n".encode()
    for sent in (
        b"\x00\xff\xfe",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /%ff%fe%00/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nCookie: kehou=\xff\xfe.\xff\r\nConnection: close\r\n\r\n",
        start + b"Content-Length: -5\r\n\r\n",
        start + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        start + b"Content-Length: 1000\r\n\r\nhalf",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    ):
        answer = raw(port, sent)
        assert not answer.startswith(b"HTTP/1.1 5"), (sent[:80], answer[:300])
    assert lives(port)


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "evil.example:99999", "[::1"])
def test_no_host_that_is_claimed_leads_anywhere(port: int, host: str) -> None:
    answer = raw(port, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert not answer.startswith(b"HTTP/1.1 5")
    assert b"\r\nLocation: http" not in answer


def test_a_post_without_a_page_of_ours_is_refused_in_words(port: int) -> None:
    status, page = post(port, [b"a=b"], "/sign-in/code", **{"Content-Length": "3"})
    assert status == 400
    assert "这个页面放得太久了" in page
    assert lives(port)


def links(port: int, path: str, **head: str) -> tuple[int, list[str]]:
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers=head)
    answer = line.getresponse()
    page = answer.read().decode()
    line.close()
    found = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    return answer.status, [*found, answer.headers["Location"] or ""]


def test_no_header_of_a_visitors_says_how_links_begin_or_what_is_asked_for(port: int) -> None:
    as_ever = links(port, f"/{PLACE}/")
    assert as_ever[0] == 200
    assert len(as_ever[1]) > 5
    for name, value in (("SCRIPT_NAME", "//evil.example"), ("PATH_INFO", "/qinghe/")):
        assert links(port, f"/{PLACE}/", **{name: value}) == as_ever, name
    _, found = links(port, f"//evil.example/{PLACE}/", SCRIPT_NAME="//evil.example")
    assert not [each for each in found if each.startswith("//")]
