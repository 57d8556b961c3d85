"""What a changed workflow does to the cases that run under the one before it, in words.

Weighed as in `forms.differences`: a state that is gone, or has become of another kind, needs a
mapping before cases can be moved; another form could not carry them at all.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.differences import Difference, Weight
from forms.text import Text
from workflows.definition import Workflow

Data = Mapping[str, Any]
_STATE_KEYS = {
    "label": Text("办理人看到的名称", "what officers read"),
    "words": Text("申请人看到的说明", "what applicants read"),
    "typical": Text("一般用时", "how long it usually takes"),
    "step": Text("步骤名称", "its line in the steps"),
    "note": Text("步骤说明", "the note under its step"),
    "assign": Text("由谁办理", "whose desk it lies on"),
    "due": Text("办理期限", "when it is due"),
    "expires": Text("有效期", "when it expires"),
    "overdue": Text("逾期的处理", "what happens when it is late"),
    "remind": Text("提醒", "its reminders"),
    "editable": Text("可以修改的内容", "what may be changed"),
    "tone": Text("状态的颜色", "how its badge looks"),
    "public": Text("是否对外公开", "whether everybody may read what the form makes public"),
}
_TRANSITION_KEYS = {
    "from": Text("从哪一步开始", "where it starts"),
    "to": Text("办完到哪一步", "where it leads"),
    "by": Text("由谁办理", "who may do it"),
    "form": Text("办理时填的表", "what is filled in with it"),
    "guard": Text("办理条件", "its condition"),
    "checks": Text("办理时的核对", "what is checked with it"),
    "amend": Text("可以改的内容", "what may be changed with it"),
    "require": Text("必须写明的内容", "what must be given with it"),
    "allow_self": Text("能否办理本人的事", "whether it may be one's own case"),
    "quorum": Text("需要几人同意", "how many people it needs"),
    "undo": Text("能否撤回", "whether it can be taken back"),
    "notify": Text("发送的消息", "who is told"),
    "do": Text("之后的处理", "what is done afterwards"),
}


def workflow_differences(before: Data, after: Data) -> tuple[Difference, ...]:
    """Return every difference between two workflows' data; none where they are equal.

    `field` of a difference names the state, or is "" for the workflow and its transitions.
    """
    return tuple(_differences(before, after))


def states_to_map(before: Data, after: Data, states: Mapping[str, str]) -> list[Difference]:
    """Return the differences that need a mapping and have none in `states` (old name: new)."""
    known = after["states"]
    return [
        each
        for each in workflow_differences(before, after)
        if each.weight == "mapping" and states.get(each.field) not in known
    ]


def fields_rested_on(workflow: Workflow) -> frozenset[str]:
    """Return the names of the form's fields that the workflow reads or amends.

    No copy may hide them.
    """
    names: set[str] = set()
    for state in workflow.states.values():
        if state.assign and state.assign.is_field:
            names.add(state.assign.at)
        if state.expires and not state.expires.of_step:
            names.add(state.expires.name)
    told = workflow.circulation
    names |= {told.to, told.within, *told.tells} - {""} if told else set()
    for each in workflow.transitions:
        checks = (check.expr for check in each.checks)
        rules = [each.guard, *checks, *(branch.when for branch in each.to)]
        names |= {*each.amend, *(name for rule in rules if rule for name in rule.names)}
    return frozenset(names)


def _differences(before: Data, after: Data) -> Iterator[Difference]:
    if before["id"] != after["id"] or before["form"] != after["form"]:
        yield _of("", "form", "refused", "办理的是另一张表", "this is about another form")
    old, new = before["states"], after["states"]
    for name, state in old.items():
        if name not in new:
            yield _state(state, name, "removed", "mapping", "取消“{}”这一步", "“{}” was removed")
        else:
            yield from _stayed(name, state, new[name])
    for name, state in new.items():
        if name not in old:
            yield _state(state, name, "added", "compatible", "新增“{}”这一步", "“{}” was added")
    yield from _transitions(before["transitions"], after["transitions"])
    if before.get("path") != after.get("path"):
        yield _of("", "path", "compatible", "办理步骤的显示改了", "the steps shown have changed")
    if before.get("circulate") != after.get("circulate"):
        zh, en = "群发的对象或内容改了", "what is sent to a group, or to which, has changed"
        yield _of("", "circulate", "compatible", zh, en)
    if before.get("messages") != after.get("messages"):
        yield _of("", "messages", "compatible", "消息的文字改了", "messages were reworded")


def _stayed(name: str, old: Data, new: Data) -> Iterator[Difference]:
    if old["kind"] != new["kind"]:
        yield _state(new, name, "kind", "mapping", "“{}”的性质改了", "the kind of “{}” has changed")
    for key in sorted({*old, *new} - {"kind"}):
        if old.get(key) != new.get(key):
            said = _STATE_KEYS.get(key, Text(key, key))
            zh, en = f"“{{}}”改了{said.zh}", f"“{{}}”: {said.get('en')} has changed"
            yield _state(new, name, key, "compatible", zh, en)


def _transitions(old: Data, new: Data) -> Iterator[Difference]:
    for name in [each for each in old if each not in new]:
        yield _move(old[name], name, "move_removed", "取消“{}”", "“{}” can no longer be done")
    for name, move in new.items():
        if name not in old:
            yield _move(move, name, "move_added", "新增“{}”", "“{}” can be done now")
        elif move != old[name]:
            keys = _changed_keys(old[name], move)
            said = [_TRANSITION_KEYS[key] for key in keys if key in _TRANSITION_KEYS]
            zh = "、".join(each.zh for each in said) or "文字"
            en = ", ".join(each.get("en") for each in said) or "its words"
            yield _move(move, name, "move", f"“{{}}”改了{zh}", f"“{{}}” has changed: {en}")


def _changed_keys(old: Any, new: Any) -> list[str]:
    """Return which keys differ; all of them where one name stands for several transitions."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return list(_TRANSITION_KEYS)[:2]
    return [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]


def _state(  # noqa: PLR0913, PLR0917 — one difference
    state: Data, name: str, code: str, weight: Weight, zh: str, en: str
) -> Difference:
    return _named(Text.of(state.get("label") or name), name, code, weight, Text(zh, en))


def _move(move: Any, name: str, code: str, zh: str, en: str) -> Difference:
    first = move[0] if isinstance(move, list) else move
    return _named(Text.of(first.get("label") or name), "", code, "compatible", Text(zh, en))


def _named(label: Text, field: str, code: str, weight: Weight, words: Text) -> Difference:
    zh, en = words.zh.replace("{}", label.zh), words.en.replace("{}", label.get("en"))
    return Difference(weight, code, field, Text(zh, en))


def _of(field: str, code: str, weight: Weight, zh: str, en: str) -> Difference:
    return Difference(weight, code, field, Text(zh, en))
