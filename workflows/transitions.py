"""Reads the transitions of a workflow's file."""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from forms.expressions import Expression
from forms.fields import Field
from forms.graph import all_following
from forms.problems import Path
from forms.text import Text
from workflows.definition import APPLICANT, SUBMIT, Branch, Do, MoveCheck, Transition
from workflows.reader import Kinds, Reader, many, paths
from workflows.shapes import TRANSITION
from workflows.wording import DONE, LABELS

Forms = Mapping[str, Kinds]
_REQUIRED = ("from", "to", "by")
_GIVEN_ONCE = ("consent", "files")
"""What is given for the whole form as it stands, or as a file, as is all of that kind."""
_ON_THE_PAGE = ("action", "comment", "csrf_token", "marks", "seen")
"""What every move's page asks for or carries itself."""


def transition_paths(data: Any) -> Iterator[tuple[str, Path]]:
    """Return each transition's name and path; a name may hold a list of transitions."""
    transitions = data.get("transitions") if isinstance(data, dict) else None
    for name, value in transitions.items() if isinstance(transitions, dict) else ():
        for path in paths(value, ("transitions", name)):
            yield name, path


def read_transition(reader: Reader, forms: Forms, name: str, path: Path) -> Transition:
    """Read the transition at `path`; what is flawed in it is noted and left out."""
    data = reader.keys(TRANSITION, *path, required=_REQUIRED)
    label = reader.words(data, "label", LABELS.get(name, Text(name)))
    own = frozenset(_form(reader, forms, data, path))
    guard = reader.rule(*path, "guard") if "guard" in data else None
    amend = tuple(_amended(reader, own, data, path))
    _lint_readers(reader, name, data, path)
    return Transition(
        name=name,
        sources=_sources(reader, data, path),
        to=_branches(reader, data, path),
        by=tuple(reader.role(each, *path, "by") for each in many(data.get("by"))),
        label=label,
        done=reader.words(data, "done", DONE.get(name, label)),
        tone=data.get("tone", "plain"),
        form=data.get("form"),
        own_fields=own,
        amend=amend,
        awaits_step=guard is not None and _awaits(reader, guard, own, amend),
        require=_require(reader, data, path),
        marks="marks" in data,
        guard=guard,
        checks=tuple(_checks(reader, data, path)),
        message=Text.of(data.get("message")),
        basis=data.get("basis"),
        allow_self=data.get("allow_self", False),
        quorum=data.get("quorum", 1),
        undo=data.get("undo", reader.undo),
        notify=reader.notify(*path, "notify") if "notify" in data else (),
        do=tuple(_actions(reader, data, path)),
    )


def _sources(reader: Reader, data: dict[str, Any], path: Path) -> tuple[str, ...]:
    names = [
        reader.known("state", each, reader.states, *path, "from") for each in many(data.get("from"))
    ]
    if len(set(names)) < len(names):
        reader.flaw("a state stands twice in “from”", *path, "from")
    return tuple(dict.fromkeys(name for name in names if name))


def _branches(reader: Reader, data: dict[str, Any], path: Path) -> tuple[Branch, ...]:
    written = paths(data.get("to", []), (*path, "to"))
    branches = [_branch(reader, each) for each in written]
    for index, each in enumerate(written):
        condition = isinstance(reader.value(*each), dict) and "when" in reader.value(*each)
        last = index == len(branches) - 1
        if last and condition:
            reader.flaw("the last target has no “when”: it is taken where no other is", *each)
        if not last and not condition:
            reader.flaw("only the last target goes without “when”", *each)
    return tuple(branch for branch in branches if branch.to)


def _branch(reader: Reader, path: Path) -> Branch:
    value = reader.value(*path)
    if not isinstance(value, dict):
        return Branch(reader.known("state", value, reader.states, *path))
    to = reader.known("state", value["to"], reader.states, *path, "to")
    return Branch(to, reader.rule(*path, "when", facts=reader.facts) if value.get("when") else None)


def _form(reader: Reader, forms: Forms, data: dict[str, Any], path: Path) -> Kinds:
    if "form" not in data:
        return {}
    form = reader.known("form", data["form"], forms, *path, "form")
    return forms.get(form, {})


