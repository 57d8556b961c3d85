"""How values read on a page: texts, days, numbers, due dates, and answers in words."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from core.calendars import calendar_at
from core.moments import CHINA, local_date, moment_of, spoken_day, spoken_time
from core.numbers import spoken
from core.policy import Clause
from core.privacy import mask
from core.web.answers import answer_words, shown_value
from core.web.language import language, translate, type_size, words
from core.web.visit import office, visit
from forms.chosen_types import ELSEWHERE, region_way
from forms.definition import Form
from forms.problems import asks_why, reason_offered
from forms.surroundings import Surroundings
from workflows.definition import State

__all__ = [
    "answer_words",
    "clause_for",
    "day",
    "due_words",
    "init_app",
    "is_late",
    "moment",
    "one_options",
    "path_words",
    "region_options",
    "tone",
    "tongue",
    "words",
]

_TONES = {
    "draft": "wait",
    "open": "wait",
    "returned": "ask",
    "standing": "done",
    "final": "calm",
    "final_bad": "bad",
}
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def init_app(app: Flask) -> None:
    """Give templates these words as filters."""
    app.jinja_env.filters.update(
        words=words,
        person=person_words,
        quoted=quoted,
        day=day,
        day_words=day_words,
        spoken=lambda each: spoken_day(each, language()),
        moment=moment,
        clock=clock,
        receipt=spoken,
        due=due_words,
        mask=mask,
        tone=tone,
        tongue=tongue,
        asks_why=asks_why,
        reason_offered=reason_offered,
    )
    app.jinja_env.globals.update(
        language=language,
        type_size=type_size,
        is_late=is_late,
        one_options=one_options,
        region_options=region_options,
        shown_value=shown_value,
        clause_for=clause_for,
    )


def person_words(name: str) -> Markup:
    """Return a person's name, marked as Chinese also within an English sentence."""
    return Markup('<span lang="zh-CN">{}</span>').format(name)


def quoted(text: str) -> Markup:
    """Return what somebody wrote, marked with its language within a sentence of another."""
    return Markup('<span lang="{}">{}</span>').format(tongue(text), text)


def tongue(text: str) -> str:
    """Return the language of what a person wrote, for `lang`: Chinese where it looks so."""
    return "zh-CN" if _CHINESE.search(text) else "en"


def tone(state: State) -> str:
    """Return how a state is to look, its badge's name: wait, ask, done, calm, bad."""
    return state.tone or _TONES[state.kind]


def day(value: datetime | str | None) -> str:
    """Return a day as people say it, with its year where that is not this one."""
    if not value:
        return ""
    said = moment_of(value) if isinstance(value, str) else value
    year, this_year = local_date(said).year, local_date(office().ports.clock.now()).year
    prefix = f"{year}年" if language() == "zh" and year != this_year else ""
    return prefix + spoken_day(said, language())


def day_words(value: date | str) -> str:
    """Return a date without a time of day, with its year: 2026年9月1日."""
    said = date.fromisoformat(value) if isinstance(value, str) else value
    if language() == "en":
        return f"{said.day} {said:%B %Y}"
    return f"{said.year}年{said.month}月{said.day}日"


def moment(value: datetime | str) -> str:
    """Return a day and time as people say it."""
    return spoken_time(moment_of(value) if isinstance(value, str) else value, language())


def clock(value: datetime) -> str:
    """Return the time of day in China: 10:24."""
    return f"{value.astimezone(CHINA):%H:%M}"


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
    between = calendar_at(visit().at).working_days_between
    days = between(today, last) if last > today else between(last, today)
    if days is None or days == 0:
        return translate("最晚 %s") % day(due)
    text = translate("还有 %d 个工作日") if last > today else translate("逾期 %d 个工作日")
    return text % days


def one_options(bound: Any, around: Surroundings) -> list[tuple[str, str, bool]]:
    """Return a choice field's options as value, label and whether it is chosen."""
    if bound.spec.type.name == "yes_no":
        pairs = [("true", translate("是")), ("false", translate("否"))]
    else:
        pairs = [(each.value, words(each.said)) for each in bound.spec.options(around)]
    chosen = bound.data if isinstance(bound.data, list) else [bound.data]
    known = {str(each) for each in chosen if each is not None}
    return [(value, label, value in known) for value, label in pairs]


def region_options(bound: Any, around: Surroundings) -> list[tuple[str, str, str, bool]]:
    """Return the regions one may live in: code, way to it, name with those above, is chosen."""
    known = {each.value: each for each in bound.spec.options(around)}
    above = {each.parent for each in known.values()}
    given = (bound.data or {}).get("region") if isinstance(bound.data, Mapping) else None
    chosen = given[-1] if isinstance(given, list) and given else ELSEWHERE if given == [] else given
    rows = []
    for code in known:
        if code not in above:
            way = region_way(code, known)
            name = " ".join(words(known[each].label) for each in way)
            rows.append((code, " ".join(way), name, code == chosen))
    return [*rows, (ELSEWHERE, "", translate("其他地方"), chosen == ELSEWHERE)]


def path_words(form: Form, path: str) -> str:
    """Return what people call a place within a group: 成员 2 · 姓名."""
    name, _, rest = path.partition(".")
    spec = form.fields.get(name)
    if spec is None or spec.rows is None:
        return ""
    at, _, inner = rest.partition(".")
    row = f"{words(spec.rows.label)} {int(at) + 1}" if at.isdigit() else words(spec.label)
    field = spec.rows.fields.get(inner.partition(".")[0])
    return f"{row} · {words(field.label)}" if field else row


def clause_for(basis: str | None) -> Clause | None:
    """Return the clause that a rule rests on, for a page to name and open."""
    return office().policy.clause(basis)
