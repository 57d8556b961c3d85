"""What an evaluation may look at beside the answers: the day, the calendar, looked-up choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from forms.calendar import Calendar
from forms.text import Text

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen: the stored value and what people read.

    `parent` is the value of the choice above it, where the choices are a tree such as regions.
    `facts` say what it is good for, each a set of values: see `choices_where`.
    """

    value: str
    label: Text
    parent: str = ""
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that a rule can know beside the answers; the caller supplies it, nothing is read.

    `today` is the day at UTC+8. `choices` holds each lookup's choices by its name, for fields with
    `choices_from`. `demo` admits the sample county's fictional phone numbers.
    """

    today: date
    calendar: Calendar | None = None
    language: Language = "zh"
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    demo: bool = False
