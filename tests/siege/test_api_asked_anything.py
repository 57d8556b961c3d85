"""Schemathesis asks the real server all that its description allows, and much that it does not.

It finds no 5xx and no answer that the description does not know; a description that leaves one out
is found out, so that the same run can fail.
"""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from core.api_tokens import DAYS, SCOPES, Wish
from tests.core.house import open_house
from tests.siege.served import served

PLACE = "hexi-zhen"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "missing_required_header",
    "ignored_auth",
)


@pytest.fixture
def asked(built: Path, tmp_path: Path) -> tuple[Path, str, list[str]]:
    """Return a county's folder with some cases, a token of all it can be, and the cases' ids."""
    house = open_house(built, tmp_path / "var")
    try:
        numbers = [house.submit(n).id for n in range(1, 4)]
        wish = Wish("x", SCOPES, tuple(house.office.catalogue.plugins), DAYS[-1])
        _, text = house.office.tokens.make("qinghe", wish, house.person("county"))
    finally:
        house.close()
    return tmp_path / "var", text, numbers


def schemathesis(folder: Path, token: str, numbers: list[str], *asking: str) -> tuple[int, str]:
    """Return how a run ended, and what it said."""
    config = f'[parameters]\n"path.case_id" = {json.dumps(numbers)}\n'
    (folder / "schemathesis.toml").write_text(config, "utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", *asking]
    command += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)]
    command += ["--phases", "examples,coverage,fuzzing", "--seed", "20261127"]
    command += ["--max-examples", "8", "--continue-on-failure"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=280, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_nothing_asked_ends_in_a_fault_or_an_answer_nobody_described(
    asked: tuple[Path, str, list[str]],
) -> None:
    folder, token, numbers = asked
    with served(folder) as port:
        address = f"http://127.0.0.1:{port}/api/v1/{PLACE}/openapi.json"
        code, said = schemathesis(folder, token, numbers, address)
    assert code == 0, said[-6000:]
    assert "Traceback" not in (folder / "server.log").read_text()


def test_control_an_answer_left_out_of_the_description_is_found(
    asked: tuple[Path, str, list[str]],
) -> None:
    folder, token, numbers = asked
    with served(folder) as port:
        root = f"http://127.0.0.1:{port}"
        with urlopen(f"{root}/api/v1/{PLACE}/openapi.json") as answer:  # noqa: S310 — a server of our own
            told = json.load(answer)
        del told["paths"]["/feedback/cases/{case_id}"]["put"]["responses"]["422"]
        (folder / "told.json").write_text(json.dumps(told), "utf-8")
        only = ["--include-path", "/feedback/cases/{case_id}", "--origin", root]
        code, said = schemathesis(folder, token, numbers, str(folder / "told.json"), *only)
    assert code != 0
    assert "422" in said
