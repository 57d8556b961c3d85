"""What every bundled plugin has to bear: on, off, raising in each hook, gone from the disk."""

import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.bundles import bundles_in
from core.case_items import Case
from core.commands.check import check
from core.demo import demo_county
from core.dispatch import Switchboard
from core.hooks import hookimpl
from core.loading import load_plugin
from core.plugins import ALL, PluginFailed
from core.web.app import BUNDLED
from tests.core.house import House, build_seeded, everything, open_house
from workflows.definition import Transition

PLUGINS = [bundle.id for bundle in bundles_in(BUNDLED)]
OPEN = ("open", "returned", "standing")


def hooks(plugin: str) -> list[str]:
    """Return the hooks that a bundled plugin implements."""
    [bundle] = [each for each in bundles_in(BUNDLED) if each.id == plugin]
    python = load_plugin(bundle).python
    if python is None:
        return []
    board = Switchboard()
    board.connect(plugin, python)
    return board.hooks_of(plugin)


HOOKS = [(plugin, hook) for plugin in PLUGINS for hook in hooks(plugin)]
Open = Callable[..., House]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sample county with every plugin's part of it."""
    folder = tmp_path_factory.mktemp("seeded") / "var"
    folder.mkdir()
    build_seeded(folder)
    return folder


@pytest.fixture
def open_seeded(seeded: Path, tmp_path: Path) -> Iterator[Open]:
    """Return what opens a copy of the sample county."""
    opened: list[House] = []

    def make(**how: Any) -> House:
        opened.append(open_house(seeded, tmp_path / f"house{len(opened)}", **how))
        return opened[-1]

    yield make
    for house in opened:
        house.close()


def cases(house: House, plugin: str) -> list[Case]:
    """Return the plugin's cases that are not at an end."""
    heads = [item for item in everything(house, "C#") if item["sk"] == "H"]
    found = [Case(item, house.office.vault) for item in heads if item["plugin"] == plugin]
    states = [house.office.cases.workflow(each).states[each.state] for each in found]
    return [each for each, state in zip(found, states, strict=True) if state.kind in OPEN]


def applicant(house: House, case: Case) -> str:
    """Return the phone of whose case it is, "" where none was left or an officer began it."""
    return house.office.cases.subjects.phone_of(case)


def easy_move(house: House, plugin: str) -> tuple[Case, str, Transition]:
    """Return a case, somebody's phone, and a move they may make without filling anything in."""
    officers = [each["phone"] for each in demo_county()["people"]]
    for case in cases(house, plugin):
        around = house.office.around("zh", house.office.places.get(case.item["place"]))
        for phone in filter(None, (applicant(house, case), *officers)):
            actor = house.office.cases.actor(case, house.person(phone))
            for move in house.office.cases.moves(case, actor, around):
                rests_on_facts = len(move.to) > 1
                if not (move.form or move.amend or rests_on_facts) and move.name != "submit":
                    return case, phone, move
    raise AssertionError(f"no case of {plugin} can be moved without a form")


def make(house: House, case: Case, phone: str, move: Transition) -> Case:
    marks = tuple(sorted(house.office.cases.workflow(case).fields)[:1]) if move.marks else ()
    return house.do(case, move.name, phone, comment="请看说明", marks=marks)


def districts(plugin: str) -> list[str]:
    return [each["place"] for each in demo_county()["switches"] if each["plugin"] == plugin]


def pages(house: House, plugin: str) -> list[str]:
    """Return the addresses of a plugin's pages in its first district."""
    here = f"/{districts(plugin)[0]}/{plugin}/"
    told = house.office.catalogue.plugins[plugin].manifest
    own = [f"{here}{item.path}/" for item in told.menu if not item.officers]
    return [here, *([f"{here}list/"] if told.listing else []), *own]


def opened(house: House, plugin: str, path: str, phone: str = "") -> TestResponse:
    """Return a page, or the one of the same service's that it leads on to."""
    client = house.client(phone)
    answer = client.get(path)
    return client.get(answer.location) if answer.location in pages(house, plugin) else answer


def show_case(house: House, case: Case) -> None:
    """Check that officer, applicant, desk and list still show a case."""
    path = f"/{case.item['place']}/case/{case.id}/"
    officer = house.client("00000000102").get(path)
    assert officer.status_code == 200
    assert 'class="timeline' in officer.text or "<ol" in officer.text
    phone = applicant(house, case)
    if phone:  # else it was handed in by nobody who said who they are
        assert house.client(phone).get(path).status_code == 200
        assert house.client(phone).get("/my/").status_code == 200
    assert house.client("00000000102").get("/desk/").status_code == 200


def broken(house: House) -> str:
    return house.client("00000000102").get("/services/").text


def test_there_is_something_to_hold_to_the_contract() -> None:
    assert PLUGINS
    assert {plugin for plugin, _ in HOOKS} <= set(PLUGINS)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_switched_on_its_pages_open_and_the_portal_leads_there(
    open_seeded: Open, plugin: str
) -> None:
    house = open_seeded()
    for place in districts(plugin):
        told, page = (
            house.office.catalogue.plugins[plugin].manifest,
            house.client().get(f"/{place}/"),
        )
        assert told.action.zh in page.text or (told.listing and told.listing.label.zh in page.text)
    for path in pages(house, plugin):
        answer = opened(house, plugin, path)
        own = answer.status_code == 302 and answer.location.startswith("/sign-in/?next=")
        assert answer.status_code == 200 or own, path
        assert opened(house, plugin, path, "00000000112").status_code == 200, path


