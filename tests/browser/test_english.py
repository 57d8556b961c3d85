"""The interface in English: nothing of it is left in Chinese."""

import pytest

from tests.browser.cast import Applicant, photograph, receipt_on
from tests.browser.tour import walk
from tests.browser.visitor import DESKTOP, House, Visitor
from tests.language.interface import CATALOGUE

ENGLISH = "/language/en"
LEFT = r"""() => {
  const cjk = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
  const found = [document.title].filter((text) => cjk.test(text));
  const chinese = (one) => (one.closest('[lang]') || document.body).lang.startsWith('zh');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest('script, style') && !chinese(parent) && cjk.test(walker.currentNode.data))
      found.push(walker.currentNode.data.trim());
  }
  for (const name of ['placeholder', 'aria-label', 'title'])
    for (const one of document.body.querySelectorAll('[' + name + ']'))
      if (!chinese(one) && cjk.test(one.getAttribute(name))) found.push(one.getAttribute(name));
  return found;
}"""
"""What a page holds in Chinese outside of elements that say they are Chinese."""


@pytest.fixture(autouse=True)
def _compiled() -> None:
    if not CATALOGUE.with_suffix(".mo").exists():
        pytest.skip("the English texts are not compiled; `make install` does it")


class EnglishVisitor(Visitor):
    """A visitor who holds of every page that it is in English."""

    def look(self) -> "EnglishVisitor":
        super().look()
        assert self.page.locator("html").get_attribute("lang") == "en"
        assert self.page.evaluate(LEFT) == [], self.page.url
        return self


class EnglishHouse(House):
    """The same house, whose visitors read English."""

    def visitor(self, device: dict | None = None, **more: object) -> EnglishVisitor:
        settings = {"locale": "en-GB", **(device or DESKTOP), **more}
        visitor = EnglishVisitor(self, self.browser.new_context(**settings))
        visitor.page.goto(self.address + ENGLISH)
        return visitor


@pytest.fixture
def english(house: House) -> EnglishHouse:
    return EnglishHouse(house.address, house.browser, house.atlas)


def test_a_registration_in_english_meets_no_chinese(english: EnglishHouse) -> None:
    who = Applicant("Ma Lin", "14999919660307402", "00000000909", "Hexi No. 1 Primary School")
    visitor = english.visitor().go("/hexi-zhen/").follow("I want to volunteer")
    visitor.press("Continue")
    visitor.tick("A retired teacher")
    visitor.fill("Name", who.name)
    visitor.fill("Identity card number", who.id_number)
    visitor.fill("Mobile number", who.phone)
    visitor.page.locator("#i-certificate").set_input_files([photograph()])
    visitor.press("Continue").press("Continue")
    visitor.tick("Traditional opera", "Monday")
    visitor.page.locator("#f-preferred_school").get_by_label(who.school).check()
    visitor.press("Continue").press("Submit")
    visitor.page.locator("#i-signature").fill(who.name)
    visitor.tick("I have read this and agree")
    visitor.press("Submit")
    assert receipt_on(visitor)
    visitor.reads("The school is checking your identity. You need do nothing")


def test_no_page_in_english_holds_chinese(english: EnglishHouse) -> None:
    for visitor in walk(english, DESKTOP):
        visitor.close()
