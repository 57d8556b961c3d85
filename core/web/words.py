"""How values read on a page: texts, days, numbers, due dates, and answers in words."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from core.moments import local_date, moment_of, spoken_day, spoken_time
from core.numbers import spoken
from core.policy import Clause
from core.privacy import mask
from core.web.language import language, translate, type_size
from core.web.visit import office
from forms.fields import Field
from forms.surroundings import Surroundings
from forms.text import Text

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def init_app(app: Flask) -> None:
    """Give templates these words as filters."""
    app.jinja_env.filters.update(
        words=words, day=day, moment=moment, receipt=spoken, due=due_words, mask=mask, tongue=tongue
    )
    app.jinja_env.globals.update(
        language=language,
        type_size=type_size,
        is_late=is_late,
        one_options=one_options,
        clause_for=clause_for,
    )


def words(text: Text | str | None) -> str:
    """Return a text in the visitor's language."""
    return text.get(language()) if isinstance(text, Text) else (text or "")


def tongue(text: str) -> str:
    """Return the language of what a person wrote, for `lang`: Chinese where it looks so."""
    return "zh-CN" if _CHINESE.search(text) else "en"


def day(value: datetime | str | None) -> str:
    """Return a day as people say it, with its year where that is not this one."""
    if not value:
        return ""
    said = moment_of(value) if isinstance(value, str) else value
    year, this_year = local_date(said).year, local_date(office().ports.clock.now()).year
    prefix = f"{year}年" if language() == "zh" and year != this_year else ""
    return prefix + spoken_day(said, language())


def moment(value: datetime | str) -> str:
    """Return a day and time as people say it."""
    return spoken_time(moment_of(value) if isinstance(value, str) else value, language())


def is_late(due: datetime | None) -> bool:
    """Tell whether a due date has passed."""
    return bool(due and due < office().ports.clock.now())


def due_words(due: datetime | None) -> str:
    """Return how long there is still, in working days: 今天, 还有 3 个工作日, 逾期 2 个工作日."""
    if due is None:
        return translate("期限待定")
    today, last = local_date(office().ports.clock.now()), local_date(due)
    if last == today:
        return translate("今天")
    between = office().calendar.working_days_between
    days = between(today, last) if last > today else between(last, today)
    if days is None or days == 0:
        return translate("最晚 %s") % day(due)
    text = translate("还有 %d 个工作日") if last > today else translate("逾期 %d 个工作日")
    return text % days


def answer_words(field: Field, value: Any, around: Surroundings) -> str:
    """Return one answer as a person reads it; personal ones are masked by the caller."""
    if value in (None, "", []):
        return translate("未填")
    say = _SAID.get(field.type.name)
    return say(field, value, around) if say else str(value)


def _choice_words(field: Field, value: Any, around: Surroundings) -> str:
    labels = {each.value: words(each.label) for each in field.options(around)}
    values = value if isinstance(value, list) else [value]
    return ("、" if language() == "zh" else ", ").join(
        labels.get(each, str(each)) for each in values
    )


def _yes_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return translate("是") if value else translate("否")


def _date_words(_field: Field, value: Any, _around: Surroundings) -> str:
    year, month, day_ = str(value).split("-")
    return f"{year}年{int(month)}月{int(day_)}日" if language() == "zh" else str(value)


def _file_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return str(value["name"])


def _signature_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return str(value.get("typed") or translate("已手写签名"))


_SAID: Mapping[str, Callable[[Field, Any, Surroundings], str]] = {
    "choice": _choice_words,
    "choices": _choice_words,
    "yes_no": _yes_words,
    "consent": _yes_words,
    "date": _date_words,
    "file": _file_words,
    "signature": _signature_words,
}


def one_options(bound: Any, around: Surroundings) -> list[tuple[str, str, bool]]:
    """Return a choice field's options as value, label and whether it is chosen."""
    if bound.spec.type.name == "yes_no":
        pairs = [("true", translate("是")), ("false", translate("否"))]
    else:
        pairs = [(each.value, words(each.label)) for each in bound.spec.options(around)]
    chosen = bound.data if isinstance(bound.data, list) else [bound.data]
    known = {str(each) for each in chosen if each is not None}
    return [(value, label, value in known) for value, label in pairs]


def clause_for(basis: str | None) -> Clause | None:
    """Return the clause that a rule rests on, for a page to name and open."""
    return office().policy.clause(basis)


def masked(field: Field, value: Any) -> str:
    """Return an answer with its middle hidden, as lists and case pages show personal data."""
    text = str(value or "")
    return mask(text) if field.type.name in ("cn_id", "phone") else text
