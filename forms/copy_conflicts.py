"""What a level may not change in the form it was given, and what both sides changed."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from forms.differences import fields_by_name, label_of
from forms.problems import Flaw, Path
from forms.source import Source
from forms.text import Text

Data = Mapping[str, Any]
Fields = Mapping[str, Data]


def copy_flaws(base: Data, changes: Data, source: Source, kept: Collection[str]) -> list[Flaw]:
    """Return why these changes may not be made to `base`.

    `kept` names fields that the workflow rests on: they cannot be hidden, as locked ones cannot.
    """
    return [source.flaw(message, *path) for path, message in _refused(base, changes, kept)]


def conflicts(before: Data, after: Data, changes: Data) -> list[Text]:
    """Say what the changes and the newer base both changed; empty where they go together."""
    return list(_conflicts(fields_by_name(before), fields_by_name(after), changes))


def _refused(base: Data, changes: Data, kept: Collection[str]) -> Iterator[tuple[Path, str]]:
    fields = fields_by_name(base)
    for key in ("texts", "choices"):
        for name in changes.get(key) or {}:
            yield from _touchable(fields, name, (key, name))
    for at, name in enumerate(changes.get("hide") or ()):
        yield from _touchable(fields, name, ("hide", at))
        if name in kept:
            yield ("hide", at), f"the workflow rests on “{name}”; it cannot be hidden"
    for at, addition in enumerate(changes.get("add") or ()):
        if addition["field"]["name"] in fields:
            name = addition["field"]["name"]
            yield ("add", at, "field", "name"), f"the form has a field “{name}” already"
    for name, change in (changes.get("choices") or {}).items():
        known = {one["value"] for one in fields.get(name, {}).get("choices") or ()}
        named = [*(change.get("relabel") or {}), *(change.get("withdraw") or ())]
        for value in named:
            if value not in known:
                yield ("choices", name), f"“{value}” is not among the choices of {name}"


def _touchable(fields: Fields, name: str, path: Path) -> Iterator[tuple[Path, str]]:
    if name not in fields:
        yield path, f"there is no field “{name}”"
    elif fields[name].get("locked"):
        yield path, f"“{name}” is locked: it cannot be changed here"


def _conflicts(old: Fields, new: Fields, changes: Data) -> Iterator[Text]:
    yield from _gone_or_locked(old, new, changes)
    for name, texts in (changes.get("texts") or {}).items():
        both = any(old.get(name, {}).get(key) != new.get(name, {}).get(key) for key in texts)
        if both and name in new:
            yield _said(new[name], "新版和本级都改了“{}”的文字", "both sides reworded “{}”")
    for name, change in (changes.get("choices") or {}).items():
        was, now = _labels(old.get(name, {})), _labels(new.get(name, {}))
        named = [*(change.get("relabel") or {})]
        named += [one["value"] for one in change.get("add") or ()]
        if name in new and any(was.get(value) != now.get(value) for value in named):
            yield _said(
                new[name], "新版和本级都改了“{}”的选项", "both sides changed what “{}” offers"
            )
    for addition in changes.get("add") or ():
        name = addition["field"]["name"]
        if name in new and name not in old:
            yield _said(new[name], "新版也新增了“{}”", "the newer version adds “{}” too")


def _gone_or_locked(old: Fields, new: Fields, changes: Data) -> Iterator[Text]:
    touched = [*(changes.get("texts") or {}), *(changes.get("choices") or {})]
    for name in dict.fromkeys([*touched, *(changes.get("hide") or ())]):
        if name in old and name not in new:
            yield _said(old[name], "新版取消了本级改过的“{}”", "“{}”, changed here, is gone")
        elif name in old and new[name].get("locked") and not old[name].get("locked"):
            yield _said(new[name], "新版不许再改“{}”", "“{}” may no longer be changed here")


def _labels(field: Data) -> dict[str, Any]:
    return {one["value"]: one["label"] for one in field.get("choices") or ()}


def _said(field: Data, zh: str, en: str) -> Text:
    label = label_of(field)
    return Text(zh.replace("{}", label.zh), en.replace("{}", label.get("en")))
