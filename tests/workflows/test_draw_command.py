"""`kehou workflow draw`: the picture printed, or written where it is wanted."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core.web.app import BUNDLED
from infra.cli import FLAWED, main

VETTING = BUNDLED / "volunteers" / "workflows" / "vetting.yaml"


def test_a_bundled_workflow_is_drawn_into_a_file_in_either_language(tmp_path: Path) -> None:
    for language, words in (("zh", "不予排课"), ("en", "May be")):
        out = tmp_path / f"{language}.svg"
        assert main(["workflow", "draw", str(VETTING), "-o", str(out), "--language", language]) == 0
        picture = out.read_text(encoding="utf-8")
        assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314 — our own picture
        assert words in picture
        width = float(picture.split('viewBox="0 0 ')[1].split()[0])
        assert width <= 1280


def test_without_a_file_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workflow", "draw", str(VETTING)]) == 0
    assert capsys.readouterr().out.startswith("<svg ")


def test_a_flawed_workflow_is_not_drawn_but_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "workflows" / "bad.yaml"
    bad.parent.mkdir()
    bad.write_text("id: bad\nform: none\nstates: {}\ntransitions: {}\n")
    assert main(["workflow", "draw", str(bad)]) == FLAWED
    assert "none" in capsys.readouterr().err
