"""The tree of places and its switches: what is in force where, and who changes it when."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import switches
from core.moments import stamp
from core.places import Places, Refusal, UnknownPlace
from core.store import Change, Store, Version, Write
from core.switches import Rule
from forms.text import Text
from tests.core.conftest import MakeHouse
from tests.core.house import House

SERVICE = "volunteers"


def switch(house: House, place: str, rule: Rule, service: str = SERVICE) -> None:
    house.clock.move(seconds=1)
    house.office.places.switch(place, service, rule, "某人", stamp(house.clock.now()))


def test_several_places_are_one_read_and_those_remembered_none(house: House) -> None:
    places = house.office.places
    places._cache.clear()  # noqa: SLF001 — what 30 seconds would do
    places.get("no2")
    with house.store.expect(get=1):
        found = places.several(["no2", "hexi-1", "nowhere", "hexi-zhen", "hexi-1"])
    assert sorted(found) == ["hexi-1", "hexi-zhen", "no2"]
    assert all(found[slug].slug == slug for slug in found)
    assert [pk for pk, _ in house.store.asked[-1][1:]] == [
        "PL#hexi-1",
        "PL#nowhere",
        "PL#hexi-zhen",
    ]
    with house.store.expect():
        assert places.several(["hexi-1", "no2"]).keys() == {"hexi-1", "no2"}


def offers(house: House, place: str, service: str = SERVICE) -> bool:
    return service in house.office.places.fresh(place).services


@pytest.mark.parametrize(
    ("city", "county", "district", "offered"),
    [
        ("decide", "decide", "on", True),
        ("decide", "decide", "off", False),
        ("decide", "required", "off", True),
        ("decide", "off", "on", False),
        ("required", "decide", "off", True),
        ("required", "off", "off", True),
        ("off", "required", "on", False),
        ("off", "decide", "on", False),
    ],
)
def test_the_highest_level_that_locks_wins_else_the_district_decides(
    house: House, city: Rule, county: Rule, district: Rule, *, offered: bool
) -> None:
    for place, rule in (("hexi-zhen", district), ("qinghe", county), ("yunhe", city)):
        switch(house, place, rule)
    assert offers(house, "hexi-zhen") is offered
    assert offers(house, "hexi-1") is offered
    locked = city if city != "decide" else county
    assert offers(house, "qinghe") is (locked == "required")
    assert not offers(house, "yunhe")


def test_a_switch_reaches_the_teaching_point_below_the_school(house: House) -> None:
    switch(house, "liuting-zhen", "off")
    assert not offers(house, "xingtai")
    switch(house, "liuting-zhen", "on")
    assert offers(house, "xingtai")


def test_a_switch_of_one_county_leaves_the_other_alone(house: House) -> None:
    house.office.places.add("bei-zhen", Text("北镇"), "district", "baiting")
    switch(house, "bei-zhen", "on")
    switch(house, "qinghe", "off")
    assert offers(house, "bei-zhen")
    assert not offers(house, "hexi-zhen")


def test_a_place_added_later_inherits_what_is_locked(house: House) -> None:
    switch(house, "qinghe", "required")
    house.office.places.add("new-zhen", Text("新镇"), "district", "qinghe")
    assert offers(house, "new-zhen")


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        *[("qinghe", "on"), ("yunhe", "on"), ("hexi-zhen", "required"), ("hexi-zhen", "decide")],
        *[("hexi-1", "on"), ("museum", "off"), ("hexi-zhen", ""), ("qinghe", "nonsense")],
    ],
)
def test_a_level_says_only_what_it_may(house: House, place: str, rule: Rule) -> None:
    with pytest.raises(Refusal, match="rule_not_here"):
        switch(house, place, rule)


def test_every_switch_is_kept_with_who_when_and_what_stood_before(house: House) -> None:
    switch(house, "hexi-zhen", "off")
    switch(house, "hexi-zhen", "on")
    latest, before, *_ = house.office.places.history("hexi-zhen", SERVICE)
    assert (latest["rule"], latest["before"], latest["by"]) == ("on", "off", "某人")
    assert before["rule"] == "off"
    assert latest["at"] > before["at"]


def test_settings_are_inherited_key_by_key_and_kept_in_the_history(house: House) -> None:
    house.clock.move(seconds=1)
    places, at = house.office.places, stamp(house.clock.now())
    places.set_settings("qinghe", SERVICE, {"a": 1, "b": 1}, "某人", at)
    places.set_settings("hexi-zhen", SERVICE, {"b": 2}, "某人", at)
    assert places.fresh("hexi-1").settings[SERVICE] == {"a": 1, "b": 2}
    assert places.fresh("songlan").settings[SERVICE] == {"a": 1, "b": 1}
    assert places.fresh("baiting").settings == {}
    assert places.history("hexi-zhen", SERVICE)[0]["settings"] == {"b": 2}


@pytest.mark.parametrize(
    ("slug", "name", "kind", "parent", "code"),
    [
        ("hexi-1", "重", "school", "hexi-zhen", "slug_taken"),
        ("desk", "桌", "school", "hexi-zhen", "slug_form"),
        ("Caps", "大", "school", "hexi-zhen", "slug_form"),
        ("x", "短", "school", "hexi-zhen", "slug_form"),
        ("fine", "", "school", "hexi-zhen", "name_form"),
        ("fine", "长" * 61, "school", "hexi-zhen", "name_form"),
        ("fine", "市", "city", "hexi-zhen", "kind_not_here"),
        ("fine", "怪", "planet", "hexi-zhen", "kind_not_here"),
        ("fine", "根", "city", None, "slug_taken"),
    ],
)
def test_a_place_that_cannot_stand_is_refused_and_says_why(  # noqa: PLR0913, PLR0917 — a table
    house: House, slug: str, name: str, kind: str, parent: str | None, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        house.office.places.add(slug, Text(name), kind, parent)


def test_an_unknown_place_is_unknown(house: House) -> None:
    for slug in ("nowhere", "-", "CTX"):
        with pytest.raises(UnknownPlace):
            house.office.places.get(slug)


def test_a_switch_shows_at_once_where_it_was_made(house: House) -> None:
    assert offers(house, "hexi-zhen")
    switch(house, "hexi-zhen", "off")
    assert SERVICE not in house.office.places.get("hexi-zhen").services
    assert house.client().get("/hexi-zhen/volunteers/").status_code == 404


class Unversioned:
    """A store that forgets versions: the control of what they are for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*map(_free, writes))


