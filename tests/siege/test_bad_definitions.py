"""Definitions and answers that are broken or mean harm, through the commands and the engine."""

import json
from pathlib import Path

import pytest

from forms.evaluation import evaluate
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Surroundings
from infra.cli import main
from tests.core.house import NOW

FORM = """
id: trial
title: 试
pages:
  - fields:
      - {{name: a, type: integer, label: A}}
      - {{name: b, type: integer, label: B, show_if: '{show}'}}
"""
MANIFEST = "id: trial\napi: 1\nname: 试\nsummary: 试\nforms: [trial]\nworkflows: [trial]\n"
WORKFLOW = """
id: trial
form: trial
states:
  draft: {kind: draft}
  done: {kind: final, label: 完}
transitions:
  submit: {from: draft, to: done, by: applicant}
"""
ESCAPES = [
    "a.__class__ == 1",
    "().__class__.__bases__[0].__subclasses__()",
    '__import__("os").system("true")',
    'open("/etc/passwd")',
    'eval("1")',
    "lambda: 1",
    "[x for x in a]",
    "a if a else (yield)",
    'f"{a}"',
    "9 ** 9 ** 9 ** 9 > a",
    "a << 99999999 > 1",
    '"x" * 999999999 == ""',
    "(" * 500 + "a" + ")" * 500 + " == 1",
    "not " * 5000 + "a == 1",
    "a == 1 " + "and a == 1 " * 5000,
    'matches("x", "(a)\\\\1")',
    "a == " + "9" * 9999,
    "a := 1",
    "globals()",
    "nothing == 1",
    "a == 1; b == 2",
    "a\x00b",
    "",
]


def plugin(folder: Path, form: bytes | str, workflow: bytes | str = WORKFLOW) -> Path:
    home = folder / "trial"
    for name, text in (
        ("plugin.yaml", MANIFEST),
        ("forms/trial.yaml", form),
        ("workflows/trial.yaml", workflow),
    ):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert main(["check", str(folder), "--json"]) == 1
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("expression", ESCAPES, ids=lambda text: text[:20])
def test_an_expression_that_reaches_out_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expression: str
) -> None:
    shown = json.dumps(expression, ensure_ascii=False)
    text = FORM.format(show="x").replace("'x'", shown)
    flaws = checked(plugin(tmp_path, text), capsys)
    assert any(flaw["line"] in (7, 6, 1) and "forms" in str(flaw["file"]) for flaw in flaws), flaws
    (tmp_path / "a.json").write_text("{}")
    form = tmp_path / "trial" / "forms" / "trial.yaml"
    assert main(["form", "try", str(form), str(tmp_path / "a.json"), "--json"]) == 1
    capsys.readouterr()
    with pytest.raises(DefinitionError):
        load_form(read_yaml(text, "trial.yaml"))


BROKEN = {
    "unknown_key": FORM.format(show="a == 1").replace("label: A", "label: A, colour: B"),
    "cycle": FORM.format(show="a == 1").replace("label: A", "label: A, show_if: 'b == 1'"),
    "wrong_types": FORM.format(show="a == 1").replace("title: 试", "title: [1, 2]"),
    "no_list": "id: trial\ntitle: 试\npages: 7\n",
    "duplicate": FORM.format(show="a == 1") + "\nid: again\n",
    "duplicate_field": FORM.format(show="a == 1").replace("name: b", "name: a"),
    "no_yaml": "id: [trial\ntitle: :\n  - {",
    "tag": "id: !!python/object/apply:os.system ['true']\n",
    "alias_bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    "empty": "",
    "scalar": "just words",
    "nul": "id: trial\x00\ntitle: x\n",
    "deep": "id: " + "[" * 3000,
    "broken_utf_8": b"id: trial\ntitle: \xff\xfe\xc3(\n",
    "utf_16": "id: trial".encode("utf-16"),
    "half_a_character": 'id: trial\ntitle: "\\ud800"\n',
    "float": FORM.format(show="a == 1").replace("label: A", "label: A, min: .nan"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_is_named_and_never_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    flaws = checked(plugin(tmp_path, BROKEN[name]), capsys)
    assert flaws
    assert all(flaw["file"] and flaw["message"] for flaw in flaws)
    (tmp_path / "a.json").write_text("{}")
    form = tmp_path / "trial" / "forms" / "trial.yaml"
    assert main(["form", "try", str(form), str(tmp_path / "a.json"), "--json"]) == 1


@pytest.mark.parametrize("name", ["no_yaml", "tag", "deep", "broken_utf_8", "empty", "scalar"])
def test_a_broken_workflow_is_named_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert checked(plugin(tmp_path, FORM.format(show="a == 1"), BROKEN[name]), capsys)


ANSWERS = [
    b"not json",
    b"[1, 2]",
    b"\xff\xfe",
    b"7",
    b"[" * 99999,
    b'{"a": ' + b"9" * 9999 + b"}",
    b'{"a": NaN}',
]


@pytest.mark.parametrize("given", ANSWERS, ids=range(len(ANSWERS)))
def test_broken_answers_are_refused_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: bytes
) -> None:
    plugin(tmp_path, FORM.format(show="a == 1"))
    (tmp_path / "a.json").write_bytes(given)
    form = tmp_path / "trial" / "forms" / "trial.yaml"
    code = main(["form", "try", str(form), str(tmp_path / "a.json"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 1 or told["problems"]


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["form", "try", str(tmp_path / "x.yaml"), str(tmp_path / "a.json")]) == 1
    assert main(["workflow", "try", str(tmp_path), str(tmp_path)]) == 1
    assert "x.yaml" in capsys.readouterr().err


def test_answers_nobody_asked_for_are_problems_not_faults() -> None:
    form = load_form(read_yaml(FORM.format(show="a == 1"), "trial.yaml"))
    wild = {"__class__": 1, "\x00": 2, "a": {"__proto__": {}}, "b": object, "x" * 9999: None}
    outcome = evaluate(form, wild, Surroundings(NOW.date()))
    assert {one.code for one in outcome.problems} == {"unknown_field", "not_integer"}
    assert outcome.data == {}
