"""A form being filled in, page by page: the answers so far, and the page in front of the person.

What the other pages hold stands in the draft on the server (`core.drafts`); a page brings its own
fields. Files are stored at once, encrypted and bound to the case id; the page names those it shows
by signed tokens.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from flask import request

from core.web.attachments import Attachments
from core.web.narrowing import narrowing_of
from core.web.row_moves import move_row
from core.web.words import path_words, words
from forms.browser import rules_for_browser
from forms.carrying import Carried
from forms.definition import Form
from forms.evaluation import Outcome, evaluate, evaluate_page, visible_pages
from forms.fields import Field
from forms.problems import Problem
from forms.settling import UNKNOWN_CHOICE
from forms.surroundings import Surroundings
from forms.wtf import bind, raw_answers

_FILE = "file_"


@dataclass
class Paper:
    """The form, the answers so far, and the page in front of the person."""

    form: Form
    around: Surroundings
    case_id: str
    county: str
    title: str = ""
    summary: str = ""
    """A line about the service that it is the form of."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """What else the page carries: the signed case id, or the version seen."""
    notice: str = ""
    asked: str = ""
    """What the officer wrote who sent it back."""
    back: str = "/"
    index: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    """The answer to problems that only need explaining."""
    problems: list[Problem] = field(default_factory=list)
    marks: tuple[str, ...] = ()
    news: Carried | None = None
    """What has changed in the form since it was typed into, to be said on the page."""
    hand_in: str = ""
    """What the button says that hands in the whole from any page; "" for a new form."""
    overtaken: list[tuple[str, str]] = field(default_factory=list)
    """What somebody else's change left out of what was typed here: label and words."""
    entered: str = ""
    """Who entered it for the person, "" where they did themselves."""
    saved: str = ""
    """When the draft was saved last, "" before the first time."""
    _evaluated: tuple[dict[str, Any], Outcome] | None = None

    def __post_init__(self) -> None:
        self._attachments = Attachments(self.county, self.case_id)

    @property
    def page(self) -> Any:
        """The definition of the page in front of the person."""
        return self.form.pages[self.index]

    @property
    def last(self) -> bool:
        """Whether no further page would be shown."""
        return self.index == visible_pages(self.form, self._outcome())[-1]

    @property
    def step(self) -> tuple[int, int]:
        """Which page this is, and of how many."""
        shown = visible_pages(self.form, self._outcome())
        return sum(1 for each in shown if each <= self.index), len(shown)

    def read(self) -> None:
        """Take in what this page's fields say, over the answers so far."""
        self.open(request.form.get("page", 0, int) or 0)
        self.reason = request.form.get("reason", self.reason).strip()[:1000]
        bound = bind(self.form, self.index, self.around, request.form)
        self.answers |= raw_answers(bound)
        for one in bound:
            self._attachments.take(one, self.answers)
        self.problems += self._attachments.refused
        move_row(self.page.fields, self.answers, request.form.get("action", ""))

    def open(self, index: int) -> None:
        """Put a page in front, the nearest there is."""
        self.index = min(max(index, 0), len(self.form.pages) - 1)

    def check(self) -> bool:
        """Note this page's problems; True where nothing stands against going on."""
        self._note(evaluate_page(self.form, self.index, self.answers, self.around).problems)
        return not self._blocking()

    def check_choices(self) -> None:
        """Note only what is chosen on this page and no longer offered."""
        found = evaluate_page(self.form, self.index, self.answers, self.around).problems
        self._note(each for each in found if each.code == UNKNOWN_CHOICE)

    def check_all(self) -> Mapping[str, Any] | None:
        """Return the clean answers of the whole form, or None with the first bad page in front."""
        outcome = self._outcome()
        self._note(outcome.problems)
        if not self._blocking():
            return outcome.data
        self.turn_to(self._blocking())
        return None

    def turn_to(self, problems: Iterable[Problem]) -> None:
        """Put the first page in front that asks what one of these problems is about."""
        wrong = {_top(problem.field) for problem in problems}
        pages = enumerate(self.form.pages)
        found = (n for n, page in pages if wrong & {spec.name for spec in page.fields})
        self.index = next(found, self.index)

    def turn(self, by: int) -> None:
        """Go to the next or the previous page that has something to show."""
        shown = visible_pages(self.form, self._outcome())
        ahead = [each for each in shown if (each > self.index if by > 0 else each < self.index)]
        if ahead:
            self.index = min(ahead) if by > 0 else max(ahead)

    def bound(self) -> Any:
        """Return the page's fields with their answers and problems, for the template."""
        fields = bind(self.form, self.index, self.around, None, self._filled())
        data, here = self._outcome().data, [spec.name for spec in self.page.fields]
        for one in fields:
            one.hidden = one.name not in self.visible
            one.narrowing = narrowing_of(one.spec, self.form, data, self.around, here)
            self._dress(one, self.answers.get(one.spec.name))
        return fields

    def _dress(self, one: Any, answer: Any) -> None:
        """Give a field what the template shows of it: problems, stored files, whether it shows."""
        wrong = [p for p in self.problems if p.level == "block" and p.field]
        one.errors = [p.message for p in wrong if p.field == one.name]
        self._attachments.show(one, answer)
        one.row_errors = {p.field: [p.message] for p in wrong}
        answers = answer if one.spec.rows and isinstance(answer, list) else []
        for at, (_, row) in enumerate(getattr(one, "rows", ())):
            known = at < len(answers)
            given = answers[at] if known else {}
            for inner in row:
                shown = inner.name in self.visible if known else not inner.spec.show_if
                inner.hidden = not shown
                self._dress(inner, given.get(inner.spec.name))

    def offering(self, spec: Field) -> Surroundings:
        """Return the surroundings with what a field offers, narrowed by the answers so far."""
        return spec.narrowed(self._outcome().data, self.around)

    @property
    def visible(self) -> frozenset[str]:
        """The names of the fields that show with the answers so far, in rows as group.n.name."""
        outcome = self._outcome()
        within = (
            f"{group}.{at}.{name}"
            for group, rows in outcome.rows.items()
            for at, row in enumerate(rows)
            for name in row.visible
        )
        return frozenset([*outcome.visible, *within])

    @property
    def rules(self) -> str:
        """The page's rules and the other pages' answers, for the browser."""
        return json.dumps(
            rules_for_browser(self.form, self.index, self.answers, self.around),
            ensure_ascii=False,
        ).replace("<", "\\u003c")

    @property
    def stored(self) -> tuple[str, ...]:
        """The names of the files that this page brought."""
        return tuple(self._attachments.stored)

    @property
    def labels(self) -> dict[str, str]:
        """The label of every field, for the list of problems; in rows, with the row's number."""
        labels = {name: words(spec.label) for name, spec in self.form.fields.items()}
        for problem in self.problems:
            if problem.field and problem.field not in labels:
                labels[problem.field] = path_words(self.form, problem.field)
        return labels

    @property
    def must_explain(self) -> list[Problem]:
        """The problems that let one go on with a reason."""
        return [problem for problem in self.problems if problem.level == "explain"]

    def _blocking(self) -> list[Problem]:
        return [p for p in self.problems if p.level == "block" or not self.reason]

    def _note(self, problems: Any) -> None:
        known = {(problem.field, problem.message) for problem in self.problems}
        refused = {problem.field for problem in self.problems if problem.code.startswith(_FILE)}
        self.problems += [
            p for p in problems if (p.field, p.message) not in known and p.field not in refused
        ]

    def _outcome(self) -> Outcome:
        if self._evaluated is None or self._evaluated[0] != self.answers:
            outcome = evaluate(self.form, self.answers, self.around)
            self._evaluated = (deepcopy(self.answers), outcome)
        return self._evaluated[1]

    def _filled(self) -> dict[str, Any]:
        """Return the answers with what is computed from them, for the fields to show."""
        outcome = self._outcome()
        filled = {**self.answers, **outcome.computed}
        for group, rows in outcome.rows.items():
            given = self.answers.get(group) or []
            pairs = zip(given, rows, strict=False)
            filled[group] = [{**answers, **row.computed} for answers, row in pairs]
        return {k: v for k, v in filled.items() if v is not None}


def _top(field: str | None) -> str:
    """Return the form's field that a problem's place belongs to."""
    return (field or "").partition(".")[0]
