"""Open cases moved to the definitions in force, where their author says what becomes of what.

Submitted cases stay under what they were accepted under. A conversion moves those whose answers,
states and claims all find their place (`mapping` in the manifest); the others stay, with the
reason. One commit each; cut short, it goes on where it stopped, for a moved case is passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.accepting import claims_of
from core.case_items import Case, sealed, timer_item
from core.cases import Cases
from core.ledger import claims_moved
from core.loading import Plugin
from core.moments import stamp
from core.offers import Offers
from core.places import Place, Places
from core.publishing import Publishing
from core.store import Conflict, Item, Put
from forms.carrying import Carried, carry, uncovered
from forms.definition import Form
from forms.differences import Difference, form_differences
from forms.surroundings import Surroundings
from workflows.definition import Workflow
from workflows.differences import states_to_map, workflow_differences
from workflows.engine import assigned
from workflows.schedule import schedule

EVENT = "definition"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Stayed:
    """A case that keeps its definitions, and the differences that hold it there."""

    case: str
    because: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion did."""

    moved: int
    stayed: tuple[Stayed, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """Moves the open cases of a service to what its places offer now."""

    cases: Cases
    places: Places
    offers: Offers
    publishing: Publishing
    around: Callable[[str], Surroundings]

    def convert(
        self, top: Place, plugin: str, tell: Callable[[int], object] = lambda _: None
    ) -> Converted:
        """Move every open case at a place and below; `tell` hears how many are done."""
        moved, stayed = 0, list[Stayed]()
        for at, item in enumerate(self.publishing.open_cases(top, plugin), 1):
            outcome = self._one(item)
            if isinstance(outcome, Stayed):
                stayed.append(outcome)
            else:
                moved += outcome
            tell(at)
        return Converted(moved, tuple(stayed))

    def _one(self, item: Item) -> bool | Stayed:
        """Move one case; False where there is nothing to move."""
        case: Case | None = Case(item, self.cases.ledger.vault)
        for _ in range(_TRIES):
            if case is None:
                return False
            step = self._step(case)
            if step is None:
                return False
            if step.held:
                return Stayed(case.id, tuple(step.held))
            try:
                self._commit(case, step)
            except Conflict:
                case = self.cases.get(case.id)
            else:
                return True
        return Stayed(str(item["id"]), ())

    def _step(self, case: Case) -> "_Step | None":
        """Return the way of a case from its definitions to those in force; None for no way."""
        place = self.places.get(case.item["place"])
        service = self.offers.at(place, case.item["plugin"])
        before = self.cases.workflow(case)
        after = service.workflows.get(before.id) if service else None
        if service is None or after is None or after.hash == before.hash:
            return None
        return _Step(service, place, before, after)

    def _commit(self, case: Case, step: "_Step") -> None:
        ledger, around = self.cases.ledger, self.around(case.item["place"])
        form = step.after.forms[step.after.form]
        answers = step.carried(step.before.form, case.answers, around).answers
        steps = dict(step.steps(case, around))
        state = step.service.manifest.state_map(step.after.id).get(case.state, case.state)
        claims = claims_of(ledger.vault, step.service.id, step.place, form, answers)
        moved = Case({**case.item, "state": state, "entry": case.v + 1}, ledger.vault)
        moved = Case(
            {
                **moved.item,
                "answers": sealed(case, form, answers),
                "steps": step.sealed_steps(case, steps),
            },
            ledger.vault,
        )
        dates = schedule(step.after, moved.situation, around)
        now = ledger.clock.now()
        writes = claims_moved(case.id, case.item["claims"], claims)
        writes += [
            Put(timer_item(case.id, case.v + 1, each.name, each.at, now)) for each in dates.timers
        ]
        changes = {
            **{name: moved.item[name] for name in ("answers", "steps", "state", "entry")},
            "form": form.hash,
            "workflow": step.after.hash,
            "due": stamp(dates.due) if dates.due else "",
            "claims": [list(key) for key in claims],
            "marks": [name for name in case.item["marks"] if name in form.fields],
            "votes": {},
            "rung": [],
            **ledger.hung(moved, assigned(step.after, moved.situation)),
        }
        ledger.note(case, EVENT, writes=writes, **changes)


@dataclass(frozen=True, slots=True)
class _Step:
    """From one version of a service to the next, for the cases of one workflow."""

    service: Plugin
    place: Place
    before: Workflow
    after: Workflow

    @property
    def held(self) -> list[Difference]:
        """What stands against moving a case: what is refused, or has no mapping."""
        states = self.service.manifest.state_map(self.after.id)
        found = states_to_map(self.before.data, self.after.data, states)
        found += _refused(workflow_differences(self.before.data, self.after.data))
        for name, form in self.before.forms.items():
            newer = self.after.forms.get(name)
            if newer is not None:
                found += uncovered(form, newer, self.service.manifest.answer_map(name))
                found += _refused(form_differences(form.data, newer.data))
        return found

    def carried(self, form: str, answers: Mapping[str, Any], around: Surroundings) -> Carried:
        """Read the answers to one form in its newer version."""
        mapping = self.service.manifest.answer_map(form)
        return carry(self.before.forms[form], self.after.forms[form], answers, around, mapping)

    def steps(self, case: Case, around: Surroundings) -> Iterator[tuple[str, Any]]:
        """Yield what officers filled in, as the newer forms read it."""
        for name, form in self._officers().items():
            own = {field: each for field, each in case.steps.items() if field in form.fields}
            yield from self.carried(name, own, around).answers.items()

    def sealed_steps(self, case: Case, steps: Mapping[str, Any]) -> dict[str, Any]:
        """Seal what officers filled in as their newer forms want it; the rest stays as it is."""
        known = {field for form in self._officers().values() for field in form.fields}
        kept = {name: each for name, each in case.item["steps"].items() if name not in known}
        for name in self._officers():
            newer = self.after.forms[name]
            own = {field: each for field, each in steps.items() if field in newer.fields}
            kept |= sealed(case, newer, own)
        return kept

    def _officers(self) -> dict[str, Form]:
        return {
            name: form
            for name, form in self.before.forms.items()
            if name != self.before.form and name in self.after.forms
        }


def _refused(differences: tuple[Difference, ...]) -> list[Difference]:
    return [each for each in differences if each.weight == "refused"]
