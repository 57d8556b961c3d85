"""The reference is what the code says, and has a line for whatever can be typed or implemented."""

import re
from pathlib import Path

import pytest

from infra import reference, settings
from infra.reference import DOCS, Unwritten

ROOT = Path(__file__).parents[2]
PAGE = (DOCS / "reference.md").read_text(encoding="utf-8")


def test_the_reference_is_as_make_docs_writes_it() -> None:
    assert reference.reference(PAGE) == PAGE, "run `make docs`"


def test_a_reference_that_lags_behind_is_noticed() -> None:
    for name in reference.TABLES:
        stale = re.sub(rf"(<!-- {name} -->\n.*\n.*\n).*\n", r"\1", PAGE)
        assert stale != PAGE, name
        assert reference.reference(stale) != stale, name


def test_a_table_that_was_taken_out_is_missed() -> None:
    with pytest.raises(Unwritten, match="hooks"):
        reference.reference(PAGE.replace("<!-- hooks -->", ""))


def test_whatever_has_no_line_stops_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    for table, key in (("KEYS", "colour"), ("FIELD_KEYS", "colour"), ("FUNCTIONS", "colour")):
        with monkeypatch.context() as patch:
            patch.setattr(reference, table, {**getattr(reference, table), key: None})
            with pytest.raises(Unwritten, match="colour"):
                reference.reference(PAGE)


def test_every_setting_that_the_code_reads_has_its_line() -> None:
    sources = [*ROOT.glob("infra/**/*.py"), *ROOT.glob("core/**/*.py")]
    texts = [path.read_text("utf-8") for path in sources if path.name != "settings.py"]
    read = {name for text in texts for name in re.findall(r"KEHOU_[A-Z_]*[A-Z]", text)}
    assert read == {*settings.EVERYWHERE, *settings.ONE_MACHINE, *settings.CLOUD}
