"""Which answers are counted: to questions with a fixed choice that are not personal."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from forms.definition import Form
from forms.fields import Field

MOST_BYTES = 100_000
"""How much the names of all that can be counted of one form may take in a statistic item."""
MOST_ANSWERS = 100
"""How many answers of one case are counted."""


@lru_cache(maxsize=256)
def counted_fields(form: Form) -> Mapping[str, Field]:
    """Return the fields whose answers are counted, in the form's order.

    Those of a choice written in the form, and yes or no; never one with a `privacy` class or
    `readers`, never what a lookup offers, never what stands in repeated rows. A question with which
    the form's answers would grow beyond MOST_BYTES or MOST_ANSWERS is left out.
    """
    found, size, answers = dict[str, Field](), 0, 0
    for spec in form.fields.values():
        if spec.is_personal or spec.readers or spec.choices_from or spec.type.name not in _SAID:
            continue
        more = sum(len(answer_name(spec.name, each).encode()) for each in offered(spec))
        at_once = (spec.max_choices or len(spec.choices)) if spec.type.name == "choices" else 1
        if size + more <= MOST_BYTES and answers + at_once <= MOST_ANSWERS:
            found[spec.name] = spec
            size, answers = size + more, answers + at_once
    return found


def offered(spec: Field) -> list[str]:
    """Return what may be answered, as it is counted."""
    return ["true", "false"] if spec.type.name == "yes_no" else [c.value for c in spec.choices]


def answer_name(field: str, value: str) -> str:
    """Return the attribute that counts one answer."""
    return f"a.{field}.{value}"


def answered(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """Return the attributes that count these clean answers; they may be those kept on a case."""
    given = [(spec, answers.get(name)) for name, spec in counted_fields(form).items()]
    return [
        answer_name(spec.name, value)
        for spec, answer in given
        if answer is not None
        for value in _SAID[spec.type.name](answer)
    ]


_SAID: Mapping[str, Any] = {
    "choice": lambda answer: [answer],
    "choices": lambda answer: answer,
    "yes_no": lambda answer: ["true" if answer else "false"],
}
"""What an answer of each counted type says, as texts."""
