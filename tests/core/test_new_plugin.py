"""`kehou new-plugin` makes a service that runs as it is."""

import json
from pathlib import Path

import pytest

from core.web.app import BUNDLED
from infra.cli import main
from tests.core.conftest import MakeHouse
from tests.core.house import case_id_of
from tests.pages import hidden

HERE = "/hexi-zhen/lost_items/"


def make(into: Path, tier: int = 0, plugin: str = "lost_items", name: str = "失物招领") -> int:
    return main(["new-plugin", plugin, "--name", name, "--tier", str(tier), "--into", str(into)])


@pytest.mark.parametrize("tier", [0, 1, 2])
def test_a_new_plugin_passes_every_check_and_serves_from_page_to_answer(
    make_house: MakeHouse, tmp_path: Path, tier: int
) -> None:
    assert make(tmp_path / "more", tier) == 0
    assert main(["check", str(tmp_path / "more")]) == 0
    house = make_house(folders=[BUNDLED, tmp_path / "more"])
    house.office.places.switch("hexi-zhen", "lost_items", "on", "某人", "2026")
    client = house.client()
    assert "我要办失物招领" in client.get("/hexi-zhen/").text
    sent = {**hidden(client.get(HERE).text), "school": "hexi-1", "about": "一把蓝色雨伞"}
    sent |= {"person": "测试", "phone": "00000000112", "action": "submit"}
    case = house.office.cases.get(case_id_of(client.post(HERE, data=sent)))
    assert case is not None
    done = house.do(case, "settle", "school", step={"granted": True}, comment="在门卫处")
    assert done.state == "done"
    house.office.effects.work_off_due()
    assert "有结果了：在门卫处" in house.letters.to("00000000112")[-1]
    if tier:
        sent = {**hidden(client.get(HERE).text), **sent, "about": "啊啊啊啊啊啊"}
        sent |= hidden(client.get(HERE).text)
        assert "请用完整的话说明要办什么" in client.post(HERE, data=sent).text
    assert client.get(f"{HERE}about/").status_code == (200 if tier == 2 else 404)


def test_there_is_nothing_to_fill_in_or_to_delete(tmp_path: Path) -> None:
    make(tmp_path, 2)
    for path in (tmp_path / "lost_items").rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert [each for each in ("TODO", "FIXME", "$", "xxx", "...") if each in text] == []


@pytest.mark.parametrize(
    ("plugin", "name", "meant"),
    [("Lost-Items", "失物招领", "lost_items"), ("1st", "失物", ""), ("fine", "a: {b}", "")],
)
def test_what_is_no_id_or_no_name_is_refused_with_a_suggestion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], plugin: str, name: str, meant: str
) -> None:
    assert make(tmp_path, plugin=plugin, name=name) == 1
    assert f"did you mean {meant}" in capsys.readouterr().err or not meant
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path)
    form = tmp_path / "lost_items" / "forms" / "request.yaml"
    form.write_text("mine")
    assert make(tmp_path) == 1
    assert "something here already" in capsys.readouterr().err
    assert form.read_text() == "mine"


def test_compile_writes_the_catalogue_of_what_is_bundled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", "--out", str(tmp_path / "catalogue.json")]) == 0
    assert "volunteers" in capsys.readouterr().out
    content = json.loads((tmp_path / "catalogue.json").read_text())
    assert "volunteers" in [each["id"] for each in content["bundles"]]
