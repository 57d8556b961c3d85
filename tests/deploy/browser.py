"""A browser without scripts: pages, forms, cookies and redirects at one address."""

from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4


class Page(HTMLParser):
    """A page that was opened: its status, text, links, and what its filing form carries hidden."""

    def __init__(self, address: str, status: int, text: str) -> None:
        super().__init__()
        self.address, self.status, self.text = address, status, text
        self.links: list[str] = []
        self.hidden: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        if tag == "input" and given.get("type") == "hidden":
            self.hidden[given.get("name", "")] = given.get("value", "")


class Browser:
    """Goes to pages whose host is reached at 127.0.0.1, as a name under .localhost is."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies: dict[str, str] = {}

    def get(self, path: str = "") -> Page:
        """Open a page below the address, or at a full address; follow redirects."""
        return self._follow("GET", urljoin(self.address, path), b"", {})

    def send(self, page: Page, path: str, **fields: Any) -> Page:
        """Send a form with what `page` carries hidden; a (name, content) pair is a file."""
        mark = uuid4().hex
        given = {**page.hidden, **fields}
        body = b"".join(_part(mark, name, value) for name, value in given.items())
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        body += f"--{mark}--\r\n".encode()
        return self._follow("POST", urljoin(self.address, path), body, headers)

    def _follow(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Page:
        for _ in range(5):
            status, target, text = self._ask(method, address, body, headers)
            if target is None:
                return Page(address, status, text)
            method, address, body, headers = "GET", urljoin(address, target), b"", {}
        raise RecursionError(f"redirected for ever at {address}")

    def _ask(
        self, method: str, address: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str | None, str]:
        at = urlsplit(address)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection("127.0.0.1", at.port, timeout=60)
        path = at.path + (f"?{at.query}" if at.query else "")
        connection.request(
            method, path, body, {"Host": at.netloc, "Cookie": cookie, "Referer": address, **headers}
        )
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(value).items()}
        connection.close()
        return answer.status, answer.headers.get("Location"), text


def _part(mark: str, name: str, value: Any) -> bytes:
    if isinstance(value, list):
        return b"".join(_part(mark, name, each) for each in value)
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'
    if isinstance(value, tuple):
        file, content = value
        head += f'; filename="{file}"\r\nContent-Type: application/octet-stream'
        return head.encode() + b"\r\n\r\n" + bytes(content) + b"\r\n"
    return f"{head}\r\n\r\n{value}\r\n".encode()