def _free(write: Write) -> Write:
    if not isinstance(write, Change):
        return write
    return replace(write, when=tuple(w for w in write.when if not isinstance(w, Version)))


def two_who_saw_the_same(house: House) -> list[str]:
    """Switch two services by two officers who read the place before either wrote."""
    places, done = house.office.places, []
    stands = places.fresh("hexi-zhen")
    for service in ("first", "second"):
        other = type(places)(house.store)
        read = other.fresh
        seen = iter([stands])
        other.fresh = lambda slug, read=read, seen=seen: next(seen, None) or read(slug)  # type: ignore[method-assign]
        try:
            other.switch("hexi-zhen", service, "on", "某人", "2026-11-23T00:00:00.000Z")
        except Refusal:
            continue
        done.append(service)
    return done


def test_of_two_who_saw_the_same_one_is_refused_and_nothing_is_lost(house: House) -> None:
    before = set(house.office.places.fresh("hexi-zhen").rules)
    assert two_who_saw_the_same(house) == ["first"]
    assert before | {"first"} == set(house.office.places.fresh("hexi-zhen").rules)


def test_control_without_versions_the_second_takes_the_first_away(make_house: MakeHouse) -> None:
    house = make_house(wrap=Unversioned)
    assert two_who_saw_the_same(house) == ["first", "second"]
    assert "first" not in house.office.places.fresh("hexi-zhen").rules


def test_switches_at_once_are_each_kept_or_refused_never_lost(house: House) -> None:
    def on(n: int) -> str:
        try:
            house.office.places.switch("hexi-zhen", f"s{n}", "on", "某人", f"2026-{n}")
        except Refusal:
            return ""
        return f"s{n}"

    before = set(house.office.places.fresh("hexi-zhen").rules)
    with ThreadPoolExecutor(8) as pool:
        done = {name for name in pool.map(on, range(8)) if name}
    place = house.office.places.fresh("hexi-zhen")
    assert done
    assert done | before == set(place.rules)
    assert set(place.rules) <= set(place.services)


RULES = st.tuples(
    st.sampled_from(["yunhe", "qinghe", "baiting", "hexi-zhen", "liuting-zhen"]),
    st.sampled_from(["off", "decide", "required", "on"]),
)


@given(told=st.lists(RULES, max_size=8))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_switched_every_place_stands_as_its_line_says(
    house: House, told: list[tuple[str, Rule]]
) -> None:
    """What is frozen into each context is what working down from the root would give."""
    for place, rule in told:
        if rule in switches.rules_for(house.office.places.fresh(place).kind):
            switch(house, place, rule)
    for place in house.office.places.tree(house.office.places.root()):
        locks: dict[str, Rule] = {}
        services: list[str] = []
        for slug in place.path:
            above = house.office.places.fresh(slug)
            locks = switches.imposed(above.kind, above.rules, locks)
            services = switches.services(above.kind, above.rules, locks, services)
        assert set(services) == set(place.services), place.slug
        wins = next((r for s in place.path if (r := _lock(house, s))), None)
        if place.kind == "district" and wins:
            assert (SERVICE in place.services) == (wins == "required")


def _lock(house: House, slug: str) -> str | None:
    place = house.office.places.fresh(slug)
    rule = place.rules.get(SERVICE)
    return rule if place.kind in switches.ABOVE and rule in ("off", "required") else None


def test_a_change_whose_process_died_is_frozen_below_by_the_next_tick(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(_: Places, slug: str) -> None:
        raise KeyboardInterrupt(slug)

    places = house.office.places
    with monkeypatch.context() as patched:
        patched.setattr(Places, "freeze", died)
        with pytest.raises(KeyboardInterrupt):
            places.switch("qinghe", "volunteers", "off", "林静", "2026-11-23T02:00:00.000Z")
    assert "volunteers" in places.fresh("hexi-1").services
    house.office.ticks.tick()
    assert "volunteers" not in places.fresh("hexi-1").services
    assert house.store.query("FREEZE", index="desk").items == ()
