"""Accepts submissions: once each, however often they arrive; a second of one person as a twin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.case_items import Case, case_key, claim_key, sealed
from core.filings import TRIES, Checks, Different, Filing
from core.ledger import Entry, Ledger, claim_writes
from core.parties import reach_of
from core.people import People
from core.places import Place
from core.privacy import Vault
from core.receipt_codes import code_of, needs_code
from core.store import Busy, Conflict, Item, Key
from core.subjects import Subjects, child_of, phone_in, starter_of
from forms.canonical import canonical
from forms.definition import Form
from forms.surroundings import Surroundings
from workflows.definition import APPLICANT, SUBMIT
from workflows.engine import begin, chosen


@dataclass(frozen=True, slots=True)
class Accepting:
    """Takes submissions in."""

    ledger: Ledger
    people: People
    checks: Checks
    subjects: Subjects

    def submit(self, filing: Filing, stood: Item | None, around: Surroundings) -> Case:
        """Accept a submission once, however often it arrives; raise Different, Conflict or Busy.

        `stood` is what the id's key held when the page was asked for. A value that must be unique
        and is already claimed makes a twin: kept, shown to the applicant in the same words as any
        other, and told to the phone that is known. Where a claim of the plugin's stands against
        it, the plugin is asked again: Refused with its words, or another target by its facts.
        Conflict is raised where what is to be written beside it does not hold.
        """
        if stood is not None:
            return self._again(stood, filing)
        original = ""
        for _ in range(TRIES):
            if not original:
                self.checks.submission(filing)
            try:
                return self._accept(filing, around, twin_of=original)
            except Conflict as conflict:
                was_there, item = conflict.stood(case_key(filing.id))
                if was_there and item:
                    return self._again(item, filing)
                if any(conflict.stood(each.key)[0] for each in filing.beside):
                    raise  # no second try helps: the draft that it was has moved on
                original = original or claimed_by(conflict)
        raise Busy(filing.id)

    def _again(self, stood: Item, filing: Filing) -> Case:
        case = Case(stood, self.ledger.vault)
        if case.item["content"] != self._content(filing):
            raise Different(case)
        return case

    def _content(self, filing: Filing) -> str:
        what = canonical([filing.plugin, filing.form.id, filing.place.slug, dict(filing.data)])
        return self.ledger.vault.fingerprint(filing.place.county, what)

    def _accept(self, filing: Filing, around: Surroundings, twin_of: str) -> Case:
        ledger, place, workflow = self.ledger, filing.place, filing.workflow
        told = (filing.plugin, place, filing.form, filing.data)
        claims = [] if twin_of else claims_of(ledger.vault, *told)
        if filing.about:
            phone = self.subjects.phone_named(workflow, filing.data, place)
        else:
            phone = phone_in(filing.form, filing.data)
        item: dict[str, Any] = {
            "id": filing.id,
            "plugin": filing.plugin,
            "form": filing.form.hash,
            "workflow": workflow.hash,
            "flow": workflow.id,
            "place": place.slug,
            "county": place.county,
            "content": self._content(filing),
            **self._guard(filing, phone),
            "claims": [list(key) for key in claims],
            "twin": twin_of,
            "about": filing.about,
            **({"parent": filing.parent} if filing.parent else {}),
        }
        blank = Case({**item, "reach": [*place.path], "desk": [], "seat": []}, ledger.vault)
        person = filing.person
        starter = child_of(workflow) if filing.parent else starter_of(blank, workflow, person)
        facts = {} if twin_of else self.checks.facts(workflow, filing, SUBMIT, person)
        moved = begin(workflow, filing.data, ledger.clock.now(), around, starter.actor, facts=facts)
        item["answers"] = sealed(blank, filing.form, filing.data)
        item["reach"] = reach_of(workflow, filing.data, place, ledger.places)
        entry = Entry(starter.who, filing.reason, person=person, names=starter.names)
        return ledger.open(item, moved, entry, [*claim_writes(filing.id, claims), *filing.beside])

    def _guard(self, filing: Filing, phone: str) -> dict[str, Any]:
        """Return what says whose a case is, and what is asked for beside its number.

        Who has no telephone to sign in with holds the case by its code.
        """
        vault, county = self.ledger.vault, filing.place.county
        holder, secret = self.people.holder(phone) if phone else "", phone[-4:]
        if filing.about or not needs_code(filing.form, filing.data):
            return {"holder": holder, "tail": tail(vault, county, filing.id, secret)}
        secret = code_of(vault, county, filing.id)
        if not phone and APPLICANT in filing.workflow.starters:
            holder = vault.fingerprint(county, f"holder|{filing.id}")
        told = tail(vault, county, filing.id, secret)
        return {"holder": holder, "tail": told, "coded": True}


def claims_of(
    vault: Vault, plugin: str, place: Place, form: Form, data: Mapping[str, Any]
) -> list[Key]:
    """Return the claims that these answers hold: one for each that must be unique.

    It is so within a level above the place, or the place that another field of the form names.
    """
    keys = []
    for spec in form.fields.values():
        if spec.unique and data.get(spec.name) not in (None, ""):
            within = form.fields.get(spec.unique)
            named = chosen(data.get(within.name)) if within else place.at(spec.unique)
            scope = named or place.county
            value = vault.fingerprint(scope, str(data[spec.name]))
            keys.append(claim_key(scope, f"{plugin}.{form.id}.{spec.name}", value))
    return keys


def tail(vault: Vault, county: str, case_id: str, secret: str) -> str:
    """Return the keyed hash by which a phone's last four digits, or a code, are checked."""
    return vault.fingerprint(county, f"{case_id}|{secret}")


def claimed_by(conflict: Conflict) -> str:
    """Return the case that has a unique value already, "" where something else stood there."""
    for write, item in conflict.writes:
        if write.key[0].startswith("U#") and item:
            return str(item["case"])
    return ""
