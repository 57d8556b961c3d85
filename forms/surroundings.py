"""What an evaluation may look at beside the answers: the day, the calendar, looked-up choices."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

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
    note: Text = field(default=Text(""), compare=False)
    """What is said beside the label now and not kept with the answer: 还剩 42 人."""
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @property
    def said(self) -> Text:
        """The label with its note, as it is offered."""
        if not self.note:
            return self.label
        zh, en = f"{self.label.zh}（{self.note.zh}）", self.label.get("en")
        return Text(zh, f"{en} ({self.note.get('en')})")


class ChoiceSource(Mapping[str, Sequence[Choice]]):
    """Choices by the name of their lookup, which may be told the answers that narrow them."""

    @abstractmethod
    def narrowed(self, name: str, given: Mapping[str, Any]) -> Sequence[Choice] | None:
        """Return what a lookup offers for clean answers by fact; None where it is not there."""

    def named(self, name: str) -> Sequence[Choice]:
        """Return the choices by which answers read, also to who may choose none of them."""
        return self.get(name, ())


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

    def offered(self, name: str, given: Mapping[str, Any]) -> Sequence[Choice] | None:
        """Return what a lookup offers for clean answers by fact; None where it is not there.

        One that cannot be told answers offers all it has.
        """
        if isinstance(self.choices, ChoiceSource):
            return self.choices.narrowed(name, given)
        return self.choices.get(name)

    def offering(self, name: str, choices: Sequence[Choice] | None) -> "Surroundings":
        """Return the same with these choices of one lookup; None: it is not there."""
        return replace(self, choices=_Instead(self.choices, name, choices))


class _Instead(Mapping[str, Sequence[Choice]]):
    """The choices of every lookup, of one of them others; asks none that nobody needs."""

    def __init__(
        self, others: Mapping[str, Sequence[Choice]], name: str, found: Sequence[Choice] | None
    ) -> None:
        self._others = others
        self._name = name
        self._found = found

    def __getitem__(self, name: str) -> Sequence[Choice]:
        if name != self._name:
            return self._others[name]
        if self._found is None:
            raise KeyError(name)
        return self._found

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._others if name != self._name)
        if self._found is not None:
            yield self._name

    def __len__(self) -> int:
        return sum(1 for _ in self)
