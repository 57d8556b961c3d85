"""What goes into the package: the project's own files, and the libraries it needs."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from core.bundles import Bundle
from core.discovery import wheels
from core.frozen import CATALOGUE, freeze, written
from infra.deploy.package import DROPPED, PACKAGES, compile_all, trim

ROOT = Path(__file__).parents[2]
_PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_28_x86_64")


def project_files() -> list[str]:
    """Return the files of our packages that git knows, as paths with `/`, sorted."""
    command = ["git", "ls-files", "-z", "--", *PACKAGES]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 — fixed
    names = listed.stdout.decode().split("\0")
    return sorted(name for name in names if name and (ROOT / name).is_file())


def lay_out(folder: Path) -> Path:
    """Make `folder` hold the project's files and Zappa's settings and nothing else; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in [*project_files(), "zappa_settings.json"]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for catalogue in folder.rglob("*.po"):
        _compile(catalogue)
    return folder


def compile_catalogue(project: Path, venv: Path) -> Path:
    """Freeze the plugins of the project, and those among the installed libraries, into one file.

    Raises DefinitionError with every flaw.
    """
    return written(project / "plugins" / CATALOGUE, freeze(project, wheels_in(venv)))


def wheels_in(venv: Path) -> list[Bundle]:
    """Return the plugins among the libraries of a virtual environment."""
    return list(wheels([str(each) for each in venv.glob("lib/python*/site-packages")]))


def install_dependencies(folder: Path) -> Path:
    """Install the pinned libraries for Lambda as a virtual environment would; return its folder.

    Wheels for Linux whatever this machine is, trimmed and compiled. What is there already for the
    same pins stays.
    """
    pins = ROOT / "requirements" / "aws.txt"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    mark = hashlib.sha256(pins.read_bytes() + repr((python, DROPPED)).encode()).hexdigest()[:16]
    venv = folder / f"libraries-{mark}"
    if not venv.exists():
        passing = venv.with_suffix(".part")
        shutil.rmtree(passing, ignore_errors=True)
        target = passing / "lib" / f"python{python}" / "site-packages"
        options = [option for each in _PLATFORMS for option in ("--platform", each)]
        options += ["--python-version", python, "--only-binary=:all:", "--no-deps", "--no-compile"]
        options += ["--require-hashes", "--target", str(target), "-r", str(pins)]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *options], check=True)  # noqa: S603 — our own command line
        trim(target)
        compile_all(target)
        passing.rename(venv)
    return venv


def _compile(catalogue: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 — needed to deploy, not to import
    from babel.messages.pofile import read_po  # noqa: PLC0415 — the same

    with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source))
