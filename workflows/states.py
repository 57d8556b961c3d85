"""Reads the states of a workflow's file."""

from typing import Any

from forms.problems import nearest
from forms.text import Text
from workflows.definition import NO_DAYS, Assign, Expiry, Overdue, Reminder, State, StateKind
from workflows.reader import Reader, paths
from workflows.shapes import EXPIRY, PLACE_KINDS, STATE
from workflows.spans import Span
from workflows.wording import WORDS

_NOWHERE_DUE = ("due", "expires", "overdue", "remind", "assign")
_ONLY_IN = {"expires": ("standing", "open"), "editable": ("returned",)}


def read_state(reader: Reader, name: str) -> State:
    """Read the state `name`; what is flawed in it is noted and left out."""
    path = ("states", name)
    data = reader.keys(STATE, *path, required=["kind"])
    kind = data.get("kind") or _likely_kind(reader.value(*path))
    _lint_keys(reader, name, kind, data)
    return State(
        name=name,
        kind=kind,
        label=reader.words(data, "label", Text(name)),
        words=reader.words(data, "words", WORDS[kind]),
        typical=Text.of(data.get("typical")),
        step=Text.of(data.get("step")),
        note=Text.of(data.get("note")),
        assign=_assign(reader, data, *path) if "assign" in data else None,
        due=Span.of(data.get("due")),
        expires=_expiry(reader, data["expires"], *path) if "expires" in data else None,
        overdue=_overdue(reader, data, *path),
        remind=_remind(reader, data, *path),
        editable=data.get("editable", "all"),
        tone=data.get("tone", ""),
        public=data.get("public", False),
    )


def _likely_kind(data: Any) -> StateKind:
    written = data.get("kind") if isinstance(data, dict) else None
    meant = nearest(written, list(WORDS)) if isinstance(written, str) else ""
    return next((kind for kind in WORDS if kind == meant), "open")


def _lint_keys(reader: Reader, name: str, kind: StateKind, data: dict[str, Any]) -> None:
    path = ("states", name)
    if kind in ("draft", "final", "final_bad"):
        for key in data.keys() & set(_NOWHERE_DUE):
            reader.flaw(f"a state of kind {kind} has no “{key}”", *path, key)
    for key, kinds in _ONLY_IN.items():
        if key in data and kind not in kinds:
            reader.flaw(f"“{key}” stands only in a state of kind {' or '.join(kinds)}", *path, key)
    if {"due", "expires"} <= data.keys():
        reader.flaw("a state has a “due” or an “expires”, not both", *path, "due")
    if not data.keys() & {"due", "expires"}:
        for key in data.keys() & {"overdue", "remind"}:
            reader.flaw(f"“{key}” needs a “due” or an “expires” to count from", *path, key)


def _assign(reader: Reader, data: dict[str, Any], *path: str) -> Assign:
    role, at = data["assign"]["role"], data["assign"]["at"]
    reader.role(role, *path, "assign", "role")
    fields = reader.fields
    if at not in PLACE_KINDS and fields is not None:
        reader.known("field or kind of place", at, [*fields, *PLACE_KINDS], *path, "assign", "at")
        if fields.get(at, "text") not in ("text", "any"):
            reader.flaw(f"the field “{at}” holds no place", *path, "assign", "at")
    return Assign(role, at, is_field=at in fields if fields else at not in PLACE_KINDS)


def _expiry(reader: Reader, written: str, *path: str) -> Expiry | None:
    match = EXPIRY.fullmatch(written)
    if not match:
        return None
    of_step, name, sign, days = bool(match[1]), match[2], match[3], match[4]
    span = Span.of(days) if sign else NO_DAYS
    if span is None:
        reader.flaw(f"“{days}” is not a number of days like 365d or 5wd", *path, "expires")
    kinds = reader.steps if of_step else reader.fields
    if kinds is not None:
        reader.known("field", name, kinds, *path, "expires")
        if kinds.get(name, "date") not in ("date", "any"):
            reader.flaw(f"the field “{name}” is not a date", *path, "expires")
    return Expiry(name, of_step, span or NO_DAYS, sign == "-")


def _overdue(reader: Reader, data: dict[str, Any], *path: str) -> tuple[Overdue, ...]:
    read = []
    for each in paths(data.get("overdue", []), (*path, "overdue")):
        entry = reader.value(*each)
        if not ({"notify", "move"} & entry.keys()):
            reader.flaw("say what happens: “notify” or “move”", *each)
        notify = reader.notify(*each, "notify") if entry.get("notify") else ()
        read.append(Overdue(Span.of(entry["after"]) or NO_DAYS, notify, entry.get("move")))
    return tuple(read)


def _remind(reader: Reader, data: dict[str, Any], *path: str) -> tuple[Reminder, ...]:
    return tuple(
        Reminder(
            Span.of(reader.value(*each, "before")) or NO_DAYS,
            reader.notify(*each, "notify"),
        )
        for each in paths(data.get("remind", []), (*path, "remind"))
    )
