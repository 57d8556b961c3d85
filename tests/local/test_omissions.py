"""`KEHOU_NO_PLUGINS`, as whoever serves sets it."""

from pathlib import Path

import pytest

from core.plugins import ALL
from infra.local.app import local_app
from infra.omissions import left_out


@pytest.mark.parametrize(
    ("said", "meant"),
    [("", set()), ("1", {ALL}), ("volunteers", {"volunteers"}), (" a, b ,", {"a", "b"})],
)
def test_the_setting_names_all_or_some(said: str, meant: set[str]) -> None:
    assert left_out({"KEHOU_NO_PLUGINS": said}) == meant


def test_without_the_setting_nothing_is_left_out() -> None:
    assert left_out({}) == frozenset()


@pytest.mark.parametrize("said", ["1", "volunteers"])
def test_an_installation_starts_without_what_the_setting_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("KEHOU_NO_PLUGINS", said)
    catalogue = local_app(tmp_path).extensions["kehou"].catalogue
    assert "volunteers" in catalogue.left_out
    assert "volunteers" not in catalogue.plugins
    assert (catalogue.plugins == {}) == (said == "1")


def test_the_folders_of_kehou_plugins_are_loaded_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHOU_PLUGINS", str(tmp_path / "more"))
    (tmp_path / "more" / "odd").mkdir(parents=True)
    (tmp_path / "more" / "odd" / "plugin.yaml").write_text("id: odd\n")
    catalogue = local_app(tmp_path / "var").extensions["kehou"].catalogue
    assert set(catalogue.broken) == {"odd"}
    assert "volunteers" in catalogue.plugins
