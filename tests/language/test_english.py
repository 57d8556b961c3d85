"""English is complete: what the interface says in Chinese it can say in English."""

import re

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.language.interface import CATALOGUE, message_ids

CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%[sd]|\{\w+\}")


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _messages() -> list[Message]:
    return [message for message in _catalogue() if message.id]


def test_every_text_of_the_interface_has_an_english_one() -> None:
    known = {message.id for message in _messages() if message.string and not message.fuzzy}
    assert message_ids() - known == set()


def test_no_english_text_outlives_its_chinese_one() -> None:
    catalogue = _catalogue()
    assert {message.id for message in catalogue if message.id} - message_ids() == set()
    assert not catalogue.obsolete


def test_an_english_text_holds_no_chinese_and_the_same_placeholders() -> None:
    for message in _messages():
        assert not CJK.search(message.string), message.id
        wanted = sorted(PLACEHOLDER.findall(message.id))
        assert sorted(PLACEHOLDER.findall(message.string)) == wanted, message.id
