"""Starts the real server for a test, on a port of its own, kills it where asked to, and ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Served:
    """One server on one port, started with a command as often as it must be."""

    def __init__(self, folder: Path, port: int, command: list[str]) -> None:
        self.port = port
        self._command = [sys.executable, *command]
        self._log = folder / "server.log"
        self.start()

    def start(self) -> None:
        """Start it in a process group of its own; it may take a moment until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Return once it answers."""
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/static/kehou.css"):
                    return
            except (URLError, ConnectionError):
                assert self._process.poll() is None, "the server ended"
                time.sleep(0.05)

    def kill_worker(self, chance: Random) -> bool:
        """Kill one worker with -9; the master starts another. False where there is none yet."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        workers = children.read_text().split() if children.exists() else []
        if workers:
            os.kill(int(chance.choice(workers)), signal.SIGKILL)
        return bool(workers)

    def kill(self) -> None:
        """Kill everything at once with -9."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def end(self) -> None:
        """Ask it to end, and wait for it."""
        self._process.terminate()
        self._process.wait(30)


@contextmanager
def served(folder: Path, broken: str = "") -> Iterator[int]:
    """Serve the data in `folder` with two workers; yield the port."""
    port = free_port()
    kehou = ["-m", "infra.cli", "serve", "--demo", "--submissions-an-hour", "1000000"]
    kehou += ["--calls-an-hour", "1000000"]
    real = [*kehou, "--folder", str(folder), "--port", str(port)]
    control = ["-m", "tests.siege.siege_server", broken, str(folder), str(port)]
    server = Served(folder, port, control if broken else real)
    try:
        server.wait()
        yield port
    finally:
        server.end()
