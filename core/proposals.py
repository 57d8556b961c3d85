"""What publishing a changed service would change, in words, before anybody decides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.case_items import register_name
from core.loading import Plugin
from core.store import Item, Store
from forms.differences import Difference, form_differences
from workflows.differences import workflow_differences

Verdict = Literal["new", "same", "compatible", "mapping", "refused"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A service as it would be at a place, against the one in force there.

    `open_cases` counts, by workflow state, the cases at the place and below that are not at an
    end: they keep the definitions they were accepted under unless they are moved. `stood` is the
    bundle that a level had put in force when this was compared, "" for none.
    """

    place: str
    service: Plugin
    changes: tuple[Difference, ...]
    open_cases: Mapping[str, int]
    stood: str = ""
    is_new: bool = False

    @property
    def verdict(self) -> Verdict:
        """How the changes weigh all together.

        What would break a promise to open cases is refused while there are any; `mapping` says
        that open cases can only be moved where the author declares what becomes of them.
        """
        weights = {each.weight for each in self.changes}
        if self.is_new or not weights:
            return "new" if self.is_new else "same"
        if "refused" in weights and self.open_cases:
            return "refused"
        return "mapping" if "mapping" in weights else "compatible"


def differences(before: Plugin, after: Plugin) -> tuple[Difference, ...]:
    """Return every difference between two versions of a service, forms first."""
    return tuple(_differences(before, after))


def _differences(before: Plugin, after: Plugin) -> Iterator[Difference]:
    for name, form in after.forms.items():
        if name in before.forms:
            yield from form_differences(before.forms[name].data, form.data)
    for name, workflow in after.workflows.items():
        if name in before.workflows:
            yield from workflow_differences(before.workflows[name].data, workflow.data)


def registered(
    store: Store, places: Iterable[str], plugin: str, since: datetime, now: datetime
) -> Iterator[Item]:
    """Yield every case of a service filed at these places, from the month of `since` on.

    A walk through the register, a page at a time: for an officer's rare act, never for a visitor.
    """
    months = list(_months(since, now))
    for name in (register_name(place, plugin, month) for place in places for month in months):
        cursor: str | None = None
        while True:
            page = store.query(name, index="register", limit=100, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                break


def _months(since: datetime, now: datetime) -> Iterator[str]:
    """Yield yyyymm from one moment to another; cases are registered by the stored (UTC) month."""
    year, month = since.year, since.month
    while (year, month) <= (now.year, now.month):
        yield f"{year}{month:02}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
