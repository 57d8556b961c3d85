"""Writes the tables of docs/reference.md from what the code says: `make docs`.

A table stands between `<!-- NAME -->` and `<!-- /NAME -->`; the words around it are written by
hand. What a form's and a workflow's keys mean stands in their own pages, which this only indexes.
"""

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from core.hooks import Hooks
from core.manifest_keys import ABOUT, KEYS
from forms.field_types import TYPES
from forms.form_shape import CHECK, FIELD_KEYS, FORM, PAGE, TEST
from forms.functions import FUNCTIONS
from forms.shape import Shape, check_shape
from forms.source import Source
from infra import settings
from infra.cli import command_line
from workflows.shapes import STATE, TRANSITION, WORKFLOW

DOCS = Path(__file__).parents[1] / "docs"
FAILURES = {
    "register": "the plugin is set aside (因故障停用), the rest start",
    "provide": "it is logged; that part is missing, the page is not",
    "check": "refused",
    "claim": "refused",
    "after": "tried again, later and later; then parked in sight",
}
"""What happens where a hook of this prefix raises."""


class Unwritten(LookupError):  # noqa: N818 — names what has no line
    """Something has no line in the page that explains it."""


def reference(text: str) -> str:
    """Return the reference with every table written anew; raise Unwritten."""
    for name, rows in TABLES.items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if not (begin and end):
            raise Unwritten(f"the reference has no table <!-- {name} -->")
        table = "".join(f"| {' | '.join(row)} |\n" for row in rows())
        text = f"{before}{begin}{table}{end}{after}"
    return text


def command_rows() -> Iterator[tuple[str, ...]]:
    """Yield every command with its arguments, what it does and its options."""
    yield from _head("command", "what it does", "options")
    yield from _commands(command_line(), "kehou")


def _commands(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, ...]]:
    for action in parser._actions:  # noqa: SLF001 — argparse has no other way to ask
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 — the same
            continue
        about = {each.dest: each.help or "" for each in action._choices_actions}  # noqa: SLF001 — the same
        for word, sub in action.choices.items():
            nested = list(_commands(sub, f"{name} {word}"))
            yield from nested or [_command(sub, f"{name} {word}", about.get(word, ""))]


def _command(parser: argparse.ArgumentParser, name: str, about: str) -> tuple[str, ...]:
    usage, options = name, []
    for action in parser._actions:  # noqa: SLF001 — the same
        if action.option_strings and action.dest != "help":
            said = f": {action.help}" if action.help else ""
            options.append(f"`{action.option_strings[-1]}`{said}")
        elif not action.option_strings:
            word = str(action.metavar or action.dest).upper()
            usage += f" [{word} …]" if action.nargs == "*" else f" {word}"
    return (f"`{usage}`", about, "; ".join(options) or "–")


def setting_rows() -> Iterator[tuple[str, ...]]:
    """Yield every setting of the environment."""
    yield from _head("name", "where", "what it sets")
    for where, names in (
        ("everywhere", settings.EVERYWHERE),
        ("one machine", settings.ONE_MACHINE),
        ("cloud", settings.CLOUD),
    ):
        yield from ((f"`{name}`", where, names[name]) for name in sorted(names))


def manifest_rows() -> Iterator[tuple[str, ...]]:
    """Yield every key of a manifest; raise Unwritten."""
    yield from _head("key", "what it says")
    for key in KEYS:
        if key not in ABOUT:
            raise Unwritten(f"the manifest's key {key} has no line")
        yield (f"`{key}`", ABOUT[key])


def hook_rows() -> Iterator[tuple[str, ...]]:
    """Yield every hook with its arguments, what it is to return and its failure rule."""
    yield from _head("hook", "asked with", "what to do", "if it raises")
    for name, hook in vars(Hooks).items():
        if not name.startswith("_"):
            given = [each for each in inspect.signature(hook).parameters if each != "self"]
            about = " ".join((inspect.getdoc(hook) or "").split())
            arguments = ", ".join(f"`{each}`" for each in given) or "–"
            yield (f"`{name}`", arguments, about, FAILURES[name.partition("_")[0]])


def form_rows() -> Iterator[tuple[str, ...]]:
    """Yield every key of a form, and every field type; raise Unwritten."""
    yield from _head("key", "in", "what it says")
    page = _lines("forms.md")
    for where, keys in (
        ("the form", keys_of(FORM)),
        ("a page", keys_of(PAGE)),
        ("a field", list(FIELD_KEYS)),
        ("a check", keys_of(CHECK)),
        ("a test", keys_of(TEST)),
    ):
        yield from ((f"`{key}`", where, page(key)) for key in keys)
    yield from ((f"`{name}`", "`type`", page(name)) for name in TYPES)


def function_rows() -> Iterator[tuple[str, ...]]:
    """Yield every function of an expression; raise Unwritten."""
    yield from _head("function", "gives")
    page = _lines("forms.md")
    yield from ((f"`{name}`", page(f"{name}(")) for name in (*FUNCTIONS, "matches"))


def workflow_rows() -> Iterator[tuple[str, ...]]:
    """Yield every key of a workflow; raise Unwritten."""
    yield from _head("key", "in", "what it says")
    page = _lines("workflows.md")
    for where, keys in (
        ("the workflow", WORKFLOW),
        ("a state", STATE),
        ("a transition", TRANSITION),
    ):
        yield from ((f"`{key}`", where, page(key)) for key in keys)


TABLES: Mapping[str, Callable[[], Iterator[tuple[str, ...]]]] = {
    "commands": command_rows,
    "settings": setting_rows,
    "manifest": manifest_rows,
    "hooks": hook_rows,
    "form keys": form_rows,
    "functions": function_rows,
    "workflow keys": workflow_rows,
}


def keys_of(shape: Shape) -> list[str]:
    """Return the keys that a record names when it is given something else."""
    (flaw,) = check_shape(Source("", 1), shape)
    return flaw.message.partition("(")[2].partition(")")[0].split(", ")


def _lines(page: str) -> Callable[[str], str]:
    """Return what finds the line of a page's tables, or its sentence, that explains a word."""
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]

    def line(word: str) -> str:
        opening = f"`{word}" if word.endswith("(") else f"`{word}`"
        for cell, *rest in rows:
            if opening in cell:
                return "|".join(rest).strip()
        if opening not in text:
            raise Unwritten(f"{page} has no line for {word}")
        return f"see [{page}]({page})"

    return line


def _head(*names: str) -> list[tuple[str, ...]]:
    return [names, tuple("---" for _ in names)]


def main(arguments: list[str]) -> int:
    """Write the reference, or with `--check` say whether it is as it should be."""
    page = DOCS / "reference.md"
    before = page.read_text(encoding="utf-8")
    after = reference(before)
    if arguments == ["--check"]:
        return int(before != after)
    page.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
