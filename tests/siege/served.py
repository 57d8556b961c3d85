"""Starts the real server for a test, on a port of its own, and ends it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, broken: str = "") -> Iterator[int]:
    """Serve the data in `folder` with two workers; yield the port."""
    port = free_port()
    kehou = ["-m", "infra.cli", "serve", "--demo", "--submissions-an-hour", "1000000"]
    real = [*kehou, "--folder", folder, "--port", str(port)]
    control = ["-m", "tests.siege.broken_server", broken, folder, str(port)]
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, *(control if broken else real)], cwd=ROOT, stdout=log, stderr=log
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/static/kehou.css"):
                return
        except (URLError, ConnectionError):
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)
