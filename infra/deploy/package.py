"""Zappa's zip made fit for Lambda: trimmed, and its bytecode valid where it will run."""

import compileall
import os
import shutil
import tempfile
import zipfile
from fnmatch import fnmatch
from importlib.util import cache_from_source
from pathlib import Path
from py_compile import PycInvalidationMode

PACKAGES = ("core", "forms", "infra", "plugins", "workflows")
"""Our own packages."""
SERVICES = frozenset({"dynamodb", "kms", "s3", "sns", "sts"})
"""The AWS services whose descriptions botocore keeps."""
DROPPED = (
    "handler.py",
    "zappa_settings.json",
    "zappa_settings.py",
    "package_info.json",
    "*.map",
    "*.pyi",
    "bin/*",
    "boto3/*",
    "s3transfer/*",
    "_distutils_hack/*",
    "distutils-precedence.pth",
    "setuptools*",
    "gunicorn*",
    "icalendar/tests/*",
    "flask_bootstrap/static/bootstrap4/*",
    "flask_bootstrap/static/bootstrap5/css/bootswatch/*",
)
"""What the function never opens. Zappa's own handler runs code on demand: it goes too."""
MADE = (".pyc", ".mo", "/", "plugins/catalogue.json")
"""How the names end of what is no source: bytecode, translations, folders, the catalogue."""
_MOMENT = (1980, 1, 1, 0, 0, 0)


def finish(archive: Path) -> int:
    """Rewrite the zip, trimmed and compiled, and return its size in bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(archive) as content:
            content.extractall(folder)
        trim(folder)
        compile_all(folder)
        _zip(folder, archive)
    return archive.stat().st_size


def compile_all(folder: Path) -> None:
    """Put bytecode beside every module in `folder` that has none; raise ValueError where one fails.

    It carries no timestamp to check (unchecked-hash): Lambda's disk is read-only and its files
    have dates of their own, so any other bytecode is compiled anew at every cold start.
    """
    for source in folder.rglob("*.py"):
        if not Path(cache_from_source(source)).exists():
            _compile(source, folder)


def trim(folder: Path) -> None:
    """Delete from `folder` what the function never opens."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and (any(fnmatch(name, each) for each in DROPPED) or _unused(name)):
            path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def own_files(archive: Path) -> list[str]:
    """Return the files of our own packages within the zip, but for what is made of them."""
    with zipfile.ZipFile(archive) as content:
        names = [name for name in content.namelist() if not name.endswith(MADE)]
    return sorted(name for name in names if name.split("/")[0] in PACKAGES)


def _compile(source: Path, folder: Path) -> None:
    compiled = compileall.compile_file(
        source,
        quiet=2,
        stripdir=str(folder),
        prependdir="/var/task",
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise ValueError(f"{source.relative_to(folder)} does not compile")


def _unused(name: str) -> bool:
    parts = name.split("/")
    return parts[:2] == ["botocore", "data"] and len(parts) > 3 and parts[2] not in SERVICES  # noqa: PLR2004 — service/version/file


def _zip(folder: Path, archive: Path) -> None:
    passing = archive.with_suffix(".part")
    with zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as content:
        for root, _, files in sorted(os.walk(folder)):
            for name in sorted(files):
                path = Path(root, name)
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MOMENT)
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as source, content.open(entry, "w") as target:
                    shutil.copyfileobj(source, target)
    passing.replace(archive)