@pytest.mark.parametrize("plugin", PLUGINS)
def test_switched_off_it_takes_nothing_new_and_open_cases_finish(
    open_seeded: Open, plugin: str
) -> None:
    house = open_seeded()
    case, phone, move = easy_move(house, plugin)
    for place in districts(plugin):
        house.office.places.switch(place, plugin, "off", "某人", "2026")
    for path in pages(house, plugin):
        assert house.client().get(path).status_code == 404, path
    show_case(house, case)
    assert make(house, case, phone, move).v == case.v + 1


@pytest.mark.parametrize(("plugin", "hook"), HOOKS)
def test_raising_in_a_hook_does_what_the_prefix_says_and_no_more(
    open_seeded: Open, monkeypatch: pytest.MonkeyPatch, plugin: str, hook: str
) -> None:
    def raising(_: object) -> None:
        raise ZeroDivisionError

    assert hooks(plugin)
    python = sys.modules[f"plugins.{plugin}.plugin"].Plugin
    monkeypatch.setattr(python, hook, hookimpl(raising))
    house = open_seeded()
    prefix, running = hook.partition("_")[0], house.office.catalogue
    assert (plugin in running.broken) == (prefix == "register")
    assert house.client().get(f"/{districts(plugin)[0]}/").status_code == 200
    case, phone, move = easy_move(house, plugin)
    show_case(house, case)
    what = hook.partition("_")[2]
    branches = house.office.cases.workflow(case).facts and len(move.to) > 1
    asked = what != "submission" and (what != "facts" or branches)
    if prefix in ("register", "check", "claim") and asked:
        with pytest.raises(PluginFailed):
            make(house, case, phone, move)
        assert house.now(case).v == case.v
    else:
        assert make(house, case, phone, move).v == case.v + 1
        house.office.effects.work_off_due()
    if prefix == "register":
        assert f"{plugin}：因故障停用" in broken(house)
    else:
        assert opened(house, plugin, f"/{districts(plugin)[0]}/{plugin}/").status_code == 200
    if hook == "provide_agenda":
        _agendas_are_missing(house, plugin)
    if hook == "provide_figures":
        figures = house.client("00000000102").get(f"/qinghe/{plugin}/figures/")
        assert figures.status_code == 200
        assert "现在算不出来" in figures.text
    if hook == "provide_choices":
        place = house.office.places.get(districts(plugin)[0])
        offered = running.plugins[plugin].manifest.lookups
        for who in ("00000000102", "00000000103"):
            found = house.office.contexts.lookups(place, house.person(who))
            assert [found.get(f"{plugin}.{name}") for name in offered] == [None] * len(offered)


def _agendas_are_missing(house: House, plugin: str) -> None:
    """Check that an agenda's page stands without what the plugin would have told."""
    manifest, places = house.office.catalogue.plugins[plugin].manifest, house.office.places
    here = [places.get(each["slug"]) for each in demo_county()["places"]]
    agendas = [each for each in here if plugin in each.services and manifest.agenda_at(each.kind)]
    assert agendas
    for each in agendas:
        answer = house.client("00000000102").get(f"/{each.slug}/{plugin}/agenda/")
        assert answer.status_code == 200
        assert "日程暂时读不出来" in answer.text


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("how", ["missing", "left out", "all left out"])
def test_gone_while_switched_on_its_cases_stay_readable_and_wait(
    open_seeded: Open, tmp_path: Path, plugin: str, how: str
) -> None:
    rest = tmp_path / "plugins"
    shutil.copytree(BUNDLED, rest)
    if how == "missing":
        shutil.rmtree(rest / plugin)
    without = {"missing": (), "left out": (plugin,), "all left out": (ALL,)}[how]
    case, phone, move = easy_move(open_seeded(), plugin)
    house = open_seeded(folders=[rest], without=without)
    said = "已开通，但没有安装" if how == "missing" else "本次启动没有带上"
    assert f"{plugin}：{said}" in broken(house)
    assert house.client().get(f"/{districts(plugin)[0]}/").status_code == 200
    assert house.client().get(f"/{districts(plugin)[0]}/{plugin}/").status_code == 404
    show_case(house, case)
    with pytest.raises(PluginFailed):
        make(house, case, phone, move)
    house.clock.move(days=60)
    house.office.ticks.tick()
    assert house.now(case).state == case.state
    later = open_house(house.folder, tmp_path / "later")
    with closing(later):
        later.clock.move(days=60, hours=2)
        later.office.ticks.tick()
        now = later.now(case)
        now = make(later, now, phone, move) if now.state == case.state else now
        assert now.state != case.state


@pytest.mark.parametrize("plugin", PLUGINS)
def test_its_tests_pass_and_its_manifest_declares_what_it_really_uses(plugin: str) -> None:
    flaws = check([BUNDLED])
    assert [flaw for flaw in flaws if f"/{plugin}/" in flaw.position.file] == []
    [bundle] = [each for each in bundles_in(BUNDLED) if each.id == plugin]
    loaded = load_plugin(bundle)
    assert sorted(loaded.manifest.hooks) == hooks(plugin)
    fields = [field for form in loaded.forms.values() for field in form.fields.values()]
    personal = {field.name for field in fields if field.is_personal}
    assert loaded.manifest.personal_data == personal
    assert loaded.form.tests
    assert (BUNDLED / plugin / "README.md").stat().st_size > 100
