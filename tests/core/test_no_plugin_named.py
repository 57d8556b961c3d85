"""No line of the core, the engines or what runs them names a plugin: whatever fits is welcome."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.bundles import bundles_in
from core.web.app import BUNDLED

ROOT = Path(__file__).parents[2]
PLUGINS = [bundle.id for bundle in bundles_in(BUNDLED)]
LAYERS = ("core", "forms", "workflows", "infra")
READ = {".py", ".yaml", ".yml", ".html", ".js", ".css", ".json", ".toml", ".svg"}
ALLOWED = ("core/demo/",)
"""The sample county switches on what is bundled."""


def named(text: str, plugin: str) -> Iterator[int]:
    """Yield the lines in which a name of data or of a template is a plugin's id."""
    edge = r"""["'/.,:=#\[\]{}()]"""
    name = re.compile(rf"(?:^|{edge})\s*{plugin}\s*(?:{edge}|$)")
    yield from (n for n, line in enumerate(text.splitlines(), 1) if name.search(line))


def named_in_python(text: str, plugin: str) -> Iterator[int]:
    """Yield the lines in which a name, or a text that is no docstring, holds a plugin's id."""
    tree, word = ast.parse(text), re.compile(rf"(?<![a-z]){plugin}(?![a-z])")
    stated = (each.value for each in ast.walk(tree) if isinstance(each, ast.Expr))
    prose = {id(each) for each in stated if isinstance(each, ast.Constant)}
    for node in ast.walk(tree):
        said = [
            getattr(node, key, None) for key in ("id", "attr", "name", "arg", "module", "value")
        ]
        texts = [each for each in said if isinstance(each, str) and id(node) not in prose]
        if any(map(word.search, texts)):
            yield int(getattr(node, "lineno", 0))


def files() -> Iterator[Path]:
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*")):
            inside = path.relative_to(ROOT).as_posix()
            if path.suffix in READ and not inside.startswith(ALLOWED):
                yield path


@pytest.mark.parametrize("plugin", PLUGINS)
def test_no_line_of_the_core_names_it(plugin: str) -> None:
    found = []
    for path in files():
        look = named_in_python if path.suffix == ".py" else named
        found += [f"{path.relative_to(ROOT)}:{n}" for n in look(path.read_text(), plugin)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "if plugin == 'bookings':",
        "import plugins.bookings",
        "from plugins.bookings import venues",
        "path = f'/{place}/bookings/'",
        "bookings = 1",
        "show(bookings=1)",
        "Case.bookings",
    ],
)
def test_a_line_that_did_would_be_found(line: str) -> None:
    text = f"{line}\n    pass" if line.startswith("if") else line
    assert [*named_in_python(text, "bookings")]


@pytest.mark.parametrize(
    "line", ["{% if plugin == 'bookings' %}", "plugin: bookings", "/bookings/"]
)
def test_a_template_or_data_that_did_would_be_found(line: str) -> None:
    assert [*named(line, "bookings")]


def test_there_is_something_to_look_for_and_at() -> None:
    assert len(PLUGINS) >= 4
    assert len([*files()]) > 200
