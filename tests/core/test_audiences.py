"""`audiences` in a manifest: what is refused at load, and who may write to whom."""

from pathlib import Path

import pytest

from core.bundles import bundle_at
from core.loading import load_plugin
from forms.problems import DefinitionError
from tests.core.house import House
from tests.core.plugin_folder import GUIDE, blocks, write

GOOD = "audiences:\n  - {id: asked, label: 提过的, states: [waiting], by: about}\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("waiting", "waited", "has no state “waited”"),
        ("by: about", "by: words", "“words” is no field with choices that is not personal"),
        ("by: about", "by: phone", "“phone” is no field with choices that is not personal"),
        ("by: about", "workflow: gone", "there is no workflow “gone”"),
        ("states: [waiting], ", "", "states"),
    ],
)
def test_an_audience_of_nothing_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    told = blocks(GUIDE)["plugin.yaml"] + GOOD.replace(old, new)
    folder = write(tmp_path, "suggestions", plugin=told)
    with pytest.raises(DefinitionError) as refused:
        load_plugin(bundle_at(folder / "suggestions"))
    assert any(message in flaw.message for flaw in refused.value.flaws)


def test_a_sound_one_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path, "suggestions", plugin=blocks(GUIDE)["plugin.yaml"] + GOOD)
    [audience] = load_plugin(bundle_at(folder / "suggestions")).manifest.audiences
    assert (audience.id, audience.states, audience.by) == ("asked", {"waiting"}, "about")


def test_only_who_holds_a_role_of_the_service_may_write_to_its_people(house: House) -> None:
    audiences, here = house.office.circulations.audiences, house.office.places.get("hexi-1")

    def offered(who: str) -> int:
        return len(audiences.offered(here, house.person(who)))

    assert offered("school") == offered("county") > 0
    assert offered("00000000109") == offered("other_county") == offered("00000000001") == 0
    assert audiences.offered(here, None) == []
