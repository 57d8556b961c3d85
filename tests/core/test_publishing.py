"""A level publishes a service of its own, or lays changes over one; open cases keep theirs."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.bundles import bundle_at
from core.copies import Changes
from core.definitions import UnknownDefinition, bundle_hash
from core.places import Refusal
from core.publishing import NotPublished
from core.web.app import BUNDLED
from forms.problems import DefinitionError
from forms.source import read_yaml
from tests.core.conftest import MakeHouse
from tests.core.house import House, case_id_of
from tests.pages import PLACE, SERVICE, hidden

GUIDE = (Path(__file__).parents[2] / "docs" / "plugin-guide.md").read_text()
COUNTY, OTHER_COUNTY = "qinghe", "baiting"


@pytest.fixture
def suggestions(tmp_path: Path) -> Path:
    """Return the folder of the guide's service."""
    folder = tmp_path / "suggestions"
    for name, text in re.findall(
        r"```yaml\n# plugins/suggestions/(\S+)\n(.*?)```", GUIDE, re.DOTALL
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def changes(text: str) -> Changes:
    source = read_yaml(text, "registration.yaml")
    return {source.data["of"]: source}


RETITLED = changes("of: registration\ntexts: {specialties: {label: 您的拿手戏}}\nhide: [times]\n")


def publish_own(house: House, folder: Path, place: str = COUNTY) -> str:
    where = house.office.places.fresh(place)
    return house.office.publishing.put_in_force(
        house.office.publishing.propose(where, bundle_at(folder)), "张敏"
    )


def copy(house: House, made: Changes, place: str = COUNTY) -> Any:
    where = house.office.places.fresh(place)
    proposal = house.office.copies.propose(where, SERVICE, made)
    house.office.copies.publish(proposal, made, "张敏")
    return proposal


def changed_plugins(tmp_path: Path, old: str, new: str) -> Path:
    """Return a folder of plugins in which the registration form reads otherwise."""
    folder = tmp_path / "later"
    shutil.copytree(BUNDLED / SERVICE, folder / SERVICE)
    path = folder / SERVICE / "forms" / "registration.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return folder


def test_a_service_published_into_the_store_runs_in_its_county_and_nowhere_else(
    house: House, suggestions: Path
) -> None:
    publish_own(house, suggestions)
    house.office.places.switch(PLACE, "suggestions", "on", "张敏", "2026-11-23T02:00:00.000Z")
    client = house.client()
    page = client.get(f"/{PLACE}/suggestions/")
    assert "哪所学校" in page.text
    given = {"school": "hexi-1", "about": "safety", "words": "门口晚上太暗", "phone": "00000000001"}
    answer = client.post(
        f"/{PLACE}/suggestions/", data={**hidden(page.text), **given, "action": "submit"}
    )
    assert answer.status_code == 302
    assert "学校正在看您的意见" in client.get(answer.location).text
    desk = house.client("00000000103").get("/desk/?tray=D%23hexi-1%23school_officer%23suggestions")
    assert "意见建议" in desk.text
    assert house.office.offers.at(house.office.places.fresh(OTHER_COUNTY), "suggestions") is None


def test_a_service_of_the_store_is_there_after_a_restart(
    make_house: MakeHouse, suggestions: Path
) -> None:
    house = make_house()
    publish_own(house, suggestions)
    again = make_house(of=house)
    found = again.office.offers.at(again.office.places.fresh(COUNTY), "suggestions")
    assert found is not None
    assert (found.form.title.zh, found.python) == ("意见建议", None)


def test_what_cannot_be_published_is_refused_with_the_reason(
    house: House, suggestions: Path
) -> None:
    (suggestions / "plugin.py").write_text("class Plugin: ...\n")
    with pytest.raises(DefinitionError, match="no Python"):
        publish_own(house, suggestions)
    with pytest.raises(DefinitionError, match="is installed"):
        publish_own(house, BUNDLED / SERVICE)
    (suggestions / "plugin.py").unlink()
    with pytest.raises(DefinitionError, match="a city or a county publishes"):
        publish_own(house, suggestions, "hexi-1")


def test_a_second_version_is_compared_and_open_cases_keep_the_first(
    house: House, suggestions: Path
) -> None:
    first = publish_own(house, suggestions)
    house.office.places.switch(PLACE, "suggestions", "on", "张敏", "2026-11-23T02:00:00.000Z")
    client = house.client()
    page = client.get(f"/{PLACE}/suggestions/")
    given = {"school": "hexi-1", "about": "other", "words": "希望有象棋课", "phone": "00000000001"}
    answer = client.post(
        f"/{PLACE}/suggestions/", data={**hidden(page.text), **given, "action": "submit"}
    )
    form = suggestions / "forms" / "suggestion.yaml"
    form.write_text(
        form.read_text().replace(
            "          - {value: other, label: {zh: 其他, en: Something else}}\n", ""
        )
    )
    flow = suggestions / "workflows" / "answering.yaml"
    flow.write_text(flow.read_text().replace(' or about == "other"', ""))
    where = house.office.places.fresh(COUNTY)
    proposal = house.office.publishing.propose(where, bundle_at(suggestions))
    assert (proposal.verdict, dict(proposal.open_cases)) == ("mapping", {"waiting": 1})
    assert "“关于什么”取消选项“其他”" in [each.words.zh for each in proposal.changes]
    second = house.office.publishing.put_in_force(proposal, "张敏")
    assert first != second
    assert 'value="other"' not in client.get(f"/{PLACE}/suggestions/").text
    case = house.office.cases.get(case_id_of(answer))
    assert case is not None
    kept = house.office.cases.form(case).fields["about"].choices
    assert [each.value for each in kept] == ["courses", "safety", "other"]
    noted = house.office.places.history(COUNTY, "suggestions")[0]
    assert (noted["by"], noted["bundle"]) == ("张敏", second)


def test_what_would_break_a_promise_waits_for_the_open_cases(
    house: House, suggestions: Path
) -> None:
    publish_own(house, suggestions)
    house.office.places.switch(PLACE, "suggestions", "on", "张敏", "2026-11-23T02:00:00.000Z")
    form = suggestions / "forms" / "suggestion.yaml"
    form.write_text(
        form.read_text().replace("privacy: {class: contact, retain: P1Y}", "unique: county")
    )
    where = house.office.places.fresh(COUNTY)
    manifest = suggestions / "plugin.yaml"
    manifest.write_text(manifest.read_text().replace("personal_data: [phone]\n", ""))
    assert house.office.publishing.propose(where, bundle_at(suggestions)).verdict == "compatible"
    client = house.client()
    page = client.get(f"/{PLACE}/suggestions/")
    given = {"school": "hexi-1", "about": "other", "words": "希望有象棋课", "phone": "00000000001"}
    client.post(f"/{PLACE}/suggestions/", data={**hidden(page.text), **given, "action": "submit"})
    proposal = house.office.publishing.propose(where, bundle_at(suggestions))
    assert proposal.verdict == "refused"
    with pytest.raises(NotPublished):
        house.office.publishing.put_in_force(proposal, "张敏")


def test_a_countys_changes_show_on_its_forms_and_no_others(house: House) -> None:
    copy(house, RETITLED)
    here, there = (
        house.office.offers.at(house.office.places.fresh(slug), SERVICE)
        for slug in (PLACE, OTHER_COUNTY)
    )
    assert here is not None
    assert there is not None
    assert (here.form.fields["specialties"].label.zh, here.python) != (
        there.form.fields["specialties"].label.zh,
        None,
    )
    assert here.form.fields["times"].show_if is not None
    case = house.submit(1)  # with the installed form's hash: accepted before the change
    assert house.office.cases.form(case).hash == there.form.hash


def test_changes_are_inherited_by_a_later_installed_version(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house()
    copy(house, RETITLED)
    later = changed_plugins(tmp_path, "大约 3 分钟。", "大约 5 分钟。")
    again = make_house(of=house, folders=(later,))
    service = again.office.offers.at(again.office.places.fresh(PLACE), SERVICE)
    assert service is not None
    assert service.form.pages[0].intro.zh == "大约 5 分钟。"
    assert service.form.fields["specialties"].label.zh == "您的拿手戏"
    assert again.office.copies.of(COUNTY, SERVICE)[1] == []
    assert again.office.places.history(COUNTY, SERVICE)[0]["by"] == ""
    assert again.office.copies.inherit() == []  # done once


def test_what_both_changed_is_shown_and_the_county_keeps_what_it_has(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house()
    copy(house, RETITLED)
    before = house.office.places.fresh(COUNTY).definitions[SERVICE]
    label = re.search(
        r"name: specialties.*?label: \{zh: (\S+),",
        (BUNDLED / SERVICE / "forms/registration.yaml").read_text(),
        re.DOTALL,
    )
    assert label
    later = changed_plugins(tmp_path, f"label: {{zh: {label[1]},", "label: {zh: 会什么,")
    again = make_house(of=house, folders=(later,))
    assert again.office.places.fresh(COUNTY).definitions[SERVICE] == before
    assert [each.zh for each in again.office.copies.of(COUNTY, SERVICE)[1]] == [
        "新版和本级都改了“会什么”的文字"
    ]
    copy(again, changes("of: registration\nhide: [times]\n"))  # settled: theirs is taken
    assert again.office.copies.of(COUNTY, SERVICE)[1] == []
    service = again.office.offers.at(again.office.places.fresh(PLACE), SERVICE)
    assert service is not None
    assert service.form.fields["specialties"].label.zh == "会什么"


def test_of_two_officers_who_decided_on_the_same_page_the_second_looks_again(
    house: House,
) -> None:
    where = house.office.places.fresh(COUNTY)
    first, second = RETITLED, changes("of: registration\nhide: [times]\n")
    proposals = [house.office.copies.propose(where, SERVICE, each) for each in (first, second)]
    house.office.copies.publish(proposals[0], first, "张敏")
    with pytest.raises(Refusal, match="changed_meanwhile"):
        house.office.copies.publish(proposals[1], second, "李文")
    assert house.office.copies.of(COUNTY, SERVICE)[0]["registration"].data["texts"]


def test_a_bundle_is_kept_whole_or_its_name_stands_nowhere(house: House) -> None:
    plugin = house.office.catalogue.plugins[SERVICE]
    kept = house.office.offers.definitions.service(bundle_hash(plugin))
    assert kept.form.hash == plugin.form.hash
    assert kept.workflow.hash == plugin.workflow.hash
    with pytest.raises(UnknownDefinition):
        house.office.offers.definitions.service("0" * 64)


def test_keeping_what_is_kept_costs_one_read(house: House) -> None:
    with house.store.expect(get=1):
        house.office.offers.definitions.keep(house.office.catalogue.plugins.values())
