"""Money, times, ranges, credit codes, lookups and addresses: what each accepts and keeps."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.field_types import TYPES
from forms.fields import Field
from forms.identity_types import credit_check
from forms.moments import CHINA
from forms.problems import Problem
from forms.surroundings import Choice, Surroundings
from forms.text import Text

REGIONS = [
    Choice("hexi", Text("禾溪镇")),
    Choice("liuting", Text("柳汀镇")),
    Choice("xingtai", Text("杏台村"), parent="liuting"),
]
SCHOOLS = [
    Choice("s1", Text("一小", "No. 1")),
    Choice("s2", Text("同名")),
    Choice("s3", Text("同名")),
]
AROUND = Surroundings(
    today=date(2026, 11, 23), choices={"places.schools": SCHOOLS, "places.regions": REGIONS}
)
SCHOOL = {"choices_from": "places.schools"}
HOME = {"choices_from": "places.regions"}
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def kept(type_: str, raw: Any, **more: Any) -> Any:
    """Return the JSON of the cleaned answer, None where unanswered, or the problem's code."""
    field = Field("x", TYPES[type_], Text("问题"), **more)
    value = field.type.clean(raw, field, AROUND)
    if isinstance(value, Problem):
        return f"!{value.code}"
    return value if value is None else field.type.to_json(value)


CASES: list[tuple[str, Any, Any, dict[str, Any]]] = [
    ("money", "12.5", "12.50", {}),
    ("money", "30", "30.00", {}),
    ("money", 30, "30.00", {}),
    ("money", "¥ 1,234.50", "1234.50", {}),
    ("money", "￥１，２３４．５０", "1234.50", {}),
    ("money", "30 元", "30.00", {}),
    ("money", "3.50元", "3.50", {}),
    ("money", "-3", "-3.00", {}),
    ("money", "3.505", "!not_money", {}),
    ("money", "元", "!not_money", {}),
    ("money", "三十元", "!not_money", {}),
    ("money", "1" * 16, "!not_money", {}),
    ("money", float("nan"), "!not_money", {}),
    ("money", "30", "!too_large", {"max": "20"}),
    ("money", " ", None, {}),
    ("time", "20:30", "20:30", {}),
    ("time", "8:30", "08:30", {}),
    ("time", "20：30", "20:30", {}),
    ("time", "0830", "08:30", {}),
    ("time", "８：３０", "08:30", {}),
    ("time", "08:30:00", "08:30", {}),
    ("time", "8点半", "08:30", {}),
    ("time", "8点", "08:00", {}),
    ("time", "20点05分", "20:05", {}),
    ("time", "下午3点20分", "15:20", {}),
    ("time", "24:00", "!not_time", {}),
    ("time", "8:60", "!not_time", {}),
    ("time", "830", "08:30", {}),
    ("time", "83", "!not_time", {}),
    ("time", 830, "!not_time", {}),
    ("time", "半", "!not_time", {}),
    ("time", "16:00", "!too_early", {"min": "16:30"}),
    ("time", "18:31", "!too_late", {"max": "18:30"}),
    ("datetime", "2026-09-03T20:30", "2026-09-03T20:30+08:00", {}),
    ("datetime", "2026-09-03T20:30+08:00", "2026-09-03T20:30+08:00", {}),
    ("datetime", "2026-9-3 8:30", "2026-09-03T08:30+08:00", {}),
    ("datetime", "2026/9/3  20：30", "2026-09-03T20:30+08:00", {}),
    ("datetime", "2026年9月3日20点30分", "2026-09-03T20:30+08:00", {}),
    ("datetime", "2026年9月3日 下午3点", "2026-09-03T15:00+08:00", {}),
    ("datetime", "2026-09-03", "!not_datetime", {}),
    ("datetime", "2026-02-30 08:00", "!not_datetime", {}),
    ("datetime", "2026-11-22 23:59", "!too_early", {"min": "today"}),
    ("datetime", "2026-11-23 00:00", "2026-11-23T00:00+08:00", {"min": "today"}),
    (
        "date_range",
        {"from": "2026-9-1", "to": "2026年9月30日"},
        {"from": "2026-09-01", "to": "2026-09-30"},
        {},
    ),
    (
        "date_range",
        {"from": "2026-09-01", "to": "2026-09-01"},
        {"from": "2026-09-01", "to": "2026-09-01"},
        {},
    ),
    ("date_range", {"from": "2026-09-02", "to": "2026-09-01"}, "!range_order", {}),
    ("date_range", {"from": "2026-09-02", "to": ""}, "!not_range", {}),
    ("date_range", {"to": "2026-09-02"}, "!not_range", {}),
    ("date_range", {"from": "", "to": " "}, None, {}),
    ("date_range", "2026-09-01", "!not_range", {}),
    ("date_range", {"from": "2026-11-22", "to": "2026-11-25"}, "!too_early", {"min": "today"}),
    ("date_range", {"from": "2026-11-24", "to": "2027-02-01"}, "!too_late", {"max": "2027-01-22"}),
    ("uscc", "12149999MB0000019D", "12149999MB0000019D", {}),
    ("uscc", "1214 9999-mb00 0004 3x", "12149999MB0000043X", {}),
    ("uscc", "１２１４９９９９ＭＢ０００００１９Ｄ", "12149999MB0000019D", {}),
    ("uscc", "12149999MB0000019E", "!uscc_check", {}),
    ("uscc", "12149999MB000001ID", "!uscc_shape", {}),
    ("uscc", "12149999MB0000019", "!uscc_length", {}),
    ("uscc", "12A49999MB0000019D", "!uscc_shape", {}),
    ("uscc", 12149999, "!uscc_shape", {}),
    ("lookup", "s1", {"value": "s1", "label": "一小"}, SCHOOL),
    ("lookup", "一小", {"value": "s1", "label": "一小"}, SCHOOL),
    ("lookup", "No. 1", {"value": "s1", "label": "一小"}, SCHOOL),
    ("lookup", {"value": "s1", "label": "伪造的名字"}, {"value": "s1", "label": "一小"}, SCHOOL),
    ("lookup", "同名", "!choice_unknown", SCHOOL),
    ("lookup", "s9", "!choice_unknown", SCHOOL),
    ("lookup", {"value": ""}, None, SCHOOL),
    ("address", {"region": "hexi", "detail": "1号"}, {"region": ["hexi"], "detail": "1号"}, HOME),
    (
        "address",
        {"region": "xingtai", "detail": "1号"},
        {"region": ["liuting", "xingtai"], "detail": "1号"},
        HOME,
    ),
    (
        "address",
        {"region": ["liuting", "xingtai"], "detail": "1号"},
        {"region": ["liuting", "xingtai"], "detail": "1号"},
        HOME,
    ),
    ("address", {"region": "hexi", "detail": ""}, {"region": ["hexi"], "detail": ""}, HOME),
    ("address", {"region": "hexi", "detail": ""}, "!address_detail", {**HOME, "required": True}),
    ("address", {"region": "-", "detail": "太原市"}, {"region": [], "detail": "太原市"}, HOME),
    ("address", {"region": "-", "detail": ""}, "!address_detail", HOME),
    ("address", {"region": "liuting", "detail": "1号"}, "!address_deeper", HOME),
    ("address", {"region": "", "detail": "1号"}, "!address_region", HOME),
    ("address", {"region": "nowhere", "detail": "1号"}, "!address_region", HOME),
    ("address", {"region": "hexi", "detail": 5}, "!not_text", HOME),
    ("address", {"region": "", "detail": " "}, None, HOME),
    ("address", "hexi", "!address_region", HOME),
]


