"""The compiled catalogue says what the folders say, and opens without looking for anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.bundles import bundles_in
from core.discovery import wheels
from core.frozen import freeze, is_stale, thaw, written
from core.plugins import Catalogue
from core.web.app import BUNDLED
from forms.problems import DefinitionError
from tests.core.conftest import MakeHouse
from tests.core.house import hand_in
from tests.core.plugin_folder import write
from tests.core.wheel import build_wheel, install
from tests.pages import FORM

ROOT = Path(__file__).parents[2]
OPENED = """
import importlib.metadata, sys
def scanned(*_, **__):
    raise AssertionError("the entry points were scanned")
importlib.metadata.distributions = importlib.metadata.entry_points = scanned
from pathlib import Path
from apig_wsgi import make_lambda_handler
from core.frozen import thaw
from core.web.app import create_app
from infra.aws import handler, ports
from infra.local.app import local_ports
app = create_app(local_ports(Path(sys.argv[1])), thaw(Path(sys.argv[2])))
app.extensions["kehou"].publish()
page = app.test_client().get("/hexi-zhen/volunteers/")
assert page.status_code == 200, page.status_code
assert "yaml" not in sys.modules, "YAML was parsed"
print(sorted(app.extensions["kehou"].catalogue.plugins))
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("compiled") / "catalogue.json", freeze(ROOT))


def test_what_is_compiled_is_what_the_folders_hold(compiled: Path) -> None:
    loose, frozen = Catalogue.load([BUNDLED]), Catalogue.load(thaw(compiled))
    assert set(frozen.plugins) == set(loose.plugins)
    for name, plugin in loose.plugins.items():
        other = frozen.plugins[name]
        assert other.forms == plugin.forms
        hashes = {each.hash for each in plugin.workflows.values()}
        assert {each.hash for each in other.workflows.values()} == hashes
        assert other.manifest.source.data == plugin.manifest.source.data
        assert (other.python is None) == (plugin.python is None)
        assert other.folder == plugin.folder
        assert frozen.hooks_of(name) == loose.hooks_of(name)
    assert frozen.broken == {}


def test_an_installation_from_the_catalogue_takes_registrations(
    make_house: MakeHouse, compiled: Path
) -> None:
    house = make_house(folders=thaw(compiled))
    assert hand_in(house.client(), 1).status_code == 302
    assert house.client().get(f"{FORM}directory/").status_code == 200


def test_a_start_from_the_catalogue_parses_no_yaml_and_scans_no_entry_points(
    built: Path, compiled: Path
) -> None:
    command = [sys.executable, "-c", OPENED, str(built), str(compiled)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "volunteers" in done.stdout


def test_the_control_of_that_test_parses_yaml_where_there_is_no_catalogue(built: Path) -> None:
    script = OPENED.replace("thaw(Path(sys.argv[2]))", "[Path(sys.argv[2])]")
    command = [sys.executable, "-c", script, str(built), str(BUNDLED)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "YAML was parsed" in done.stderr


def test_a_catalogue_older_than_its_sources_is_stale(tmp_path: Path) -> None:
    write(tmp_path / "plugins", "suggestions")
    compiled = written(tmp_path / "catalogue.json", freeze(tmp_path))
    assert not is_stale(compiled, tmp_path)
    form = tmp_path / "plugins" / "suggestions" / "forms" / "suggestion.yaml"
    form.write_text(form.read_text().replace("zh: 安全", "zh: 平安"))
    assert is_stale(compiled, tmp_path)


def test_a_wheel_is_compiled_too_and_a_bundled_one_goes_before_it(tmp_path: Path) -> None:
    project = tmp_path / "wheel"
    write(project, "compiled")
    (project / "compiled").rename(project / "kehou_compiled")
    site = install(build_wheel(project, "compiled"), tmp_path / "site")
    found = list(wheels([str(site)]))
    content = freeze(tmp_path, found)
    assert [each["package"] for each in content["bundles"]] == ["kehou_compiled"]
    write(tmp_path / "plugins", "compiled")
    content = freeze(tmp_path, found)
    assert [each["package"] for each in content["bundles"]] == ["plugins.compiled"]


def test_what_is_flawed_is_not_compiled(tmp_path: Path) -> None:
    write(tmp_path / "plugins", "odd", forms__suggestion="id: [broken")
    with pytest.raises(DefinitionError):
        freeze(tmp_path)


def test_the_catalogue_has_no_lines_of_this_machine(compiled: Path) -> None:
    assert str(ROOT) not in json.dumps(json.loads(compiled.read_text()))
    assert [each.id for each in bundles_in(BUNDLED)] == [each.id for each in thaw(compiled)]
