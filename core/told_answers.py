"""Answers in a few Chinese words, as a text message says them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.moments import spoken_day
from forms.definition import Form


def told_answer(form: Form, name: str, answers: Mapping[str, Any]) -> str:
    """Return one answer as a message says it: a day with its weekday, a choice by its label.

    "" for what is personal, and for what was not answered.
    """
    field, value = form.fields[name], answers.get(name)
    if value is None or field.is_personal:
        return ""
    if field.type.name == "date":
        return spoken_day(date.fromisoformat(value))
    if isinstance(value, Mapping):
        return str(value.get("label", ""))
    labels = {each.value: each.label.zh for each in field.choices}
    return labels.get(str(value), str(value))
