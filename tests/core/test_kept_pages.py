"""A first page that is kept is the page that would have been rendered."""

import re

from core.web.kept_pages import AT_MOST, KeptPages
from forms.text import Text
from tests.core.house import NOW, House, hand_in
from tests.pages import FORM, hidden


def bare(html: str) -> str:
    """Return a page without its two tokens."""
    return re.sub(r'(name="(?:csrf_token|case)" value=")[^"]*', r"\1", html)


def kept(house: House) -> int:
    return len(house.app.extensions["kehou_pages"]._pages)  # noqa: SLF001 — what is kept is hidden


def test_every_visitor_gets_the_same_page_with_tokens_of_their_own(house: House) -> None:
    first, second = (house.client().get(FORM).text for _ in range(2))
    assert bare(first) == bare(second)
    for name in ("csrf_token", "case"):
        assert hidden(first)[name] != hidden(second)[name]
    assert "\N{OBJECT REPLACEMENT CHARACTER}" not in first
    assert kept(house) == 1


def test_a_kept_page_is_as_good_as_a_fresh_one(house: House) -> None:
    for n in (1, 2):
        assert hand_in(house.client(), n).status_code == 302


def test_language_size_day_and_place_each_have_their_page(house: House) -> None:
    pages = [house.client().get(FORM).text, house.client().get(FORM + "?from=share").text]
    for name, value in (("lang", "en"), ("size", "large")):
        client = house.client()
        client.set_cookie(name, value)
        pages.append(client.get(FORM).text)
    house.clock.at = NOW.replace(day=24)
    pages.append(house.client().get(FORM).text)
    house.clock.at = NOW
    house.office.places.add("neu-zhen", Text("新校"), "school", "hexi-zhen")
    again = house.client().get(FORM).text
    assert len({bare(page) for page in pages}) == 4
    assert bare(again) == bare(pages[0])
    assert kept(house) == 5


def test_the_page_of_somebody_signed_in_is_kept_for_nobody(house: House) -> None:
    assert house.client("00000000103").get(FORM).status_code == 200
    assert kept(house) == 0


def test_pages_are_kept_with_a_bound_and_the_unused_make_room() -> None:
    pages, rendered = KeptPages(), list[int]()

    def ask(n: int) -> None:
        pages.get(n, lambda: rendered.append(n) or f"page {n}", csrf="", case="")

    for n in range(AT_MOST):
        ask(n)
    ask(0)
    ask(AT_MOST)
    ask(0)
    assert rendered == list(range(AT_MOST + 1))
    ask(1)
    assert rendered[-1] == 1
