"""What each type of field accepts, keeps and says."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.field_types import TYPES
from forms.fields import Field
from forms.identity_types import check_character
from forms.messages import CATALOGUE
from forms.problems import Problem
from forms.surroundings import Choice, Surroundings
from forms.text import Text

AROUND = Surroundings(
    today=date(2026, 11, 23), choices={"places.schools": [Choice("s1", Text("一小"))]}
)
DEMO = Surroundings(today=date(2026, 11, 23), demo=True)


def spec(type_: str, **more: Any) -> Field:
    return Field("x", TYPES[type_], Text("问题"), **more)


def kept(type_: str, raw: Any, around: Surroundings = AROUND, **more: Any) -> Any:
    """Return the JSON of the cleaned answer, None where unanswered, or the problem's code."""
    field = spec(type_, **more)
    value = field.type.clean(raw, field, around)
    if isinstance(value, Problem):
        return f"!{value.code}"
    return value if value is None else field.type.to_json(value)


ABC = {"choices": tuple(Choice(one, Text(one)) for one in "abc")}
FILE = {"ref": "f1", "name": "证.jpg", "size": 12, "type": "image/jpeg"}
CASES: list[tuple[str, Any, Any, dict[str, Any]]] = [
    ("text", "  梁韵声 \u0007", "梁韵声", {}),
    ("text", "e\u0301", "é", {}),
    ("text", "一\n二", "一 二", {}),
    ("text", "\u202eabc\ud800", "abc", {}),
    ("text", "韩䶮·阿依", "韩䶮·阿依", {}),
    ("text", " \t ", None, {}),
    ("text", 5, "!not_text", {}),
    ("text", "x" * 201, "!too_long", {}),
    ("text", "xxxx", "!too_long", {"max_length": 3}),
    ("text", "x", "!too_short", {"min_length": 2}),
    ("long_text", "一\r\n二", "一\n二", {}),
    ("long_text", "x" * 4001, "!too_long", {}),
    ("integer", "１２", 12, {}),
    ("integer", "1,234", 1234, {}),
    ("integer", "12,34", "!not_integer", {}),
    ("integer", "1.5", "!not_integer", {}),
    ("integer", 7, 7, {}),
    ("integer", True, "!not_integer", {}),
    ("integer", "", None, {}),
    ("integer", "9" * 99, "!not_integer", {}),
    ("integer", 10**40, "!not_integer", {}),
    ("integer", 3, "!too_small", {"min": "4"}),
    ("integer", 5, "!too_large", {"max": "4.5"}),
    ("decimal", "1.50", "1.5", {}),
    ("decimal", 0.1, "0.1", {}),
    ("decimal", "-0.0", "0", {}),
    ("decimal", "100", "100", {}),
    ("decimal", float("nan"), "!not_decimal", {}),
    ("decimal", float("inf"), "!not_decimal", {}),
    ("decimal", "1e5", "!not_decimal", {}),
    ("date", "2026-9-3", "2026-09-03", {}),
    ("date", "2026/9/3", "2026-09-03", {}),
    ("date", "2026年9月3日", "2026-09-03", {}),
    ("date", "２０２６－０９－０３", "2026-09-03", {}),
    ("date", "2026-02-30", "!not_date", {}),
    ("date", "明天", "!not_date", {}),
    ("date", "2026-11-22", "!too_early", {"min": "today"}),
    ("date", "2026-11-24", "!too_late", {"max": "2026-11-23"}),
    ("choice", "a", "a", ABC),
    ("choice", "d", "!choice_unknown", ABC),
    ("choice", ["a"], "!choice_unknown", ABC),
    ("choice", "s1", "s1", {"choices_from": "places.schools"}),
    ("choice", "s1", "!choice_unknown", {"choices_from": "places.venues"}),
    ("choices", ["c", "a", "a"], ["a", "c"], ABC),
    ("choices", [], None, ABC),
    ("choices", "a", "!choice_unknown", ABC),
    ("choices", ["a", {}], "!choice_unknown", ABC),
    ("choices", ["a", "b"], "!too_many_choices", {**ABC, "max_choices": 1}),
    ("yes_no", "false", False, {}),
    ("yes_no", True, True, {}),
    ("yes_no", 1, "!not_yes_no", {}),
    ("consent", True, True, {}),
    ("consent", False, None, {}),
    ("phone", "+86 138-0013-8000", "13800138000", {}),
    ("phone", "8613800138000", "13800138000", {}),
    ("phone", "１３８００１３８０００", "13800138000", {}),
    ("phone", "0355 2012345", "!phone", {}),
    ("phone", "00000000001", "!phone", {}),
    ("email", " Liang@Example.CN ", "Liang@example.cn", {}),
    ("email", "a@b", "!email", {}),
    ("email", "a@@b.cn", "!email", {}),
    ("email", "a b@b.cn", "!email", {}),
    ("email", "a@b..cn", "!email", {}),
    ("url", " HTTPS://Basic.SmartEdu.CN/sedu?id=1#a ", "https://basic.smartedu.cn/sedu?id=1#a", {}),
    ("url", "basic.smartedu.cn", "https://basic.smartedu.cn", {}),
    ("url", "ｗｗｗ.eduyun.cn／a", "https://www.eduyun.cn/a", {}),
    ("url", "http://教育.中国/课", "http://xn--wcvs22d.xn--fiqs8s/课", {}),
    ("url", "javascript:alert(1)", "!url", {}),
    ("url", "ftp://a.cn/", "!url", {}),
    ("url", "file:///etc/passwd", "!url", {}),
    ("url", "https://127.0.0.1/", "!url", {}),
    ("url", "https://[::1]/", "!url", {}),
    ("url", "https://2130706433/", "!url", {}),
    ("url", "https://localhost/", "!url", {}),
    ("url", "https://a@b.cn/", "!url", {}),
    ("url", "https://b.cn:8443/", "!url", {}),
    ("url", "https://b.cn\\@c.cn/", "!url", {}),
    ("url", "https://b.cn/a b", "!url", {}),
    ("url", "https://b..cn/", "!url", {}),
    ("url", "", None, {}),
    ("cn_id", "149999195803151017", "149999195803151017", {}),
    ("cn_id", "149999 19621102 2048", "149999196211022048", {}),
    ("cn_id", "14999920150901401x", "14999920150901401X", {}),
    ("cn_id", "149999201402124024", "149999201402124024", {}),
    ("cn_id", "149999195803151018", "!cn_id_check_digit", {}),
    ("cn_id", "149999195802301017", "!cn_id_birth_date", {}),
    ("cn_id", "149999203001011016", "!cn_id_birth_date", {}),
    ("cn_id", "149999580315101", "!cn_id_old", {}),
    ("cn_id", "1499991958031510", "!cn_id_length", {}),
    ("cn_id", "E12345678", "!cn_id_other_document", {}),
    ("cn_id", 149999195803151017, "!cn_id_other_document", {}),
    ("cn_id", " ", None, {}),
    ("file", FILE, FILE, {}),
    ("file", {**FILE, "size": -1}, "!file_shape", {}),
    ("file", {"ref": "f1"}, "!file_shape", {}),
    ("file", "f1", "!file_shape", {}),
    ("file", {}, None, {}),
    ("signature", {"typed": " 梁韵声 ", "drawn": ""}, {"typed": "梁韵声"}, {}),
    ("signature", {"typed": "", "drawn": None}, None, {}),
    ("signature", {"drawn": "f2"}, {"drawn": "f2"}, {}),
    ("signature", {"drawn": "x" * 999}, "!signature_shape", {}),
    ("signature", {"by": "x"}, "!signature_shape", {}),
]


