"""An AWS on this machine, for tests and for trying a deployment."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

_START = 60.0
"""Seconds the emulator may take until it answers."""


@contextmanager
def local_cloud() -> Iterator[str]:
    """Run ministack on a free port of 127.0.0.1; yield its address and stop it afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="kehou-cloud-") as folder:
        environment = os.environ | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "TMPDIR": folder,
            "LOG_LEVEL": "WARNING",
            **credentials(),
        }
        command = [sys.executable, "-m", "ministack"]
        with program(command, environment, Path(folder) / "log"):
            address = f"http://127.0.0.1:{port}"
            await_answer(address + "/_ministack/health")
            yield address


@contextmanager
def program(
    command: list[str], environment: dict[str, str], log: Path, folder: Path | None = None
) -> Iterator[None]:
    """Run a program in `folder`, its output in `log`; end it afterwards, by force if it lingers."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 — our own command line
            command,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder or log.parent,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_answer(address: str) -> None:
    """Return once anything answers HTTP at `address`; raise TimeoutError where nothing does."""
    end = time.monotonic() + _START
    while time.monotonic() < end:
        try:
            with urlopen(address, timeout=2):  # noqa: S310 — an address of this machine
                return
        except URLError as error:
            if getattr(error, "code", None):
                error.close()  # type: ignore[attr-defined]
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {address}")


def credentials() -> dict[str, str]:
    """Return environment variables of an account that exists in no real AWS."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }


def local_client(address: str) -> dict[str, Any]:
    """Return the arguments of infra.aws.clients that lead to the emulator at `address`."""
    return {
        "endpoint_url": address,
        "region_name": "us-east-1",
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }
