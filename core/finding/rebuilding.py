"""Works a county's index out anew: for cases from before there was one, and after a restore.

While people go on: each case is set right by itself. One case at a time is in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.case_items import Case
from core.finding.index import Index
from core.offers import Offers
from core.places import Place
from core.publishing import Publishing


@dataclass(frozen=True, slots=True)
class Reindexing:
    """Rebuilds the index."""

    index: Index
    offers: Offers
    publishing: Publishing

    def rebuild(self, county: Place) -> Iterator[bool]:
        """Set each case of a county right; yield for each whether it was wrong.

        Raises Busy or Conflict where a case changes all the time; what is done stays done.
        """
        tree = self.publishing.places.tree(county)
        for service in self.offers.known_at(tree):
            for item in self.publishing.cases(county, service.id):
                if item["county"] == county.slug:
                    yield self.index.mend(Case(item, self.index.vault))
