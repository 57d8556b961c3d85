"""What pages say of what happened to a case: its timeline, and the steps to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.places import Place
from core.sharing import HANDED
from core.store import Item
from core.web.answers import StoredFile, stored_files
from core.web.happenings import (
    changed_words,
    event_names,
    event_words,
    is_internal,
    place_names,
    who_words,
)
from core.web.language import translate
from core.web.sheet import CaseSheet
from core.web.words import answer_words, words

__all__ = ["CaseSheet", "Line", "citizen_steps", "place_names", "timeline"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline or of the steps to come: done, now, or next."""

    text: str
    when: str
    office: str
    status: str
    comment: str = ""
    note: str = ""
    who: str = ""
    extra: Sequence[tuple[str, str, Sequence[StoredFile]]] = ()
    """What was filled in with it: label, words, files."""
    n: int = 0
    """The event's number, 0 for a step to come."""
    changed: str = ""
    """Which questions it answered otherwise than before, in words."""


def timeline(
    sheet: CaseSheet, events: Iterable[Item], place: Place, *, officers: bool
) -> list[Line]:
    """Return what has happened, oldest first, in words."""
    names = place_names(place)
    shown = [event for event in events if officers or not is_internal(event)]
    return [
        Line(
            event_words(sheet, event, place, officers=officers),
            event["at"],
            names.get(event["office"], ""),
            "done",
            sheet.case.unseal(f"comment|{event['n']}", event["comment"]) if officers else "",
            note=_note_words(event) if officers else "",
            who=_who(sheet, event) if officers else "",
            extra=_step_words(sheet, event) if officers else (),
            n=int(event["n"]),
            changed=changed_words(sheet, event),
        )
        for event in shown
    ]


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


def _who(sheet: CaseSheet, event: Item) -> str:
    """Return by whom something was done, and for whom."""
    names = event_names(sheet, event)
    if event["transition"] == HANDED:
        return " → ".join(names)
    return who_words(names, deputy=bool(event.get("for")))


def _note_words(event: Item) -> str:
    if event.get("parked"):
        return _parked_words(event)
    if event.get("uncounted"):
        return translate("没有计入统计，待处理")
    waits = event.get("held") and any("find" not in each for each in event["todo"])
    return translate("短信过十分钟再发，现在还可以撤回") if waits else ""


def _parked_words(event: Item) -> str:
    parked = [effect for effect in event["todo"] if "parked" in effect]
    if parked and all("after" in effect or "find" in effect for effect in parked):
        return translate("后续处理没有做完，待处理")
    return translate("短信没有发出去，待处理")


def _step_words(sheet: CaseSheet, event: Item) -> list[tuple[str, str, Sequence[StoredFile]]]:
    opened = sheet.case.opened(event.get("step") or {})
    forms: list[Any] = list(sheet.workflow.forms.values())
    rows: list[tuple[str, str, Sequence[StoredFile]]] = []
    for name, value in opened.items():
        field = next((form.fields[name] for form in forms if name in form.fields), None)
        if field is not None and value is not None and sheet.reads(field):
            files = tuple(stored_files(field, value))
            rows.append((words(field.label), answer_words(field, value, sheet.around), files))
    return rows
