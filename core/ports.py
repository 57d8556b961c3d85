"""What the core asks of the world outside; infra/ answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.store import Store


class Files(Protocol):
    """Where uploaded and produced files are kept. Contents arrive already encrypted."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name` (letters, digits, `/`, `-`), replacing what was there."""

    def get(self, name: str) -> bytes | None:
        """Return the content, or None where there is none."""

    def delete(self, name: str) -> None:
        """Forget the content; nothing happens where there is none."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one phone: a fixed template and its parameters, as SMS gateways want it.

    `id` names the sending: a channel that has sent it does not send it again.
    """

    id: str
    to: str
    template: str
    text: str
    parameters: Mapping[str, str]


class Messages(Protocol):
    """A channel to people's phones."""

    def send(self, message: Message) -> None:
        """Send, or raise OSError to be asked again later."""


class Keys(Protocol):
    """Wraps data keys with a master key that never leaves its keeper."""

    def new(self, context: str) -> tuple[bytes, bytes]:
        """Return a fresh 32-byte data key and its wrapping, bound to `context`."""

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Return the data key; raise ValueError for another context or a damaged wrapping."""


class Unreachable(OSError):  # noqa: N818 — says what was found
    """Nothing came back from an address; `code` says why.

    `private` (it leads to an address that is not on the public internet), `refused` (not http or
    https, a port, a user name), `redirects` (too many), `unknown` (no such host), `silent` (no
    answer in time, or none that is HTTP).
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Fetch(Protocol):
    """Asks the public internet, never anything within: every address on the way is looked at."""

    def status(self, url: str) -> int:
        """Return the HTTP status behind an address, redirects followed; raise Unreachable.

        Nothing of the content is kept.
        """

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send `body` and return the status of the answer, a redirect's too; raise Unreachable."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""


class Background(Protocol):
    """Runs work after the reply has gone, or leaves it to the next tick."""

    def soon(self, work: Callable[[], object]) -> None:
        """Run `work` soon; it may be dropped, for every tick looks for what is left."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything an installation is composed of, handed to the core in one piece."""

    store: Store
    files: Files
    messages: Messages
    keys: Keys
    clock: Clock
    background: Background
    fetch: Fetch
    counters: Store | None = None
    """Where tries are counted, if not in `store`: a power cut may take the last of them."""
