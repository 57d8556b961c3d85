"""A form's field, and what a type of field must be able to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from forms.checks import Check
from forms.expressions import Expression
from forms.kinds import Kind
from forms.surroundings import Choice, ChoiceSource, Surroundings
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
    public: bool = False
    """Whether everybody may read the answer while the case is in a public state."""
    readers: frozenset[str] = frozenset()
    """The only roles that are shown the answer, beside whose it is; empty: whoever has the case."""

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

    def named(self, around: Surroundings) -> Sequence[Choice]:
        """Return the choices by which an answer reads, also to who may choose none of them."""
        if self.choices_from and isinstance(around.choices, ChoiceSource):
            return around.choices.named(self.choices_from)
        return self.options(around)

    def given(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the clean answers that narrow what it offers, by fact; the unanswered are absent.

        Of something looked up, only its value.
        """
        said = {fact: answers.get(name) for fact, name in self.choices_where.items()}
        return {fact: _value(one) for fact, one in said.items() if one is not None}

    def asked(
        self, answers: Mapping[str, Any], around: Surroundings
    ) -> tuple[Sequence[Choice], Sequence[Choice]] | None:
        """Return what its lookup offers for clean `answers`, and which of that fit their facts.

        A choice that says nothing of a fact fits; so does every choice while the other field is
        unanswered. None where the lookup is not there.
        """
        given = self.given(answers)
        offered = around.offered(self.choices_from, given)
        if offered is None:
            return None
        return offered, [one for one in offered if _fits(one, given)]

    def narrowed(self, answers: Mapping[str, Any], around: Surroundings) -> Surroundings:
        """Return `around` with only those choices that fit clean `answers`."""
        if not self.choices_where:
            return around
        asked = self.asked(answers, around)
        return around.offering(self.choices_from, asked[1] if asked else None)


def _value(answer: Any) -> Any:
    return answer["value"] if isinstance(answer, Mapping) and "value" in answer else answer


def _wanted(answer: Any) -> set[Any]:
    """Return the values that a fact must have one of: of an address, the places it lies in."""
    if isinstance(answer, Mapping):
        return set(answer.get("region", ()))
    return {one for one in answer if isinstance(one, str)} if isinstance(answer, list) else {answer}


def _fits(one: Choice, given: Mapping[str, Any]) -> bool:
    for fact, answer in given.items():
        wanted = _wanted(answer)
        if wanted and fact in one.facts and not wanted & one.facts[fact]:
            return False
    return True
