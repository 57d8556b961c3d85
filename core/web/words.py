"""How values read on a page: texts, days, numbers, due dates, and answers in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from core.moments import local_date, moment_of, spoken_day, spoken_time
from core.numbers import spoken
from core.privacy import mask
from core.web.language import language, translate
from core.web.visit import office
from forms.fields import Field
from forms.surroundings import Surroundings
from forms.text import Text


def init_app(app: Flask) -> None:
    """Give templates these words as filters."""
    app.jinja_env.filters.update(
        words=words, day=day, moment=moment, receipt=spoken, due=due_words, mask=mask
    )
    app.jinja_env.globals.update(language=language, is_late=is_late)


def words(text: Text | str | None) -> str:
    """Return a text in the visitor's language."""
    return text.get(language()) if isinstance(text, Text) else (text or "")


def day(value: datetime | str | None) -> str:
    """Return a day as people say it."""
    if not value:
        return ""
    return spoken_day(moment_of(value) if isinstance(value, str) else value, language())


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
    if value is None or value == "" or value == []:
        return translate("未填")
    kind = field.type.name
    if kind in ("choice", "choices"):
        labels = {each.value: words(each.label) for each in field.options(around)}
        values = value if isinstance(value, list) else [value]
        return "、".join(labels.get(each, str(each)) for each in values)
    if kind in ("yes_no", "consent"):
        return translate("是") if value else translate("否")
    if kind == "date":
        year, month, date_ = str(value).split("-")
        return f"{year}年{int(month)}月{int(date_)}日" if language() == "zh" else str(value)
    if kind == "signature" and isinstance(value, Mapping):
        return str(value.get("typed") or translate("已手写签名"))
    if kind == "file" and isinstance(value, Mapping):
        return str(value["name"])
    return str(value)


def masked(field: Field, value: Any) -> str:
    """Return an answer with its middle hidden, as lists and case pages show personal data."""
    text = str(value or "")
    return mask(text) if field.type.name in ("cn_id", "phone") else text
