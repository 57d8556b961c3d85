"""Who may read an answer (ADR 31): the one place where that is decided.

A field's `readers` are the only officers who are shown its answer, masked or whole, or that there
is one; whoever handed it in sees their own. A complaint's name and telephone stay with the county,
whatever desk the complaint lies on.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from core.case_items import Case
from core.people import Person
from forms.definition import Form
from forms.fields import Field


def may_read(spec: Field, case: Case, person: Person | None) -> bool:
    """Tell whether somebody may be shown the answer to a field of a case.

    Readers hold the role in their own name at a place that the case has reached: a deputy works
    through the desk of an absent officer, and may be whom the case is about.
    """
    if not spec.readers:
        return True
    if person is None:
        return False
    own = bool(case.item["holder"]) and case.item["holder"] == person.holder
    return own or bool(person.own_roles_over(case.reach) & spec.readers)


def closed_to(form: Form, case: Case, person: Person | None) -> frozenset[str]:
    """Return the names of a form's fields that this person may not read."""
    fields = form.fields.values()
    return frozenset(each.name for each in fields if not may_read(each, case, person))


def readable(
    forms: Iterable[Form], case: Case, person: Person | None, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return those of a case's answers, or steps, that this person may read."""
    closed = {name for form in forms for name in closed_to(form, case, person)}
    return {name: value for name, value in answers.items() if name not in closed}