@pytest.mark.parametrize(("type_", "raw", "expected", "more"), CASES)
def test_an_answer_is_kept_clean_or_refused(
    type_: str, raw: Any, expected: Any, more: dict[str, Any]
) -> None:
    found = kept(type_, raw, **more)
    assert found == expected
    if not isinstance(found, str) or not found.startswith("!"):
        assert kept(type_, found, **more) == found


@given(st.decimals(-(10**12), 10**12, places=2))
def test_any_amount_in_fen_is_kept_to_the_fen(amount: Decimal) -> None:
    assert Decimal(kept("money", f"{amount:,}元")) == amount
    assert re.fullmatch(r"-?\d+\.\d\d", kept("money", str(amount)))


@given(st.times())
def test_every_minute_of_the_day_is_read_as_people_write_it(at: time) -> None:
    said = f"{at:%H:%M}"
    spellings = (said, f"{at.hour}:{at.minute:02}", f"{at.hour}点{at.minute}分", f"{at:%H%M}")
    assert [kept("time", one) for one in spellings] == [said] * 4


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 — China's clock
def test_a_moment_is_china_time_wherever_it_is_read(moment: datetime) -> None:
    said = kept("datetime", f"{moment:%Y-%m-%d %H:%M}")
    read = datetime.fromisoformat(said)
    assert read.utcoffset() == timedelta(hours=8)
    assert read == moment.replace(second=0, microsecond=0, tzinfo=CHINA)


GLOSSARY_CODES = [
    "12149999MB0000019D",
    "12149999MB00000278",
    "12149999MB00000353",
    "12149999MB0000043X",
    "12149999MB0000051Q",
    "12149999MB000006XG",
    "12149999MB0000078G",
    "12149999MB0000086B",
]


@pytest.mark.parametrize("code", GLOSSARY_CODES)
def test_the_sample_venues_credit_codes_are_right(code: str) -> None:
    assert kept("uscc", code.lower()) == code


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text(CREDIT_ALPHABET, min_size=9, max_size=9),
    st.integers(0, 17),
    st.sampled_from(CREDIT_ALPHABET),
)
def test_a_changed_character_of_a_credit_code_is_noticed(
    region: str, body: str, place: int, other: str
) -> None:
    first = f"12{region}{body}"
    good = first + credit_check(first)
    assert kept("uscc", good) == good
    changed = good[:place] + other + good[place + 1 :]
    assert changed == good or kept("uscc", changed) in ("!uscc_check", "!uscc_shape")
