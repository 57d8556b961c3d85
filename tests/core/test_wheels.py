"""Plugins of third parties: real wheels, installed by pip, found by their entry point."""

import importlib
import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.bundles import Bundle, bundles_in
from core.discovery import wheels
from core.plugins import Catalogue
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS
from tests.core.plugin_folder import suggest, write
from tests.core.wheel import build_wheel, install

PYTHON = """from flask import Blueprint, render_template

from core.hooks import hookimpl
from kehou_greetings.words import GREETING

bp = Blueprint("greetings", __name__)


@bp.get("/hello/")
def hello(place):
    return render_template("greetings/hello.html", greeting=GREETING)


class Plugin:
    @hookimpl
    def register_blueprints(self):
        return [bp]
"""
PAGE = """<link rel="stylesheet" href="{{ asset_url('greetings/hello.css') }}">{{ greeting }}"""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site folder with the wheel of a plugin of every tier's parts."""
    project = tmp_path_factory.mktemp("wheel")
    write(project, "greetings", PYTHON)
    package = project / "kehou_greetings"
    (project / "greetings").rename(package)
    (package / "__init__.py").touch()
    (package / "words.py").write_text("GREETING = '课后好'\n")
    for name, text in {"templates/hello.html": PAGE, "static/hello.css": "p{color:teal}"}.items():
        (package / name).parent.mkdir()
        (package / name).write_text(text)
    return install(build_wheel(project, "greetings"), project / "site")


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Return a copy of the site folder, on the path of this process."""
    here = tmp_path / "site"
    shutil.copytree(site, here)
    monkeypatch.syspath_prepend(str(here))
    importlib.invalidate_caches()
    yield here
    for name in [each for each in sys.modules if each.startswith("kehou_greetings")]:
        del sys.modules[name]


def found() -> list[Bundle]:
    return [each for each in wheels() if each.id == "greetings"]


@pytest.mark.usefixtures("installed")
def test_a_wheel_brings_forms_pages_templates_and_files(make_house: MakeHouse) -> None:
    house = make_house(folders=[BUNDLED, *found()])
    client = house.client()
    assert client.get("/hexi-zhen/greetings/hello/").status_code == 404
    house.office.places.switch("hexi-zhen", "greetings", "on", "某人", "2026")
    page = client.get("/hexi-zhen/greetings/hello/")
    assert "课后好" in page.text
    style = page.text.partition('href="')[2].partition('"')[0]
    assert client.get(style.replace("&amp;", "&")).text == "p{color:teal}"
    assert suggest(client, plugin="greetings").status_code == 302


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "name",
    ["plugin.yaml", "../plugin.py", "%2e%2e/plugin.py", "no.css", "", "%00", f"{300 * 'a'}.css"],
)
def test_no_file_outside_static_is_served(make_house: MakeHouse, name: str) -> None:
    house = make_house(folders=[BUNDLED, *found()])
    assert house.client().get(f"/static/greetings/{name}").status_code == 404
    assert house.client().get("/static/nobody/hello.css").status_code == 404


@pytest.mark.parametrize("name", ["plugin.yaml", "forms/answer.yaml", "plugin.py", "words.py"])
def test_a_broken_wheel_is_set_aside_and_shown_and_the_rest_start(
    installed: Path, make_house: MakeHouse, name: str
) -> None:
    (installed / "kehou_greetings" / name).write_text("id: [broken\n  at: all")
    house = make_house(folders=[BUNDLED, *found()])
    assert set(house.office.catalogue.broken) == {"greetings"}
    assert set(house.office.catalogue.plugins) == {each.id for each in bundles_in(BUNDLED)}
    page = house.client(OFFICERS["county"]).get("/services/").text
    assert "greetings：因故障停用" in page


def test_a_wheel_whose_package_is_gone_is_named(installed: Path) -> None:
    shutil.rmtree(installed / "kehou_greetings")
    [bundle] = found()
    catalogue = Catalogue.load([bundle])
    assert "kehou_greetings, which is not there" in catalogue.broken["greetings"]


def test_the_entry_points_name_is_the_id(installed: Path) -> None:
    [entries] = installed.glob("kehou_greetings-*/entry_points.txt")
    entries.write_text(entries.read_text().replace("greetings =", "hails ="))
    [bundle] = [each for each in wheels() if each.id == "hails"]
    catalogue = Catalogue.load([bundle])
    assert "the id must be" in catalogue.broken["hails"]


@pytest.mark.usefixtures("installed")
def test_of_two_with_one_id_the_bundled_one_runs_and_the_other_is_named(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    bundled = write(tmp_path / "bundled", "greetings")
    house = make_house(folders=[BUNDLED, bundled, *found()])
    catalogue = house.office.catalogue
    assert catalogue.plugins["greetings"].folder == bundled / "greetings"
    assert "there are two plugins of this id" in catalogue.broken["greetings"]
    house.office.places.switch("hexi-zhen", "greetings", "on", "某人", "2026")
    assert suggest(house.client(), plugin="greetings").status_code == 302
    page = house.client(OFFICERS["county"]).get("/services/").text
    assert "greetings：还有一个同名的，没有用它" in page


def test_wheels_are_found_in_a_folder_that_is_not_on_the_path(site: Path) -> None:
    assert [each.id for each in wheels([str(site)])] == ["greetings"]
    assert found() == []
