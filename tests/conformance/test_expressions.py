"""One file of expressions and values, passed by the server's evaluator and the browser's."""

import json
import random
import re
import shutil
import subprocess
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forms.expressions import compile_expression
from forms.functions import FUNCTIONS
from forms.moments import iso_moment, iso_time
from forms.problems import Position
from forms.surroundings import Surroundings
from forms.value_types import plain

HERE = Path(__file__).parent
SCRIPT = HERE.parents[1] / "core" / "web" / "static" / "rules.js"
CASES = json.loads((HERE / "expressions.json").read_text("utf-8"))
RUNNER = """
const { evaluate } = require(process.argv[1]);
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ tree, scope, today }) => evaluate(tree, scope, today))));
"""


def as_json(value: Any) -> Any:
    """Return a value as the file writes it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return iso_moment(value)
    if isinstance(value, time):
        return iso_time(value)
    return value.isoformat() if isinstance(value, date) else value


def tree(case: dict[str, Any]) -> Any:
    position = Position("expressions.json")
    return compile_expression(case["expr"], case["names"], position, rows=case.get("rows"))


def in_browser(cases: list[dict[str, Any]]) -> list[Any]:
    """Return the values that forms.js gives."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed here: the browser's evaluator is tested where it is")
    sent = [{**case, "tree": tree(case).tree} for case in cases]
    done = subprocess.run(
        [node, "-e", RUNNER, str(SCRIPT)],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    values: list[Any] = json.loads(done.stdout)
    return values


@pytest.mark.parametrize("case", CASES, ids=[case["expr"] for case in CASES])
def test_the_server_gives_the_value_in_the_file(case: dict[str, Any]) -> None:
    around = Surroundings(today=date.fromisoformat(case["today"]))
    found = as_json(tree(case).value(case["scope"], around))
    assert (found, type(found)) == (case["value"], type(case["value"]))


def random_case(chance: random.Random) -> dict[str, Any]:
    """Return arithmetic over hard numbers, with the server's value."""

    def number() -> str:
        whole = (
            "9" * 28 if chance.random() < 0.1 else str(chance.randrange(10 ** chance.randrange(28)))
        )
        part = f"{chance.randrange(10**9):09}"[: chance.randrange(10)]
        return f"{whole}.{part}" if part and len(whole) + len(part) < 28 else whole

    def part(depth: int) -> str:
        if depth == 0 or chance.random() < 0.2:
            return chance.choice(["n", "m", "-n", number(), number()])
        return f"({part(depth - 1)} {chance.choice('+-*/')} {part(depth - 1)})"

    sign = chance.choice(["", "", "", " == ", " < ", " >= "])
    expr = part(3) + (sign + part(2) if sign else "")
    return {
        "expr": expr,
        "names": {"n": "number", "m": "number"},
        "scope": {"n": number(), "m": chance.choice([number(), "0.5", "3", 7, None])},
        "today": "2026-11-23",
    }


def test_both_evaluators_calculate_alike_to_the_last_digit() -> None:
    chance = random.Random(20261123)  # noqa: S311 — a fixed sequence is meant
    cases = [random_case(chance) for _ in range(2000)]
    around = Surroundings(today=date(2026, 11, 23))
    values = [as_json(tree(case).value(case["scope"], around)) for case in cases]
    wrong = [
        (case["expr"], case["scope"], value, found)
        for case, value, found in zip(cases, values, in_browser(cases), strict=True)
        if value != found
    ]
    assert wrong == []


def test_the_browser_gives_every_value_in_the_file() -> None:
    found = in_browser(CASES)
    wrong = [
        (case["expr"], case["scope"], value)
        for case, value in zip(CASES, found, strict=True)
        if (value, type(value)) != (case["value"], type(case["value"]))
    ]
    assert wrong == []


def test_the_script_uses_nothing_that_old_web_views_lack() -> None:
    newer = re.compile(
        r"\?\.[a-z(\[]|\?\?|\b[0-9]+n\b|\.flat(Map)?\(|fromEntries|replaceAll|\beval\(|Function\(|#[a-z]+\s*=|\(\?<"
    )
    found = {
        path.name: newer.findall(path.read_text("utf-8")) for path in SCRIPT.parent.glob("*.js")
    }
    assert sorted(found) == [
        "choices.js",
        "copy.js",
        "drafts.js",
        "forms.js",
        "onward.js",
        "photos.js",
        "rules.js",
        "seen.js",
        "turns.js",
    ]
    assert not any(found.values()), found


def test_there_are_cases_for_every_function() -> None:
    used = " ".join(case["expr"] for case in CASES)
    assert len(CASES) >= 250
    assert [name for name in (*FUNCTIONS, "matches") if f"{name}(" not in used] == []
