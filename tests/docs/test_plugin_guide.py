"""The guide's plugin works as it stands there, and no key goes without a line."""

import importlib
import json
import re
import sys
from datetime import date
from pathlib import Path

import pytest

from core.commands.definitions import changed, listed
from core.discovery import wheels
from core.manifest import load_manifest
from core.web.app import BUNDLED
from forms.calendar import national_calendar
from forms.copies import COPY_KEYS
from forms.loading import load_form
from forms.source import Source, read_yaml
from forms.surroundings import Surroundings
from forms.trial import run_tests
from infra.cli import main
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.plugin_folder import suggest
from tests.core.wheel import build_wheel, install
from tests.pages import hidden
from workflows.loading import PARAMETERS, load_workflow
from workflows.shapes import PLACE_KINDS, STATE, TRANSITION, WORKFLOW
from workflows.trial import try_workflow

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "plugin-guide.md").read_text()
REFERENCE = (DOCS / "workflows.md").read_text()


def files() -> dict[str, Source]:
    blocks = re.findall(r"```yaml\n# plugins/suggestions/(\S+)\n(.*?)```", GUIDE, re.DOTALL)
    return {name: read_yaml(text, name) for name, text in blocks}


def test_the_plugin_of_the_guide_loads_and_its_story_ends_as_told() -> None:
    sources = files()
    manifest = load_manifest(sources.pop("plugin.yaml"), "suggestions")
    workflow_source = sources.pop("workflows/answering.yaml")
    forms = {form.id: form for form in map(load_form, sources.values())}
    roles = [role.id for role in manifest.roles]
    workflow = load_workflow(workflow_source, forms, (), roles)
    assert [flaw for form in forms.values() for flaw in run_tests(form)] == []
    assert manifest.missing(forms, [workflow.id]) == []

    [story] = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    around = Surroundings(date(2026, 10, 8), national_calendar())
    told = try_workflow(workflow, json.loads(story), around)
    assert told["states"] == ["waiting", "answered"]
    assert [each["event"] for each in told["effects"]] == [2, 3]
    assert [each["event"] for each in told["refused"]] == [1]


@pytest.mark.parametrize(
    "key",
    [*WORKFLOW, *STATE, *TRANSITION, *PLACE_KINDS, *(f"{{{name}}}" for name in sorted(PARAMETERS))],
)
def test_every_key_of_a_workflow_has_a_line_in_the_reference(key: str) -> None:
    assert f"`{key}`" in REFERENCE


def block(kind: str, name: str) -> str:
    [text] = re.findall(rf"```{kind}\n# {re.escape(name)}\n(.*?)```", GUIDE, re.DOTALL)
    return str(text)


def follow(folder: Path, *, python: bool = False) -> Path:
    """Write down what the guide says to; return the plugin's folder."""
    told = dict(re.findall(r"```yaml\n# plugins/suggestions/(\S+)\n(.*?)```", GUIDE, re.DOTALL))
    if python:
        told["plugin.py"] = block("python", "plugins/suggestions/plugin.py")
        told["plugin.yaml"] += "hooks: [check_submission]\n"
        assert "    hooks: [check_submission]\n" in GUIDE
    for name, text in told.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def forget(package: str) -> None:
    """Have a package imported anew, as another process would."""
    for name in [each for each in sys.modules if each.partition(".")[0] == package]:
        del sys.modules[name]


def serves(house: House, *, python: bool) -> None:
    """Turn the service on as its officer would, hand something in, and have it answered."""
    county = house.client(OFFICERS["county"])
    token = {"csrf_token": hidden(county.get("/services/").text)["csrf_token"]}
    county.post("/hexi-zhen/services/suggestions/open/", data=token)
    client = house.client()
    assert "我要提意见" in client.get("/hexi-zhen/").text
    if python:
        assert "请用完整的话说明" in suggest(client, "好好好好好好").text
    case = house.office.cases.get(case_id_of(suggest(client)))
    assert case is not None
    answered = house.do(case, "reply", "school", step={"settled": True}, comment="灯装好了")
    assert answered.state == "answered"
    house.office.effects.work_off_due()
    said = house.letters.to("00000000112")[-1]
    assert said.startswith("您的意见建议（")
    assert said.endswith("有答复了：灯装好了")


