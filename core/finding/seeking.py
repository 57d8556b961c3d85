"""Finds the cases of a county that a text may mean: one query for a whole value, one for each pair.

What is found is a guess by hashes, and may be old by a moment: whoever shows a case opens it and
looks whether it says so (`core.finding.terms.matching`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.finding.index import term_partition
from core.finding.terms import LEAST, asked_for, pairs, part_term, plain, whole_term
from core.people import Person
from core.privacy import Vault
from core.store import Item, Store

MOST = 1000
"""How many cases of one term are looked at, the latest."""
MOST_PAIRS = 4
"""How many pairs of characters are asked for; the case itself is asked for the rest."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that may be meant: where it stands in time, its service and place, who may open it."""

    case: str
    sort: str
    plugin: str
    place: str
    reach: tuple[str, ...]
    roles: frozenset[str]

    def is_open_to(self, person: Person, managers: frozenset[str]) -> bool:
        """Tell whether somebody may open it as an officer: the rule of case pages."""
        return bool(person.roles_over(self.reach) & (self.roles | managers))


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found, the latest first; `cut` where only the latest were looked at."""

    hits: tuple[Hit, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Seeking:
    """Asks the index."""

    store: Store
    vault: Vault

    def of(self, county: str, text: str) -> Sought:
        """Return the cases of a county that `text` may mean: a whole value, or words of it."""
        if not plain(text):
            return Sought(())
        found, cut = self._under(whole_term(self.vault, county, asked_for(text)), county)
        partly, cut_too = self._of_words(county, text.split())
        every = {**partly, **found}
        hits = tuple(every[sort] for sort in sorted(every, reverse=True))
        return Sought(hits, cut or cut_too)

    def _of_words(self, county: str, words: Iterable[str]) -> tuple[dict[str, Hit], bool]:
        every = dict.fromkeys(pair for word in words for pair in pairs(plain(word)))
        asked = _spread([*every], MOST_PAIRS)
        if not asked:
            return {}, False
        found = [self._under(part_term(self.vault, county, pair), county) for pair in asked]
        common = set.intersection(*(set(each) for each, _ in found))
        return {sort: found[0][0][sort] for sort in common}, any(cut for _, cut in found)

    def _under(self, term: str, county: str) -> tuple[dict[str, Hit], bool]:
        page = self.store.query(term_partition(county, term), limit=MOST, reverse=True)
        return {item["sk"]: _hit(item) for item in page.items}, page.cursor is not None


def can_be_sought(text: str) -> bool:
    """Tell whether a text is long enough to be looked for."""
    return len(plain(text)) >= LEAST


def _spread(pairs_found: list[str], most: int) -> list[str]:
    """Return at most so many, from the first to the last."""
    if len(pairs_found) <= most:
        return pairs_found
    step = (len(pairs_found) - 1) / (most - 1)
    return [pairs_found[round(at * step)] for at in range(most)]


def _hit(item: Item) -> Hit:
    told = {name: str(item[name]) for name in ("case", "plugin", "place")}
    return Hit(sort=item["sk"], reach=tuple(item["reach"]), roles=frozenset(item["roles"]), **told)
