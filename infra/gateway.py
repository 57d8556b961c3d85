"""Messages through a county's own gateway: one HTTP POST each."""

import json
from http.client import HTTPException
from urllib.request import HTTPRedirectHandler, Request, build_opener

from core.ports import Message


class HttpGateway:
    """The Messages port on any service that takes a template id and parameters as JSON.

    The body is `{"id", "to", "template", "parameters", "text"}`; the header `Idempotency-Key`
    repeats the id, by which the gateway recognises a message that it has sent already.
    """

    def __init__(self, url: str, token: str = "", seconds: float = 5.0) -> None:
        """Post to `url` (http or https), with `token` as bearer; give up after `seconds`."""
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"a gateway's address begins with https://, not {url!r}")
        self._url = url
        self._seconds = seconds
        self._headers = {"Content-Type": "application/json; charset=utf-8"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = build_opener(_Straight)

    def send(self, message: Message) -> None:
        """Send; raise OSError where the gateway is silent or answers anything but 2xx."""
        body = {
            "id": message.id,
            "to": message.to,
            "template": message.template,
            "parameters": dict(message.parameters),
            "text": message.text,
        }
        request = Request(  # noqa: S310 — the scheme was checked above
            self._url,
            json.dumps(body, ensure_ascii=False).encode(),
            self._headers | {"Idempotency-Key": message.id},
        )
        try:
            with self._opener.open(request, timeout=self._seconds):
                pass
        except HTTPException as error:
            raise OSError(f"the gateway's answer is no HTTP: {error!r}") from error


class _Straight(HTTPRedirectHandler):
    """Follows no redirect: the GET it would become sends nothing, yet may answer 200."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Return no request to follow, so that the redirect raises HTTPError."""