def _amended(
    reader: Reader, own: frozenset[str], data: dict[str, Any], path: Path
) -> Iterator[str]:
    """Yield the fields of the case's own form that a move changes; note those it cannot."""
    fields = reader.form.fields if reader.form else None
    names = data.get("amend", ())
    for index, name in enumerate(names if fields is not None else ()):
        at = (*path, "amend", index)
        if reader.known("field", name, fields or (), *at) == name and fields:
            _lint_amended(reader, fields[name], own, at)
            yield name
    if len(set(names)) < len(names):
        reader.flaw("a field stands twice in “amend”", *path, "amend")


def _lint_amended(reader: Reader, spec: Field, own: frozenset[str], at: Path) -> None:
    name, within = spec.name, spec.rows.fields.values() if spec.rows else ()
    types = [each.type for each in (spec, *within)]
    once = (each.name for each in types if each.kind == "file" or each.name in _GIVEN_ONCE)
    fixed = next(once, "")
    if spec.compute:
        reader.flaw(f"“{name}” is computed: amend what it is computed from", *at)
    elif not spec.type.answerable:
        reader.flaw(f"“{name}” only shows something: there is no answer to amend", *at)
    elif fixed:
        where = "is" if spec.type.name == fixed else "asks in its rows for"
        reader.flaw(f"“{name}” {where} a {fixed}, which only the whole form takes", *at)
    elif name == reader.source.data.get("about"):
        reader.flaw(f"“{name}” says whose case it is, which stays", *at)
    elif name in own or name in _ON_THE_PAGE:
        reader.flaw(f"the page of the move asks for another “{name}” already", *at)


def _lint_readers(reader: Reader, name: str, data: dict[str, Any], path: Path) -> None:
    """Note who would be shown, in changing answers, one that only its `readers` may read."""
    fields = reader.form.fields if reader.form else {}
    states = reader.value("states") if "states" in reader.source.data else {}
    kinds = {(states.get(each) or {}).get("kind") for each in many(data.get("from"))}
    edited = [*fields] if name == SUBMIT and kinds != {"draft"} else data.get("amend", ())
    for by in many(data.get("by")):
        for each in (fields[one] for one in edited if one in fields):
            if each.readers and by not in (APPLICANT, *each.readers):
                reader.flaw(f"{by} would be shown “{each.name}”, and may not read it", *path, "by")


def _awaits(reader: Reader, guard: Expression, own: frozenset[str], amend: tuple[str, ...]) -> bool:
    """Tell whether a guard rests on what is only filled in or changed with the move."""
    graph = reader.form.graph if reader.form else {}
    changing = all_following(graph, frozenset(amend))
    return not own.isdisjoint(_step_names(guard)) or not changing.isdisjoint(guard.names)


def _checks(reader: Reader, data: dict[str, Any], path: Path) -> Iterator[MoveCheck]:
    known = {*(reader.fields or ()), *(reader.steps or ())}
    for index, each in enumerate(data.get("checks", ())):
        at = (*path, "checks", index)
        expr, message = reader.rule(*at, "expr"), Text.of(each["message"])
        for name in sorted(named_in(message) - known):
            reader.flaw(f"there is no field “{name}” to be named", *at, "message")
        if expr is not None:
            yield MoveCheck(expr, message, each.get("level", "block"), each.get("basis"))


def named_in(message: Text) -> set[str]:
    """Return what a message names in braces, in either language."""
    parts = (part for words in (message.zh, message.en) for part in Formatter().parse(words))
    return {name for _, name, _, _ in parts if name}


def _require(reader: Reader, data: dict[str, Any], path: Path) -> frozenset[str]:
    require = frozenset(data.get("require", ()))
    if "marks" in require and "marks" not in data:
        reader.flaw("marks are required but not offered; add “marks: fields”", *path, "require")
    if "change" in require and not data.get("amend"):
        reader.flaw("a change is required but nothing is amended; add “amend”", *path, "require")
    return require


def _actions(reader: Reader, data: dict[str, Any], path: Path) -> Iterator[Do]:
    for name in many(data.get("do")):
        if reader.actions is not None:
            reader.known("action", name, reader.actions, *path, "do")
        yield Do(name)


def _step_names(rule: Expression) -> Iterator[str]:
    waiting = [rule.tree]
    while waiting:
        tree = waiting.pop()
        if tree and tree[0] == "step":
            yield tree[1]
        waiting += [each for each in tree if isinstance(each, list)]
