"""A form's field, and what a type of field must be able to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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
    With `answerable` false the field only shows something.
    """

    name: str
    kind: Kind
    clean: Callable[[Any, "Field", Surroundings], Any]
    widget: str
    keys: frozenset[str] = frozenset()
    to_json: Callable[[Any], Any] = _as_it_is
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Privacy:
    """How personal an answer is and how long it is kept (`retain`: ISO 8601, e.g. P3Y)."""

    kind: PrivacyClass
    retain: str = ""
    erase: str = "remove"


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
    privacy: Privacy | None = None
    unique: str = ""
    min: str = ""
    max: str = ""
    min_length: int = 0
    max_length: int = 0
    max_choices: int = 0
    when_hidden: Literal["drop", "keep"] = "drop"
    basis: str | None = None
    autocomplete: str = ""
    searchable: bool = False
    locked: bool = False

    def options(self, around: Surroundings) -> Sequence[Choice]:
        """Return what may be chosen: the form's own choices, or those the lookup gave."""
        return around.choices.get(self.choices_from, ()) if self.choices_from else self.choices
