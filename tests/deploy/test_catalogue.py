"""A package is sent only with the catalogue of the plugins it is made of."""

import zipfile
from pathlib import Path

import pytest

from core.frozen import freeze, written
from infra.deploy.callbacks import has_catalogue
from tests.core.plugin_folder import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    write(folder / "plugins", "suggestions")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "libraries"))
    return folder


def packed(project: Path) -> Path:
    archive = project.parent / "package.zip"
    with zipfile.ZipFile(archive, "w") as content:
        for path in project.rglob("*"):
            content.write(path, path.relative_to(project).as_posix())
    return archive


def test_a_fresh_catalogue_passes_an_old_one_or_none_does_not(project: Path) -> None:
    assert not has_catalogue(packed(project))
    written(project / "plugins" / "catalogue.json", freeze(project))
    assert has_catalogue(packed(project))
    form = project / "plugins" / "suggestions" / "forms" / "suggestion.yaml"
    form.write_text(form.read_text().replace("minutes: 2", "minutes: 3"))
    assert not has_catalogue(packed(project))
