"""Kehou as people start it, on a free port with a folder of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path

from infra.deploy.local_cloud import await_answer, free_port, program

ROOT = Path(__file__).parents[2]


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """Run `kehou serve` with its data and its log in `folder`; yield its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "infra.cli", "serve", "--port", str(port)]
    command += ["--folder", str(folder / "var"), *arguments]
    settings = dict(environ) | {"PYTHONUNBUFFERED": "1"}
    with program(command, settings, folder / "log", ROOT):
        await_answer(address + "/receipt/")
        yield address
