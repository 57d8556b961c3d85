"""Pages as WTForms classes: what they bind, offer and give back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from forms.definition import Form
from forms.evaluation import evaluate_page
from forms.loading import load_form
from forms.source import read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from forms.wtf import bind, page_class, raw_answers

AROUND = Surroundings(
    today=date(2026, 11, 23),
    choices={"places.schools": [Choice("s1", Text("一小", "School 1"))]},
)


class Sent(dict[str, list[str]]):
    """What a browser sends, as WTForms reads it."""

    def getlist(self, name: str) -> Sequence[str]:
        return super().get(name, [])

    def get(self, name: str, default: Any = None) -> Any:
        return self[name][0] if name in self else default


def sent(**values: str | list[str]) -> Sent:
    return Sent({key: [one] if isinstance(one, str) else one for key, one in values.items()})


def answers(form: Form, page: int, formdata: Sent) -> Mapping[str, Any]:
    return raw_answers(bind(form, page, AROUND, formdata))


def test_classes_are_kept_by_hash_page_and_language(form: Form) -> None:
    again = replace(form)
    assert page_class(form, 0, "zh") is page_class(again, 0, "zh")
    assert page_class(form, 0, "zh") is not page_class(form, 0, "en")
    assert page_class(form, 0, "zh") is not page_class(replace(form, hash="x"), 0, "zh")


def test_every_field_carries_its_definition(form: Form) -> None:
    assert [field.spec.name for field in bind(form, 0, AROUND)] == [
        one.name for one in form.pages[0].fields
    ]


def test_what_was_sent_comes_back_as_raw_answers(form: Form) -> None:
    assert answers(form, 0, sent(kind="parent", full_name=" 梁 ", age="5", id_number="")) == {
        "kind": "parent",
        "full_name": " 梁 ",
        "id_number": None,
    }
    assert answers(form, 1, sent(specialties=["opera", "crafts"], since="x"))["specialties"] == [
        "opera",
        "crafts",
    ]


def test_a_consent_is_true_or_nothing_and_a_signature_is_drawn_or_typed(form: Form) -> None:
    page = {"agreed": "y", "letter": "梁韵声", "letter__drawn": ""}
    assert answers(form, 2, sent(**page)) == {"agreed": True, "letter": {"typed": "梁韵声"}}
    assert answers(form, 2, sent(other="x")) == {"agreed": None, "letter": None}


def test_yes_and_no_go_in_and_out_as_booleans() -> None:
    text = "id: f\ntitle: 表\npages: [{fields: [{name: a, type: yes_no, label: 甲}]}]"
    form = load_form(read_yaml(text, "f.yaml"))
    assert [answers(form, 0, sent(a=one)) for one in ("true", "false", "x")] == [
        {"a": True},
        {"a": False},
        {"a": None},
    ]
    assert raw_answers(bind(form, 0, AROUND, answers={"a": False})) == {"a": False}


def test_looked_up_choices_belong_to_the_request(form: Form) -> None:
    other = replace(AROUND, choices={"places.schools": [Choice("s2", Text("二小"))]})
    assert "一小" in str(bind(form, 1, AROUND).school())
    assert "一小" not in str(bind(form, 1, other).school())
    assert "School 1" in str(bind(form, 1, replace(AROUND, language="en")).school())


def test_a_field_that_shows_by_a_rule_is_not_required_in_the_page_itself(form: Form) -> None:
    page = bind(form, 0, AROUND)
    assert " required" in str(page.full_name())
    assert "data-required" in str(page.certificate())
    assert " required" not in str(page.certificate()).replace("data-required", "")


def test_a_saved_page_renders_its_answers_escaped(form: Form) -> None:
    page = bind(form, 0, AROUND, answers={"full_name": '"><script>', "age": "<b>"})
    assert "<script>" not in str(page.full_name())
    assert str(page.age()) == '<output data-computed id="age">&lt;b&gt;</output>'


def test_saved_data_survive_a_look_at_the_page(form: Form) -> None:
    saved = {"kind": "parent", "full_name": "梁韵声", "id_number": "149999195803151017"}
    back = raw_answers(bind(form, 0, AROUND, answers=saved))
    assert evaluate_page(form, 0, back, AROUND).problems == ()
    assert back == saved
