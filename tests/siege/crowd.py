"""Many who book at one moment: `python -m tests.siege.crowd PORT FILE`.

FILE has a line of JSON for each request: `path`, `cookie`, `sent`. Once a line comes in, all are
sent at once, each on a connection of its own, and where the server was busy again, as the page that
came back has it. Prints a line of JSON for each: where it `led`, what it was `told` (every status),
whether each page `kept` what was sent, and the last `page` of who gave up.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.pages import hidden

TRIES = 200
BUSY = 429
DONE = 302


def ask(port: int, path: str, cookie: str, sent: dict[str, Any]) -> tuple[int, str]:
    """Return the status, and the page or where it leads; 0 where the line broke."""
    line = HTTPConnection("127.0.0.1", port, timeout=120)
    kind = "application/x-www-form-urlencoded"
    try:
        body = urlencode(sent, doseq=True)
        line.request("POST", path, body, {"Cookie": cookie, "Content-Type": kind})
        answer = line.getresponse()
        return answer.status, answer.getheader("Location") or answer.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        line.close()


def insist(port: int, request: dict[str, Any]) -> dict[str, Any]:
    """Send one until it is done, or refused for good."""
    sent, told, kept = dict(request["sent"]), [], True
    for _ in range(TRIES):
        status, text = ask(port, request["path"], request["cookie"], sent)
        told.append(status)
        if status == DONE:
            return {"led": text, "told": told, "kept": kept}
        if status == BUSY:
            again = hidden(text)
            kept = kept and _answers(again) == _answers({name: sent.get(name) for name in again})
            sent |= again
        elif status:
            break
        time.sleep(0.05)
    return {"led": "", "told": told, "kept": kept, "page": text[-3000:]}


def _answers(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a page's fields without its token, which is another each time."""
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def main(port: int, file: Path) -> None:
    requests = [json.loads(line) for line in file.read_text().splitlines()]
    with ThreadPoolExecutor(len(requests)) as pool:
        sys.stdin.readline()
        for each in pool.map(lambda one: insist(port, one), requests):
            sys.stdout.write(json.dumps(each) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
