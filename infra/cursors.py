"""Where a query goes on: an opaque text that only the same query accepts."""

import base64
import json
from hashlib import blake2b


def cursor(query: tuple[object, ...], last: tuple[str, ...]) -> str:
    """Return the text from which `query` goes on after the item at `last`.

    `query` is whatever names the query (all but its limit); `last` the sort key, and in an index
    the item's own key after it.
    """
    text = json.dumps([_seal(query, last), *last], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position(query: tuple[object, ...], text: str, parts: int) -> tuple[str, ...]:
    """Return the `parts` key parts within a cursor of the same query; else raise ValueError."""
    try:
        seal, *last = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError):
        raise ValueError("not a cursor of ours") from None
    if len(last) != parts or seal != _seal(query, tuple(last)):
        raise ValueError("not a cursor of this query")
    return tuple(last)


def _seal(query: tuple[object, ...], last: tuple[str, ...]) -> str:
    return blake2b(repr((query, last)).encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
