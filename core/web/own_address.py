"""The address of this installation, whatever a request says it asked for.

Links in text messages, posters and chats are made from a request's Host, which is the visitor's to
choose. Where the operator has said what the address is, every request counts as asked there.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Hold requests to `ADDRESS`, such as https://kehou.example.cn; as they come without one.

    Raises ValueError for what is no address, or has a path.
    """
    address = str(app.config["ADDRESS"])
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise ValueError(f"{address} is no address such as https://kehou.example.cn")
    inner: Wsgi = app.wsgi_app

    def held(environ: Environ, start_response: Any) -> Iterable[bytes]:
        told = {"HTTP_HOST": parts.netloc, "wsgi.url_scheme": parts.scheme}
        return inner({**environ, **told}, start_response)

    app.wsgi_app = held  # type: ignore[method-assign]
