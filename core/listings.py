"""Public lists (公开名录): an entry for each case in a public state, always in step with it.

It is written in the commit of whatever changes its case and holds the answers that the form makes
public, so that a page of the list costs one query and opens no case. Entries of a county's workflow
stand in one partition, by the time their cases were accepted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.case_items import Case
from core.definitions import Definitions
from core.store import Delete, Item, Key, Put, Store, Write
from forms.fields import Field
from workflows.definition import Workflow

MOST = 2000
"""How many entries a page reads at most; what is older is not listed, and the page says so."""
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Listed:
    """What anybody may read of a case: its public answers, under the workflow of this hash.

    Those of officers' forms among them, as they filled them in last. `since` is when its state
    was entered.
    """

    case: str
    place: str
    state: str
    at: str
    since: str
    workflow: str
    reach: tuple[str, ...]
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listings:
    """Reads the public lists."""

    store: Store

    def of(self, county: str, plugin: str, workflow: str) -> Iterator[Listed]:
        """Yield the entries of a workflow's cases in a county, the latest first, at most MOST."""
        cursor, found = None, 0
        while found < MOST:
            page = self.store.query(
                _partition(county, plugin, workflow), limit=_AT_ONCE, cursor=cursor, reverse=True
            )
            yield from map(_listed, page.items)
            found, cursor = found + len(page.items), page.cursor
            if cursor is None:
                return

    def latest(self, county: str, plugin: str, workflow: str, most: int) -> list[Listed]:
        """Return the latest entries of a workflow's cases in a county: one query."""
        name = _partition(county, plugin, workflow)
        return [*map(_listed, self.store.query(name, limit=most, reverse=True).items)]

    def get(self, county: str, plugin: str, workflow: str, case: Item) -> Listed | None:
        """Return the entry of a case; None where it is not public."""
        sort = _sort(case["at"], case["id"])
        [item] = self.store.get((_partition(county, plugin, workflow), sort))
        return _listed(item) if item else None


def listed_writes(case: Case, after: Mapping[str, Any], definitions: Definitions) -> list[Write]:
    """Return what keeps a case's entry in step with a commit; () where it is and stays private.

    `case` is as it stood, `after` its item as it will be. The commit's own condition on the case
    lets no other come between.
    """
    if _is_public(after, definitions):
        return [Put(_entry(after, definitions))]
    was_public = case.state and _is_public(case.item, definitions)
    return [Delete(_key(after))] if was_public else []


def public_fields(workflow: Workflow) -> dict[str, Field]:
    """Return what a workflow's forms make public, by name: of the case's own, then its officers'.

    What officers fill in under one name on several forms is public where it is on all of them.
    """
    own, closed = workflow.forms[workflow.form].fields, set[str]()
    found = {name: each for name, each in own.items() if each.public}
    for form in workflow.forms.values():
        for name, each in form.fields.items():
            if name not in own:
                found.setdefault(name, each)
                closed |= set() if each.public else {name}
    return {name: each for name, each in found.items() if name not in closed}


def _is_public(item: Mapping[str, Any], definitions: Definitions) -> bool:
    state = definitions.workflow(item["workflow"]).states.get(item["state"])
    return bool(state and state.public and not item["twin"])


def _entry(item: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    pk, sk = _key(item)
    public = public_fields(definitions.workflow(item["workflow"]))
    told = ("place", "state", "at", "since", "workflow", "reach")
    return {
        "pk": pk,
        "sk": sk,
        "case": item["id"],
        **{name: item[name] for name in told},
        "answers": {
            name: value
            for name, value in {**item["steps"], **item["answers"]}.items()
            if name in public and value is not None
        },
    }


def _key(item: Mapping[str, Any]) -> Key:
    partition = _partition(item["county"], item["plugin"], item["flow"])
    return partition, _sort(item["at"], item["id"])


def _partition(county: str, plugin: str, workflow: str) -> str:
    return f"PB#{county}#{plugin}.{workflow}"


def _sort(at: str, case: str) -> str:
    return f"{at}#{case}"


def _listed(item: Item) -> Listed:
    names = ("case", "place", "state", "at", "since", "workflow", "answers")
    told = {name: item[name] for name in names}
    return Listed(reach=tuple(item["reach"]), **told)