@pytest.mark.parametrize(("type_", "raw", "expected", "more"), CASES)
def test_an_answer_is_kept_clean_or_refused(
    type_: str, raw: Any, expected: Any, more: dict[str, Any]
) -> None:
    assert kept(type_, raw, **more) == expected
    assert type(kept(type_, raw, **more)) is type(expected)


def test_the_sample_countys_phone_numbers_pass_in_the_demo_only() -> None:
    assert kept("phone", "00000000001", DEMO) == "00000000001"
    assert kept("phone", "13800138000", DEMO) == "13800138000"


_RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(TYPES)), _RAW)
def test_whatever_is_sent_a_type_answers_and_its_json_cleans_to_itself(
    type_: str, raw: Any
) -> None:
    once = kept(type_, raw)
    if not isinstance(once, str) or not once.startswith("!"):
        assert kept(type_, once) == once


@given(st.integers(0, 999), st.dates(date(1900, 1, 1), date(2026, 11, 23)), st.integers(0, 16))
def test_a_changed_digit_of_an_identity_number_is_noticed(
    order: int, born: date, place: int
) -> None:
    first = f"149999{born:%Y%m%d}{order:03}"
    good = first + check_character(first)
    assert kept("cn_id", good) == good
    other = str((int(good[place]) + 1) % 10)
    assert kept("cn_id", good[:place] + other + good[place + 1 :]) in (
        "!cn_id_check_digit",
        "!cn_id_birth_date",
    )


def test_every_message_is_in_both_languages_and_chinese_punctuation() -> None:
    for code, text in CATALOGUE.items():
        assert text.zh, code
        assert text.en, code
        assert not set(text.zh) & set(",;!?"), code


def test_no_message_repeats_what_was_typed() -> None:
    field = spec("cn_id")
    problem = field.type.clean("149999195803151018", field, AROUND)
    assert problem.message == "最后一位与前 17 位对不上，请再核对一遍"
    assert "1499" not in str(problem)
