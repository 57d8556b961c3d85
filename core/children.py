"""Cases that a case begins: one for each date of a series, each once, however often it is asked.

A child's number is a keyed hash of its parent's and of a name, such as the date. It stands in the
same workflow, under the same definitions and at the same place, with some answers of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.answer_changes import amended
from core.case_items import case_key
from core.cases import Cases
from core.filings import Filing
from core.numbers import keyed_number
from forms.problems import Problem
from forms.surroundings import Surroundings
from workflows.case import Refused


@dataclass(frozen=True, slots=True)
class Children:
    """Begins cases for others."""

    cases: Cases

    def begin(
        self, parent_id: str, name: str, changes: Mapping[str, Any], around: Surroundings
    ) -> tuple[str, Sequence[Problem]]:
        """Return the child of that name, or "" and what stands against it; raise Busy."""
        ledger, parent = self.cases.ledger, self.cases.get(parent_id)
        if parent is None:
            return "", ()
        county = parent.item["county"]
        told = f"child|{parent_id}|{name}"
        child = keyed_number(ledger.vault.fingerprint(county, told))
        if ledger.store.get(case_key(child)) != [None]:
            return child, ()
        form, workflow = self.cases.form(parent), self.cases.workflow(parent)
        outcome = amended(form, parent.answers, changes, around)
        against = [each for each in outcome.problems if each.level == "block"]
        if against:
            return "", against
        plugin, place = parent.item["plugin"], ledger.places.get(parent.item["place"])
        filing = Filing(child, plugin, place, form, workflow, outcome.data, parent=parent_id)
        try:
            return self.cases.submit(filing, None, around).id, ()
        except Refused as refused:
            return "", refused.problems
