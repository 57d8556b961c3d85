"""What pages say of a case: its state in words, its answers, its timeline, the steps to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.case_items import Case
from core.cases import TWIN
from core.places import Place
from core.store import Item
from core.web.language import language, translate
from core.web.words import answer_words, is_late, masked, words
from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Surroundings
from workflows.definition import State, Workflow

_TONES = {
    "draft": "wait",
    "open": "wait",
    "returned": "ask",
    "standing": "done",
    "final": "calm",
    "final_bad": "bad",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question as a case page lists it."""

    field: Field
    label: str
    text: str
    full: str
    is_file: bool

    @property
    def hidden(self) -> bool:
        """Whether something is masked that could be shown."""
        return self.text != self.full


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A case with the definitions it was accepted under."""

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
        if self.state.kind in ("open", "returned") and is_late(self.case.due):
            return "late"
        return _TONES[self.state.kind]

    def label(self, state: str) -> str:
        """Return what officers read of a state."""
        found = self.workflow.states.get(state)
        return words(found.label) if found else ""

    def answer(self, name: str) -> str:
        """Return one answer in words, unmasked: for its own working list."""
        field = self.form.fields.get(name)
        item = self.case.item["answers"]
        if field is None or name not in item:
            return ""
        value = self.case.opened({name: item[name]})[name]
        return answer_words(field, value, self.around)

    def masked_answer(self, name: str) -> str:
        """Return one answer in words with personal digits hidden."""
        field = self.form.fields.get(name)
        return masked(field, self.answer(name)) if field else ""

    def phone(self) -> str:
        """Return the applicant's phone, masked."""
        name = next((f.name for f in self.form.fields.values() if f.type.name == "phone"), "")
        return self.masked_answer(name)

    def pages(self) -> list[tuple[str, list[Answer]]]:
        """Return every answer by page, personal ones masked."""
        return [(words(page.title), self._answers(page.fields)) for page in self.form.pages]

    def _answers(self, fields: Iterable[Field]) -> list[Answer]:
        rows = []
        for field in fields:
            value = self.case.answers.get(field.name)
            if not field.type.answerable or field.name not in self.case.answers:
                continue
            full = answer_words(field, value, self.around)
            stored = isinstance(value, dict) and ("ref" in value or "drawn" in value)
            rows.append(Answer(field, words(field.label), masked(field, full), full, stored))
        return rows


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline or of the steps to come: done, now, or next."""

    text: str
    when: str
    office: str
    status: str
    comment: str = ""
    note: str = ""
    extra: Sequence[tuple[str, str]] = ()


def timeline(
    sheet: CaseSheet, events: Iterable[Item], place: Place, *, officers: bool
) -> list[Line]:
    """Return what has happened, oldest first, in words."""
    names = place_names(place)
    lines = []
    for event in events:
        comment = sheet.case.unseal(f"comment|{event['n']}", event["comment"]) if officers else ""
        extra = _step_words(sheet, event) if officers else ()
        lines.append(
            Line(
                _event_words(sheet, event),
                event["at"],
                names.get(event["office"], ""),
                "done",
                comment,
                note=translate("短信没有发出去，待处理")
                if officers and event.get("parked")
                else "",
                extra=extra,
            )
        )
    return lines


def citizen_steps(sheet: CaseSheet, events: Sequence[Item], place: Place) -> list[Line]:
    """Return what has happened, where it is, and what is still to come, for the applicant."""
    lines = timeline(sheet, events, place, officers=False)
    if sheet.state.is_final or sheet.state.kind == "standing":
        return lines
    path = sheet.workflow.path
    ahead = path[path.index(sheet.case.state) :] if sheet.case.state in path else ()
    for position, name in enumerate(ahead):
        state = sheet.workflow.states[name]
        status = "next" if position else "now"
        note = words(state.note)
        lines.append(Line(words(state.step) or words(state.label), "", "", status, note=note))
    return lines


def place_names(place: Place) -> dict[str, str]:
    """Return the names of the places around this one, by slug."""
    names = {slug: words(name) for slug, _, name in place.line}
    return names | {each.slug: words(each.name) for each in place.below}


def _event_words(sheet: CaseSheet, event: Item) -> str:
    name = str(event["transition"])
    if name == TWIN:
        return translate("同一人又提交了一次登记")
    if name.startswith("timer:"):
        return translate("已发提醒")
    for each in sheet.workflow.transitions:
        if each.name == name and (event["from"] in each.sources or not event["from"]):
            return words(each.done) or words(each.label)
    return name


def _step_words(sheet: CaseSheet, event: Item) -> list[tuple[str, str]]:
    opened = sheet.case.opened(event.get("step") or {})
    forms: list[Any] = list(sheet.workflow.forms.values())
    rows = []
    for name, value in opened.items():
        field = next((form.fields[name] for form in forms if name in form.fields), None)
        if field is not None and value is not None:
            rows.append((words(field.label), answer_words(field, value, sheet.around)))
    return rows
