"""What an event of a case is called on its timeline: rightly for the officer, and the applicant."""

import json

from core.cases import TWIN
from core.conversion import EVENT as CONVERTED
from core.places import Place
from core.redating import EVENT as REDATED
from core.sharing import GIVEN_BACK, HANDED, TAKEN
from core.store import Item
from core.web.answers import joined
from core.web.language import translate
from core.web.sheet import CaseSheet
from core.web.trays import name_of
from core.web.words import words
from workflows.definition import APPLICANT, SUBMIT, Transition
from workflows.wording import DONE

_INTERNAL = ("vote", "unvote", "desk", "hung")


def is_internal(event: Item) -> bool:
    """Tell whether an event is the officers' own affair."""
    return str(event["transition"]).partition(":")[0] in _INTERNAL


def event_words(sheet: CaseSheet, event: Item, place: Place, *, officers: bool) -> str:
    """Return what an event is called."""
    kind, _, what = str(event["transition"]).partition(":")
    if kind in _INTERNAL:
        return _internal_words(sheet, event, place, kind, what)
    if kind in {TWIN, "timer", REDATED, CONVERTED}:
        return {
            CONVERTED: translate("表格或办理步骤有更新，已按新的继续办理"),
            TWIN: translate("同一人又提交了一次登记"),
            "timer": translate("已发提醒"),
            REDATED: translate("校历公布了，期限已重新计算"),
        }[kind]
    if kind == "undo":
        return _undo_words(sheet, event, what, officers=officers)
    move = _transition(sheet, event, kind)
    return _move_words(sheet, move, event, officers=officers) if move else kind


def changed_words(sheet: CaseSheet, event: Item) -> str:
    """Return which questions an edit answered otherwise than before: 改了：开放时间、容量."""
    known = sheet.form.fields
    named = [words(known[name].label) for name in event.get("changed", ()) if name in known]
    return translate("改了：%s") % joined(named) if named else ""


def event_names(sheet: CaseSheet, event: Item) -> list[str]:
    """Return the names an event was written down with: who acted, then whom they stood in for."""
    return opened_names(sheet, event["n"], event.get("names", ""))


def opened_names(sheet: CaseSheet, n: int, sealed: str) -> list[str]:
    """Return the names that the n-th event of a case sealed."""
    opened = sheet.case.unseal(f"names|{n}", sealed)
    return [str(name) for name in json.loads(opened)] if opened else []


def who_words(names: list[str], *, deputy: bool) -> str:
    """Return who acted: 赵明, or 单老师代赵明."""
    if deputy and len(names) > 1:
        return translate("%(deputy)s代%(officer)s办理") % {"deputy": names[0], "officer": names[1]}
    return names[0] if names else ""


def _internal_words(sheet: CaseSheet, event: Item, place: Place, kind: str, what: str) -> str:
    if kind == "hung":
        way, _, slug = what.partition("#")
        where = {"place": place_names(place).get(slug) or name_of(slug)}
        up = translate("原岗位暂无人办理，转由%(place)s代办")
        home = translate("岗位已有人，转回%(place)s办理")
        return (up if way == "up" else home) % where
    if kind == "desk":
        return {
            TAKEN: translate("已认领"),
            GIVEN_BACK: translate("已放回"),
            HANDED: translate("已交给同事"),
        }[str(event["transition"])]
    move = _transition(sheet, event, what)
    label = {"move": words(move.label) if move else what}
    said = translate("同意“%(move)s”，等其他人") if kind == "vote" else ""
    return (said or translate("收回了对“%(move)s”的同意")) % label


def _undo_words(sheet: CaseSheet, event: Item, what: str, *, officers: bool) -> str:
    found = [each for each in sheet.workflow.transitions if each.name == what]
    label = {"move": words(found[0].label) if found else what}
    if event["role"] == APPLICANT:
        own = translate("您取消了“%(move)s”")
        return (translate("申请人取消了“%(move)s”") if officers else own) % label
    if officers:
        return translate("撤回了“%(move)s”") % label
    return translate("上一步已撤回，重新办理")


def _move_words(sheet: CaseSheet, move: Transition, event: Item, *, officers: bool) -> str:
    edits = move.name == SUBMIT and _edits(sheet, event)
    if move.name == SUBMIT and event["role"] == APPLICANT and not edits:
        return _submit_words(move, again=event["n"] > 1, officers=officers)
    if not officers:
        own = not edits or move.done != DONE[SUBMIT]
        return (words(move.done) if own else "") or words(move.label)
    label = words(move.label)
    return translate("申请人：%s") % label if event["role"] == APPLICANT else label


def _edits(sheet: CaseSheet, event: Item) -> bool:
    """Tell whether a case was handed in again from a state that did not ask for it."""
    left = sheet.workflow.states.get(event["from"])
    return left is not None and left.kind not in ("draft", "returned")


def _submit_words(move: Transition, *, again: bool, officers: bool) -> str:
    if officers:
        return translate("申请人再次提交") if again else translate("申请人提交")
    return translate("您已再次提交") if again else words(move.done)


def _transition(sheet: CaseSheet, event: Item, name: str) -> Transition | None:
    for each in sheet.workflow.transitions:
        if each.name == name and (event["from"] in each.sources or not event["from"]):
            return each
    return None


def place_names(place: Place) -> dict[str, str]:
    """Return the names of the places around this one, by slug."""
    names = {slug: words(name) for slug, _, name in place.line}
    return names | {each.slug: words(each.name) for each in place.below}
