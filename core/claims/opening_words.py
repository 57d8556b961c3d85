"""Openings in words, in both languages: days of the week, months, usual opening times."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from core.claims.openings import DAYS
from forms.text import Text

WEEKDAYS = (
    Text("周一", "Monday"),
    Text("周二", "Tuesday"),
    Text("周三", "Wednesday"),
    Text("周四", "Thursday"),
    Text("周五", "Friday"),
    Text("周六", "Saturday"),
    Text("周日", "Sunday"),
)


def month_words(day: date) -> Text:
    """Return the month of a day: 2026年12月, Dec 2026."""
    return Text(f"{day.year}年{day.month}月", f"{day:%b %Y}")


def hours_words(entry: Mapping[str, Any]) -> Text:
    """Return when an entry is usually open: 周三、周五 15:30–17:30；周六 09:00–17:00."""
    rows = entry.get("openings") or ()
    chinese, english = (
        joined(f"{_days(row['weekdays'], language)} {row['starts']}–{row['ends']}" for row in rows)
        for language, joined in (("zh", "；".join), ("en", "; ".join))
    )
    return Text(chinese, english)


def _days(names: Iterable[str], language: str) -> str:
    said = [WEEKDAYS[DAYS.index(each)].get(language) for each in names]
    return ("、" if language == "zh" else ", ").join(said)
