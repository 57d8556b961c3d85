"""Finds a Chromium for the browser tests, or installs one: `python tests/browser/chromium.py`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
)


class NoBrowser(Exception):  # noqa: N818 — what a machine lacks is no fault of the test
    """There is no Chromium here, and none could be installed."""


def found() -> str | None:
    """Return the path of an installed Chromium, the machine's own before Playwright's."""
    own = next((path for name in NAMES if (path := shutil.which(name))), None)
    return own or _of_playwright()


def arguments() -> list[str]:
    """Return what to start it with: quiet, and without a sandbox where root forbids one."""
    return [*QUIET, *(["--no-sandbox"] if _is_root() else [])]


def install() -> str:
    """Return the path of a Chromium, installed if need be. Raises NoBrowser."""
    for attempt in (_by_apt, _by_playwright):
        path = found()
        if path:
            return path
        attempt()
    path = found()
    if path is None:
        raise NoBrowser("no Chromium: install one, or run `playwright install chromium`")
    return path


def _by_apt() -> None:
    if _is_root() and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        command = ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]
        subprocess.run(command, env=environment, check=False)


def _by_playwright() -> None:
    command = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if not _is_root():
        command.remove("--with-deps")
    subprocess.run(command, check=False)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — slow, and seldom needed

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


if __name__ == "__main__":
    sys.stdout.write(f"The browser tests use {install()}\n")
