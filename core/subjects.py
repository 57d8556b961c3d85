"""Whose a new case is: of who fills it in, or of the person whose other case it names.

A workflow's `about` names a lookup field; the chosen value is a case of the plugin that offers the
lookup. The new case then belongs to that person: they find it among their own, get the messages to
`applicant` and act as the applicant. Of them it keeps the other case's id, and no phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.acting import actor_of, who_acts
from core.case_items import Case, case_key
from core.definitions import Definitions
from core.people import Person
from core.places import Place
from core.privacy import Vault
from core.store import Store
from forms.definition import Form
from forms.messages import problem
from workflows.case import Actor, Refused
from workflows.definition import APPLICANT, SYSTEM, Workflow

_PUBLIC = {"by": APPLICANT, "role": APPLICANT, "office": ""}
_BY_ITSELF = {"by": SYSTEM, "role": SYSTEM, "office": ""}


@dataclass(frozen=True, slots=True)
class Starter:
    """Who begins a case: what they act as, how its first event names them, and their names."""

    actor: Actor
    who: Mapping[str, str]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subjects:
    """Finds the phone behind a case."""

    store: Store
    vault: Vault
    definitions: Definitions

    def phone_of(self, case: Case) -> str:
        """Return the phone of whose case this is; "" where none is known any more."""
        about = case.item.get("about")
        told = self._case(about) if about else case
        return phone_in(self.definitions.form(told.item["form"]), told.answers) if told else ""

    def phone_named(self, workflow: Workflow, data: Mapping[str, Any], place: Place) -> str:
        """Return the phone of the case that answers name; raise Refused for one not of here.

        The form engine has accepted the choice, so that the lookup offers it to this person.
        """
        form = workflow.forms[workflow.form]
        case = self._case(about_of(workflow, data))
        owner = form.fields[workflow.about].choices_from.partition(".")[0]
        if case is None or (case.item["plugin"], case.item["county"]) != (owner, place.county):
            raise Refused(problem("choice_unknown", "zh"))
        return self.phone_of(case)

    def _case(self, case_id: str) -> Case | None:
        [item] = self.store.get(case_key(case_id)) if case_id else [None]
        return Case(item, self.vault) if item else None


def about_of(workflow: Workflow, data: Mapping[str, Any]) -> str:
    """Return the id of the case that answers name, "" where none is asked for."""
    answer = data.get(workflow.about) if workflow.about else None
    return str(answer["value"]) if answer else ""


def phone_in(form: Form, data: Mapping[str, Any]) -> str:
    """Return the first answer to a field of type phone, "" where there is none."""
    phones = (spec.name for spec in form.fields.values() if spec.type.name == "phone")
    return next((str(data[name]) for name in phones if data.get(name)), "")


def child_of(workflow: Workflow) -> Starter:
    """Return how a case begins that another begins by itself."""
    return Starter(Actor(frozenset(workflow.starters), is_self=True), _BY_ITSELF)


def starter_of(blank: Case, workflow: Workflow, person: Person | None) -> Starter:
    """Return who begins a case: the public, or the officer whose role `submit` asks for."""
    by = workflow.starters
    if APPLICANT in by or person is None:
        return Starter(Actor(frozenset({APPLICANT}), is_self=True), _PUBLIC)
    who, names = who_acts(blank, person, by)
    return Starter(actor_of(blank, person, by), who, names)
