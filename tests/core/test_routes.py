"""Routes compile what builds their addresses when a link first wants it."""

from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.core.conftest import MakeHouse


def test_no_address_is_compiled_before_a_page_links_there(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    werkzeugs = Rule._compile_builder  # noqa: SLF001

    def counted(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002
        compiled.append(rule.rule)
        return werkzeugs(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", counted)
    house = make_house()
    assert compiled == []
    routes = len(list(house.app.url_map.iter_rules()))
    page = house.client().get("/hexi-zhen/")
    assert page.status_code == 200
    assert 'href="/hexi-zhen/volunteers/"' in page.text
    assert 0 < len(set(compiled)) < routes / 4
    before = len(compiled)
    assert house.client().get("/hexi-zhen/").text.count("href=") > 5
    assert len(compiled) == before  # once made, it stays
