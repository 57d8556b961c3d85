"""A draft is kept as typed, sealed, for 30 days; what it leaves behind is cleared away."""

from dataclasses import replace

import pytest

from core.drafts import Draft, DraftMoved, Drafts, draft_key
from core.numbers import fresh_number
from tests.core.house import House, everything
from tests.pages import PLACE, SERVICE


@pytest.fixture
def drafts(house: House) -> Drafts:
    return house.office.drafts


@pytest.fixture
def draft(house: House) -> Draft:
    form = house.office.catalogue.plugins[SERVICE].form.hash
    answers = {"name": "周喆", "id_number": "149999195803151017"}
    return Draft(fresh_number(), SERVICE, PLACE, "qinghe", form, 1, answers)


def test_what_was_typed_comes_back_and_is_sealed_at_rest(
    house: House, drafts: Drafts, draft: Draft
) -> None:
    kept = drafts.save(draft)
    assert drafts.get(draft.id) == kept
    assert (kept.v, kept.answers, kept.page) == (1, draft.answers, 1)
    stored = str(everything(house, f"C#{draft.id}"))
    assert "周喆" not in stored
    assert "195803" not in stored


def test_a_save_over_a_newer_one_is_refused_and_shows_it(drafts: Drafts, draft: Draft) -> None:
    first = drafts.save(draft)
    newer = drafts.save(replace(first, answers={"name": "周吉"}))
    with pytest.raises(DraftMoved) as moved:
        drafts.save(replace(first, answers={"name": "周喆喆"}))
    assert moved.value.draft == newer
    assert drafts.save(replace(first, answers={"name": "周吉"})) == newer  # the same again


def test_a_draft_is_over_after_thirty_days_without_a_word(
    house: House, drafts: Drafts, draft: Draft
) -> None:
    first = drafts.save(draft)
    house.clock.move(days=29)
    drafts.save(replace(first, answers={"name": "周吉"}))
    house.clock.move(days=29)
    assert drafts.get(draft.id) is not None
    house.clock.move(days=1)
    assert drafts.get(draft.id) is None


def test_what_is_over_is_cleared_away_with_its_files_and_not_before(
    house: House, drafts: Drafts, draft: Draft
) -> None:
    house.office.ports.files.put(f"{draft.id}/a", b"sealed")
    first = drafts.save(replace(draft, files=(f"{draft.id}/a",)))
    house.clock.move(days=20)
    drafts.save(first)
    house.clock.move(days=20)
    house.office.ticks.tick()
    assert drafts.get(draft.id) is not None
    house.clock.move(days=20)
    house.office.ticks.tick()
    assert everything(house, f"C#{draft.id}") == []
    assert house.office.ports.files.get(f"{draft.id}/a") is None
    assert [each for each in everything(house, "T#") if each.get("case") == draft.id] == []


def test_of_a_draft_handed_in_only_files_the_case_does_not_hold_are_deleted(
    house: House, drafts: Drafts
) -> None:
    case = house.submit(1, kind="professional")
    names = (f"{case.id}/kept", f"{case.id}/dropped")
    for name in names:
        house.office.ports.files.put(name, b"sealed")
    blank = Draft(case.id, SERVICE, PLACE, "qinghe", case.item["form"], files=names)
    house.office.ports.store.commit(drafts.handed_in(drafts.save(blank)))
    assert drafts.get(case.id) is None
    house.clock.move(days=31)
    house.office.ticks.tick()
    assert [house.office.ports.files.get(name) for name in names] == [None, None]
    assert house.now(case).id == case.id


def test_a_draft_becomes_theirs_who_signs_in_and_nobody_elses(
    house: House, drafts: Drafts, draft: Draft
) -> None:
    drafts.save(draft)
    mine = house.office.people.enter("00000000001").holder
    drafts.adopt([draft.id, fresh_number()], mine)
    drafts.adopt([draft.id], house.office.people.enter("00000000002").holder)
    found = drafts.get(draft.id)
    assert found is not None
    assert found.holder == mine
    page = house.office.ports.store.query(f"M#{mine}", index="mine")
    assert [(each["pk"], each["sk"]) for each in page.items] == [draft_key(draft.id)]


def test_a_draft_thrown_away_leaves_nothing(house: House, drafts: Drafts, draft: Draft) -> None:
    house.office.ports.files.put(f"{draft.id}/a", b"sealed")
    drafts.discard(drafts.save(replace(draft, files=(f"{draft.id}/a",))))
    assert drafts.get(draft.id) is None
    assert house.office.ports.files.get(f"{draft.id}/a") is None
