"""What the core asks plugins about a case: the owner, and those that listen to it (DESIGN §3)."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.api import CaseView, Context, Happening
from core.case_items import Case
from core.filings import Deed, Filing
from core.moments import moment_of
from core.offers import Offers
from core.people import Person
from core.places import Place, Places
from core.plugins import Catalogue, PluginFailed
from core.store import Item, Write
from forms.definition import Form
from workflows.case import Refused
from workflows.definition import Workflow

log = logging.getLogger(__name__)
Contexts = Callable[[str, Place, Person | None], Context]


@dataclass(frozen=True, slots=True)
class _Filed:
    """Answers that are no case yet."""

    answers: Mapping[str, Any]
    steps: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Impersonal:
    """A case's answers without the personal ones, opened when they are first read."""

    case: Any
    forms: Sequence[Form]

    @property
    def answers(self) -> Mapping[str, Any]:
        return self._open(self.case.answers)

    @property
    def steps(self) -> Mapping[str, Any]:
        return self._open(self.case.steps)

    def _open(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        known = {name: spec for form in self.forms for name, spec in form.fields.items()}
        return {
            name: value
            for name, value in told.items()
            if name in known and not known[name].is_personal
        }


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is asked about: a case, or what is to become one, and who is at work on it."""

    owner: str
    place: Place
    workflow: Workflow
    view: CaseView
    person: Person | None = None

    def seen_by(self, plugin: str) -> CaseView:
        """Return the case as a plugin may see it."""
        if plugin == self.owner:
            return self.view
        answered = _Impersonal(self.view._case, tuple(self.workflow.forms.values()))  # noqa: SLF001 — ours
        return replace(self.view, _case=answered)


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks the plugins that a case concerns, each with a Context of its own."""

    offers: Offers
    places: Places
    context: Contexts

    @property
    def catalogue(self) -> Catalogue:
        """The plugins that run."""
        return self.offers.catalogue

    def submission(self, filing: Filing) -> None:
        """Raise Refused where a plugin's check stands against a submission; PluginFailed."""
        self._check("check_submission", _subject_of(filing), filing.reason)

    def transition(self, case: Case, deed: Deed) -> None:
        """Raise Refused where a plugin's check stands against a move; PluginFailed."""
        subject = self._subject(case, deed.person)
        self._check("check_transition", subject, deed.comment, transition=deed.transition)

    def facts(
        self, workflow: Workflow, asked: Case | Filing, transition: str, person: Person | None
    ) -> Mapping[str, bool]:
        """Return what a case's own plugin tells for the choice between targets; PluginFailed."""
        found = workflow.find(transition, asked.state or workflow.start)
        if not workflow.facts or found is None or len(found.to) == 1:
            return {}
        subject = self._subject(asked, person) if isinstance(asked, Case) else _subject_of(asked)
        given = self._given(subject.owner, subject)
        return self.catalogue.facts(subject.owner, **given, transition=transition)

    def claims(self, case: Case, before: Case | None, person: Person | None) -> list[Write]:
        """Return the writes that join a commit; raise PluginFailed."""
        hook = "claim_transition" if before else "claim_submission"
        subject = self._subject(case, person)
        earlier = self._subject(before, person) if before else subject
        writes: list[Write] = []
        for plugin, given in self._concerned(hook, subject):
            told = {"before": earlier.seen_by(plugin)} if before else {}
            found = self.catalogue.claim(hook, plugin, **given, **told)
            try:
                for write in found:
                    given["context"].own(write.key)
            except (AttributeError, ValueError) as error:
                log.exception("%s of %s claims what is not its own", hook, plugin)
                raise PluginFailed(plugin) from error
            writes += found
        return writes

    def followers(self, case: Case) -> Sequence[str]:
        """Return the plugins that are to be told of what happens to a case."""
        place = self.places.get(case.item["place"])
        return self._asked("after_event", case.item["plugin"], place)

    def tell(self, plugin: str, event: Item, case: Case) -> None:
        """Tell a plugin of an event; raise PluginFailed, or whatever it raises."""
        happening = Happening(
            id=f"{event['case']}-{event['n']}",
            case=case.id,
            at=moment_of(event["at"]),
            transition=event["transition"],
            left=event["from"],
            state=event["to"],
            changed=tuple(event.get("changed", ())),
        )
        given = self._given(plugin, self._subject(case, None))
        self.catalogue.tell("after_event", plugin, **given, event=happening)

    def _check(self, hook: str, subject: _Subject, reason: str, **told: str) -> None:
        problems = [
            problem
            for plugin, given in self._concerned(hook, subject)
            for problem in self.catalogue.check(hook, plugin, **given, **told)
        ]
        if any(each.level == "block" or not reason for each in problems):
            raise Refused(*problems)

    def _concerned(self, hook: str, subject: _Subject) -> Iterator[tuple[str, dict[str, Any]]]:
        for plugin in self._asked(hook, subject.owner, subject.place):
            yield plugin, self._given(plugin, subject)

    def _asked(self, hook: str, owner: str, place: Place) -> list[str]:
        """Return the plugins that a hook goes to; raise PluginFailed where the owner must run.

        A service of the store has no Python that could be missing.
        """
        if owner not in self.catalogue.plugins and not self.offers.has_no_python(place, owner):
            raise PluginFailed(owner)
        return self.catalogue.concerned(hook, owner, place.services)

    def _given(self, plugin: str, subject: _Subject) -> dict[str, Any]:
        context = self.context(plugin, subject.place, subject.person)
        return {"context": context, "case": subject.seen_by(plugin)}

    def _subject(self, case: Case, person: Person | None) -> _Subject:
        place = self.places.get(case.item["place"])
        workflow = self.offers.definitions.workflow(case.item["workflow"])
        return _Subject(case.item["plugin"], place, workflow, view_of(case), person)


def _subject_of(filing: Filing) -> _Subject:
    filed = _Filed(filing.data, {})
    place, flow = filing.place.slug, filing.workflow.id
    view = CaseView(filing.id, place, filing.state, filed, filing.about, flow, parent=filing.parent)
    return _Subject(filing.plugin, filing.place, filing.workflow, view, filing.person)


def view_of(case: Case) -> CaseView:
    """Return a case as its own plugin sees it."""
    about = str(case.item.get("about", ""))
    flow, at = str(case.item.get("flow", "")), str(case.item.get("at", ""))
    parent, pinned = str(case.item.get("parent", "")), str(case.item["workflow"])
    place = str(case.item["place"])
    return CaseView(case.id, place, case.state, case, about, flow, at, parent, pinned)
