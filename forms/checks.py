"""A rule over answers, of a page or of each row of a group."""

from dataclasses import dataclass

from forms.expressions import Expression
from forms.problems import Level, Problem
from forms.surroundings import Language
from forms.text import Text


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over answers; where `expr` is not true, a problem with this message.

    `reads` are all the names it depends on, near and far; `page` is the first page (from 0) on
    which all of them have been asked. In a group's check, `field` is one of the row's.
    """

    expr: Expression
    message: Text
    code: str
    field: str | None
    level: Level
    basis: str | None
    reads: frozenset[str]
    page: int

    def refused(self, language: Language, field: str | None) -> Problem:
        """Return the problem of an answer that breaks the rule; `field` is where it stands."""
        return Problem(self.code, self.message.get(language), field, self.level, self.basis)
