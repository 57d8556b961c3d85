"""What a page says where the answers so far narrow what one of its fields offers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.web.words import words
from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Surroundings

_LOOK = "look"


def is_look(action: str) -> bool:
    """Tell whether a button only asks what can be chosen now: look, or look:slot."""
    return action.partition(":")[0] == _LOOK


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How many choices fit, of how many, by which answers, and which are still missing.

    `here` names the fields that narrow it and stand on the same page.
    """

    fitting: int
    offered: int
    by: str
    missing: str
    here: tuple[str, ...]


def narrowing_of(
    spec: Field, form: Form, data: Mapping[str, Any], around: Surroundings, page: Collection[str]
) -> Narrowing | None:
    """Return how clean answers narrow a field; None for one that nothing narrows.

    `page` names the fields that stand beside it.
    """
    asked = spec.asked(data, around) if spec.choices_where else None
    if asked is None:
        return None
    by = [form.fields[name] for name in dict.fromkeys(spec.choices_where.values())]
    return Narrowing(
        fitting=len(asked[1]),
        offered=len(asked[0]),
        by=_named(one for one in by if one.name in data),
        missing=_named(one for one in by if one.name not in data),
        here=tuple(one.name for one in by if one.name in page),
    )


def _named(fields: Iterable[Field]) -> str:
    return "”“".join(words(one.label) for one in fields)
