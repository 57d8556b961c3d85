"""A form's field, and what a type of field must be able to do."""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from forms.checks import Check
from forms.expressions import Expression
from forms.kinds import Kind
from forms.surroundings import Choice, Surroundings
from forms.text import Text

PrivacyClass = Literal["identity", "contact", "child", "sensitive"]


_NONE = Text("")


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class FieldType:
    """One type of field; plugins register more.

    `clean(raw, field, around)` takes a JSON-ready raw answer and returns the value, None where it
    is unanswered, or a Problem; it never raises. Cleaning `to_json(value)` gives the value again.
    `keys` are the field keys it understands beside the general ones. `widget` names the template.
    With `answerable` false the field only shows something. `lookup` is where its choices come
    from unless the field says otherwise.
    """

    name: str
    kind: Kind
    clean: Callable[[Any, "Field", Surroundings], Any]
    widget: str
    keys: frozenset[str] = frozenset()
    to_json: Callable[[Any], Any] = _as_it_is
    answerable: bool = True
    lookup: str = ""


@dataclass(frozen=True, slots=True)
class Privacy:
    """How personal an answer is and how long it is kept (`retain`: ISO 8601, e.g. P3Y)."""

    kind: PrivacyClass
    retain: str = ""
    erase: str = "remove"


@dataclass(frozen=True, slots=True)
class Rows:
    """What a group asks in each of its rows, how many rows there may be, and what one is called.

    `order` is that of evaluation within a row. `checks` read the row as `row.…`.
    """

    fields: "Mapping[str, Field]"
    order: tuple[str, ...]
    checks: tuple[Check, ...]
    least: int
    most: int
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form, or a note between questions.

    `unique` names the level in which no two cases may have the same answer; core enforces it, as
    it does `locked` and `searchable`. `min` and `max` are decimal text, or ISO dates or "today".
    """

    name: str
    type: FieldType
    label: Text
    hint: Text = _NONE
    text: Text = _NONE
    placeholder: Text = _NONE
    example: Text = _NONE
    required: bool = False
    show_if: Expression | None = None
    compute: Expression | None = None
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    choices_where: Mapping[str, str] = field(default_factory=dict)
    """The facts that narrow what is offered, each with the field whose answer it must have."""
    privacy: Privacy | None = None
    unique: str = ""
    min: str = ""
    max: str = ""
    min_length: int = 0
    max_length: int = 0
    max_choices: int = 0
    max_files: int = 0
    rows: Rows | None = None
    when_hidden: Literal["drop", "keep"] = "drop"
    basis: str | None = None
    autocomplete: str = ""
    searchable: bool = False
    locked: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the whole answer is kept encrypted: it, or something in its rows, is personal."""
        within = self.rows.fields.values() if self.rows else ()
        return self.privacy is not None or any(one.privacy for one in within)

    @property
    def lookups(self) -> frozenset[str]:
        """The lookups that it, or what stands in its rows, offers choices from."""
        within = self.rows.fields.values() if self.rows else ()
        return frozenset(one.choices_from for one in (self, *within) if one.choices_from)

    def options(self, around: Surroundings) -> Sequence[Choice]:
        """Return what may be chosen: the form's own choices, or those the lookup gave."""
        return around.choices.get(self.choices_from, ()) if self.choices_from else self.choices

    def narrowed(self, answers: Mapping[str, Any], around: Surroundings) -> Surroundings:
        """Return `around` with only those choices that fit clean `answers`.

        A choice that says nothing of a fact fits; so does every choice while the other field is
        unanswered.
        """
        if not self.choices_where or self.choices_from not in around.choices:
            return around
        fitting = [one for one in self.options(around) if self._fits(one, answers)]
        choices = ChainMap({self.choices_from: fitting}, around.choices)  # type: ignore[arg-type]
        return replace(around, choices=choices)  # asks no lookup that nobody needs

    def _fits(self, one: Choice, answers: Mapping[str, Any]) -> bool:
        for fact, name in self.choices_where.items():
            given = answers.get(name)
            wanted = set(given) if isinstance(given, list) else {given} - {None}
            if wanted and fact in one.facts and not wanted & one.facts[fact]:
                return False
        return True
