"""The reference has a line for whatever can be typed or implemented."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from core.hooks import Hooks
from core.manifest import KEYS
from infra.cli import command_line

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
AWS = ROOT / "docs" / "deployment.md"


def commands(
    parser: argparse.ArgumentParser, name: str = "kehou"
) -> Iterator[tuple[str, set[str]]]:
    options = {each for action in parser._actions for each in action.option_strings}  # noqa: SLF001
    deeper = [each for each in parser._actions if hasattr(each, "choices") and each.choices]  # noqa: SLF001
    nested = [each for each in deeper if isinstance(each.choices, dict)]
    if not nested:
        yield name, {each for each in options if each.startswith("--")} - {"--help"}
    for action in nested:
        for word, sub in action.choices.items():
            yield from commands(sub, f"{name} {word}")


def test_every_command_and_option_has_its_line() -> None:
    for name, options in commands(command_line()):
        assert f"`{name}" in REFERENCE, name
        for option in options:
            assert f"{option}`" in REFERENCE, f"{name} {option}"


def test_every_hook_has_its_line() -> None:
    for name in vars(Hooks):
        if not name.startswith("_"):
            assert f"| `{name}` |" in REFERENCE, name


def test_every_manifest_key_has_its_line() -> None:
    for key in KEYS:
        assert re.search(rf"^\| .*`{key}`", REFERENCE, re.MULTILINE), key


def test_every_setting_of_the_environment_has_its_line() -> None:
    said = REFERENCE + (AWS.read_text(encoding="utf-8") if AWS.exists() else "")
    sources = [*ROOT.glob("infra/**/*.py"), *ROOT.glob("core/**/*.py")]
    names = {n for path in sources for n in re.findall(r"KEHOU_[A-Z_]+", path.read_text("utf-8"))}
    assert names
    for name in sorted(names):
        assert f"`{name}`" in said, name
