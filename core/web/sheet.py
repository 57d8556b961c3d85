"""A case with the definitions it was accepted under: its state and its answers in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.case_items import Case
from core.readers import may_read
from core.web.answers import StoredFile, stored_files, told_rows
from core.web.language import language
from core.web.visit import visit
from core.web.words import answer_words, is_late, tone, words
from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Surroundings
from workflows.definition import State, Workflow

_GIST = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question as a case page lists it."""

    field: Field
    label: str
    text: str
    full: str
    files: tuple[StoredFile, ...]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    """What a group's rows are called and say, masked; `full_rows` says it in full."""
    full_rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]

    @property
    def hidden(self) -> bool:
        """Whether something is masked that could be shown."""
        return self.text != self.full


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A case with the definitions it was accepted under, as the visitor may read it."""

    case: Case
    form: Form
    workflow: Workflow
    around: Surroundings

    @property
    def state(self) -> State:
        """The workflow's account of the state it is in."""
        return self.workflow.states[self.case.state]

    @property
    def title(self) -> str:
        """What the case is: the form's title."""
        return self.form.title.get(language())

    @property
    def tone(self) -> str:
        """How the state is to look: wait, ask, done, calm, bad; late where overdue."""
        running = self.state.kind in ("open", "returned") and not self.state.tone
        if running and is_late(self.case.due):
            return "late"
        return tone(self.state)

    def label(self, state: str) -> str:
        """Return what officers read of a state."""
        found = self.workflow.states.get(state)
        return words(found.label) if found else ""

    def reads(self, field: Field) -> bool:
        """Tell whether the visitor may be shown the answer to a field, of a step's form too."""
        return may_read(field, self.case, visit().person)

    def answer(self, name: str, *, masked: bool = False) -> str:
        """Return one answer in words, "" for one not to be read; unmasked for its own list."""
        field = self.form.fields.get(name)
        item = self.case.item["answers"]
        if field is None or name not in item or not self.reads(field):
            return ""
        value = self.case.opened({name: item[name]})[name]
        return answer_words(field, value, self.around, masked=masked)

    def first_answer(self, names: Iterable[str]) -> str:
        """Return the first of these answers that was given, personal digits hidden."""
        return next(filter(None, map(self.masked_answer, names)), "")

    def masked_answer(self, name: str) -> str:
        """Return one answer in words with personal digits hidden."""
        return self.answer(name, masked=True)

    def gist(self) -> str:
        """Return what a case that is about its holder says in a line: its answers in short."""
        plain = [f for f in self.form.pages[0].fields if not f.is_personal and f.type.answerable]
        told = [self.answer(each.name) for each in plain if each.required]
        return " · ".join(filter(None, told[:_GIST]))

    def phone(self) -> str:
        """Return the applicant's phone, masked."""
        name = next((f.name for f in self.form.fields.values() if f.type.name == "phone"), "")
        return self.masked_answer(name)

    def pages(self) -> list[tuple[str, list[Answer]]]:
        """Return every answer by page, personal ones masked."""
        return [(words(page.title), self._answers(page.fields)) for page in self.form.pages]

    def _answers(self, fields: Iterable[Field]) -> list[Answer]:
        rows = []
        for field in filter(self.reads, fields):
            value = self.case.answers.get(field.name)
            if not field.type.answerable or field.name not in self.case.answers:
                continue
            full = answer_words(field, value, self.around)
            text = answer_words(field, value, self.around, masked=True)
            files = tuple(stored_files(field, value))
            told = [told_rows(field, value, self.around, masked=each) for each in (True, False)]
            rows.append(Answer(field, words(field.label), text, full, files, told[0], told[1]))
        return rows