@pytest.mark.parametrize("tier", [0, 1])
def test_the_guide_followed_as_a_folder_serves(
    make_house: MakeHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str], tier: int
) -> None:
    python = tier > 0
    folder = follow(tmp_path / "plugins" / "suggestions", python=python)
    assert main(["check", str(tmp_path / "plugins")]) == 0
    [story] = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "events.json").write_text(story)
    workflow = str(folder / "workflows" / "answering.yaml")
    capsys.readouterr()
    assert main(["workflow", "try", workflow, str(tmp_path / "events.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["states"] == ["waiting", "answered"]
    serves(make_house(folders=[BUNDLED, tmp_path / "plugins"]), python=python)


def test_the_guide_followed_as_a_wheel_serves(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    package = follow(project / "kehou_suggestions", python=True)
    (project / "pyproject.toml").write_text(block("toml", "pyproject.toml"))
    assert main(["check", str(package)]) == 0
    forget("kehou_suggestions")
    site = install(build_wheel(project, "suggestions"), tmp_path / "site")
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    found = [each for each in wheels() if each.id == "suggestions"]
    assert [each.folder for each in found] == [site / "kehou_suggestions"]
    serves(make_house(folders=[BUNDLED, *found]), python=True)
    forget("kehou_suggestions")


def command(*words: str) -> list[str]:
    """Return the guide's command that has these words, as the shell would split it."""
    [line] = [
        each for each in re.findall(r"^    kehou (.*)$", GUIDE, re.MULTILINE)
        if all(word in each for word in words)
    ]  # fmt: skip
    return line.split()


def test_the_guide_followed_into_the_store_serves_and_is_changed(
    make_house: MakeHouse,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = make_house(folders=[BUNDLED])
    follow(tmp_path / "services" / "suggestions")
    monkeypatch.chdir(tmp_path)
    where = ["--folder", str(house.folder)]
    publish, change, move = (
        command("definitions", each) for each in ("publish ", "change ", "move ")
    )
    assert main([*publish, *where, "--dry-run"]) == 0
    assert capsys.readouterr().out.split() == ["suggestions", "at", "qinghe:", "new"]
    assert main([*publish, *where]) == 0
    house = make_house(of=house, folders=[BUNDLED])
    serves(house, python=False)
    waiting = case_id_of(suggest(house.client()))

    (tmp_path / "changes").mkdir()
    (tmp_path / change[3]).write_text(block("yaml", change[3]))
    assert main([*change, *where]) == 1  # it is the county's own: published anew, not changed
    assert main([*publish, *where]) == 0
    assert "suggestions at qinghe: same" in capsys.readouterr().out
    form = tmp_path / "services" / "suggestions" / "forms" / "suggestion.yaml"
    form.write_text(form.read_text().replace("zh: 请说说您的意见", "zh: 请您说说"))
    assert main([*publish, "--folder", str(house.folder)]) == 0
    assert "“请说说您的意见”改称“请您说说”" in capsys.readouterr().out
    assert main([*move, "--folder", str(house.folder)]) == 0
    assert "1 moved, 0 stay" in capsys.readouterr().out
    again = make_house(of=house, folders=[BUNDLED])
    case = again.office.cases.get(waiting)
    assert case is not None
    assert again.office.cases.form(case).fields["words"].label.zh == "请您说说"


def test_the_guides_changes_are_laid_over_an_installed_service(
    make_house: MakeHouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    follow(tmp_path / "plugins" / "suggestions")
    house = make_house(folders=[BUNDLED, tmp_path / "plugins"])
    path = tmp_path / "suggestion.yaml"
    path.write_text(block("yaml", command("definitions", "change ")[3]))
    where = house.office.places.fresh("qinghe")
    proposal = changed(house.office, where, "suggestions", [path], "张敏")
    assert proposal.verdict == "compatible"
    house.office.places.switch("hexi-zhen", "suggestions", "on", "张敏", "2026")
    page = house.client().get("/hexi-zhen/suggestions/").text
    for words in ("说清时间、地点更好办", "安全和接送", "用餐", "所在村"):
        assert words in page
    said = "\n".join(listed(house.office, house.office.places.fresh("qinghe")))
    assert "changed here or above" in said
    monkeypatch.setattr(house.clock, "at", house.clock.at.replace(hour=3))
    assert house.office.copies.withdraw(house.office.places.fresh("qinghe"), "suggestions", "张敏")
    assert "用餐" not in house.client().get("/hexi-zhen/suggestions/").text


def test_the_command_that_the_guide_begins_from_exists(tmp_path: Path) -> None:
    [line] = re.findall(r"^    kehou (new-plugin .*)$", GUIDE, re.MULTILINE)
    assert main([*line.split(), "--into", str(tmp_path)]) == 0
    assert main(["check", str(tmp_path)]) == 0


@pytest.mark.parametrize("key", COPY_KEYS)
def test_every_key_of_a_change_has_a_line_in_the_guide(key: str) -> None:
    assert f"`{key}`" in GUIDE
