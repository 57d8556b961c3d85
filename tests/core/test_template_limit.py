"""A service has so many templates in a county and no more, however many are sent at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.stencils import keeping
from core.stencils.keeping import Stencil, TooMany
from core.store import Store, Write
from tests.core.documents_made import document, paragraph
from tests.core.house import House, everything
from tests.core.test_stencils import placed

LETTER = document(paragraph("{{姓名}}"))


def kept(house: House) -> Stencil | None:
    try:
        return house.office.stencils.keep(
            "qinghe", "volunteers", "a.docx", LETTER, house.person("county")
        )
    except TooMany:
        return None


def standing(house: House) -> list[Stencil]:
    return house.office.stencils.standing("qinghe", "volunteers")


def all_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> list[Stencil]:
    """Send eight while three may be kept, each having seen none; return those that were kept."""
    monkeypatch.setattr(keeping, "MOST", 3)
    monkeypatch.setattr(keeping.Stencils, "standing", lambda *_: [])
    with ThreadPoolExecutor(8) as pool:
        found = [each for each in pool.map(kept, [house] * 8) if each]
    monkeypatch.undo()
    assert len(standing(house)) == len(found)
    assert len([e for e in (house.folder / "files").rglob("*") if e.is_file()]) == len(found)
    return found


def test_of_many_at_once_no_more_are_kept_than_may_be(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(all_at_once(house, monkeypatch)) == 3


def test_control_without_the_condition_all_are_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = type(house.office.ports.store).commit

    def unconditional(self: Store, *writes: Write) -> None:
        for each in writes:
            if getattr(each, "add", None):
                object.__setattr__(each, "when", ())
        commit(self, *writes)

    monkeypatch.setattr(type(house.office.ports.store), "commit", unconditional)
    assert len(all_at_once(house, monkeypatch)) == 8


def test_what_is_deleted_makes_room_once_however_often_it_is_deleted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    first, second = kept(house), kept(house)
    assert first
    assert second
    assert kept(house) is None
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(house.office.stencils.delete, [first] * 4))
    monkeypatch.setattr(keeping.Stencils, "standing", lambda *_: [])
    assert kept(house)
    assert kept(house) is None


def test_the_count_is_of_one_service_in_one_county(house: House) -> None:
    placed(house, LETTER)
    assert [each["n"] for each in everything(house, "PL#") if each["sk"] == "TPLS#volunteers"] == [
        1
    ]
