"""Makes real wheels of plugins and installs them, as a third party would."""

import subprocess
import sys
from pathlib import Path

PROJECT = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "kehou-{name}"
version = "1.0"

[project.entry-points."kehou.plugins"]
{name} = "{package}"

[tool.setuptools.packages.find]
include = ["kehou_*"]

[tool.setuptools.package-data]
"*" = ["**/*.yaml", "**/*.html", "**/*.css", "*.md"]
"""


def build_wheel(project: Path, name: str, package: str = "") -> Path:
    """Build the project whose package is `kehou_<name>`; return the wheel."""
    pyproject = project / "pyproject.toml"
    if not pyproject.exists():
        pyproject.write_text(PROJECT.format(name=name, package=package or f"kehou_{name}"))
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "dist"]
    _pip("wheel", ".", *options, folder=project)
    [wheel] = (project / "dist").glob("*.whl")
    return wheel


def install(wheel: Path, site: Path) -> Path:
    """Install a wheel into a folder of its own, which is returned."""
    _pip(
        "install", str(wheel), "--no-deps", "--no-index", "--target", str(site), folder=site.parent
    )
    return site


def _pip(*arguments: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
