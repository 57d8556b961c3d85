"""What a changed form does to the answers given under the one before it, in words.

Every difference is said and weighed. `compatible`: answers mean what they meant. `mapping`: an
answer may have lost its place or its meaning, so its author declares where it goes (see
`forms.carrying`). `refused`: answers already accepted could not be kept to their promises.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from forms.text import Text

Weight = Literal["compatible", "mapping", "refused"]
Data = Mapping[str, Any]
AGREED = ("consent", "signature")
"""Types whose answer is an act about a text: another text, another act."""

_SHORT = 20
_WIDER = {("text", "long_text"), ("integer", "decimal"), ("choice", "choices")}
_KEYS: dict[str, Text] = {
    "hint": Text("填写说明", "the help"),
    "text": Text("文字", "the text"),
    "placeholder": Text("填写示例", "the example"),
    "example": Text("填写示例", "the example"),
    "autocomplete": Text("自动填写", "what the browser fills in"),
    "show_if": Text("出现的条件", "when it shows"),
    "compute": Text("计算方法", "how it is worked out"),
    "choices_from": Text("选项的来源", "where its choices come from"),
    "choices_where": Text("选项怎样筛选", "how its choices are narrowed"),
    "max_choices": Text("最多选几项", "how many may be chosen"),
    "max_files": Text("最多几个文件", "how many files there may be"),
    "min_rows": Text("至少填几条", "how many rows there must be"),
    "max_rows": Text("最多填几条", "how many rows there may be"),
    "row_label": Text("每一条的叫法", "what a row is called"),
    "checks": Text("每一条的核对规则", "what is checked in each row"),
    "min": Text("最小值", "its least value"),
    "max": Text("最大值", "its greatest value"),
    "min_length": Text("最少字数", "its least length"),
    "max_length": Text("最多字数", "its greatest length"),
    "when_hidden": Text("隐藏时的处理", "what happens when it is hidden"),
    "basis": Text("依据", "its basis"),
    "searchable": Text("能否检索", "whether it can be searched"),
    "locked": Text("能否由下级改动", "whether levels below may change it"),
    "readers": Text("谁能看到", "who may read it"),
    "public": Text("是否对外公开", "whether everybody may read it"),
}
_OWN_WORDS = {
    "name",
    "type",
    "label",
    "choices",
    "required",
    "unique",
    "privacy",
    "readers",
    "fields",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its weight, the field it is about ("" for the form), and its words.

    `choice` is the value of the choice that was removed, where that is the difference.
    """

    weight: Weight
    code: str
    field: str
    words: Text
    choice: str = ""


def fields_by_name(data: Data) -> dict[str, Data]:
    """Return a definition's fields by name; those of a repeated row as `group.field`."""
    found: dict[str, Data] = {}
    for page in data["pages"]:
        for field in page["fields"]:
            found[field["name"]] = field
            for own in field.get("fields") or ():
                found[f"{field['name']}.{own['name']}"] = own
    return found


def label_of(field: Data) -> Text:
    """Return what people call a field: its label, or the beginning of what it says."""
    if field.get("label"):
        return Text.of(field["label"])
    said = Text.of(field.get("text") or field["name"])
    return Text(said.zh[:_SHORT], said.en[:_SHORT])


def form_differences(before: Data, after: Data) -> tuple[Difference, ...]:
    """Return every difference between two definitions' data; none where they are equal."""
    return tuple(_differences(before, after))


def _differences(before: Data, after: Data) -> Iterator[Difference]:
    old, new = fields_by_name(before), fields_by_name(after)
    if before["id"] != after["id"]:
        yield _of("", "id", "refused", "这是另一张表", "this is another form")
    for name, field in old.items():
        if name not in new:
            asked = field["type"] != "note"
            weight: Weight = "mapping" if asked else "compatible"
            yield _about(field, name, "removed", weight, "取消“{label}”", "“{label}” was removed")
    for name, field in new.items():
        if name in old:
            yield from _field(name, old[name], field)
        else:
            yield from _added(name, field)
    yield from _arrangement(before, after, [each for each in old if each in new], new)


def _added(name: str, field: Data) -> Iterator[Difference]:
    if field.get("required"):
        zh, en = "新增“{label}”，必填", "“{label}” was added and is required"
    else:
        zh, en = "新增“{label}”", "“{label}” was added"
    yield _about(field, name, "added", "compatible", zh, en)


def _field(name: str, old: Data, new: Data) -> Iterator[Difference]:
    if old["type"] != new["type"]:
        weight: Weight = "compatible" if (old["type"], new["type"]) in _WIDER else "mapping"
        zh, en = "“{label}”的填写方式改了", "how “{label}” is answered has changed"
        yield _about(new, name, "type", weight, zh, en)
    if label_of(old) != label_of(new):
        was = label_of(old)
        zh, en = f"“{was.zh}”改称“{{label}}”", f"“{was.get('en')}” is now called “{{label}}”"
        yield _about(new, name, "label", "compatible", zh, en)
    if bool(old.get("required")) != bool(new.get("required")):
        must = bool(new.get("required"))
        zh = "“{label}”改为必填" if must else "“{label}”改为选填"
        en = "“{label}” is now required" if must else "“{label}” is now optional"
        yield _about(new, name, "required", "compatible", zh, en)
    yield from _promises(name, old, new)
    yield from _read_by(name, old, new)
    yield from _choices(name, old, new)
    for key in sorted({*old, *new} - _OWN_WORDS):
        if old.get(key) != new.get(key):
            yield _key(name, key, new)


def _key(name: str, key: str, new: Data) -> Difference:
    said = _KEYS.get(key, Text(key, key))
    asked_again = key == "text" and new["type"] in AGREED
    weight: Weight = "mapping" if asked_again else "compatible"
    zh, en = f"“{{label}}”改了{said.zh}", f"“{{label}}”: {said.get('en')} has changed"
    return _about(new, name, key, weight, zh, en)


def _promises(name: str, old: Data, new: Data) -> Iterator[Difference]:
    """Weigh what was promised of an answer: that it is unique, and how it is protected."""
    if old.get("unique") != new.get("unique"):
        zh, en = "“{label}”是否允许重复改了", "whether “{label}” must be unique has changed"
        yield _about(new, name, "unique", "refused", zh, en)
    was, now = old.get("privacy") or {}, new.get("privacy") or {}
    if was.get("class") and not now.get("class"):
        zh, en = "“{label}”不再加密保护", "“{label}” would no longer be protected"
        yield _about(new, name, "privacy", "refused", zh, en)
    elif was != now:
        zh, en = "“{label}”的保护或保存期限改了", "the protection of “{label}” has changed"
        yield _about(new, name, "privacy", "compatible", zh, en)


def _read_by(name: str, old: Data, new: Data) -> Iterator[Difference]:
    """Weigh who may read an answer: nobody may who was not to when it was given."""
    was, now = set(old.get("readers") or ()), set(new.get("readers") or ())
    if was and (not now or now - was):
        zh, en = "“{label}”会让更多的人看到", "“{label}” could be read by more people"
        yield _about(new, name, "readers", "refused", zh, en)
    elif was != now:
        zh, en = "“{label}”能看到的人少了", "“{label}” can be read by fewer people"
        yield _about(new, name, "readers", "compatible", zh, en)


def _choices(name: str, old: Data, new: Data) -> Iterator[Difference]:
    was, now = _options(old), _options(new)
    for value, said in was.items():
        if value not in now and now:
            zh, en = f"“{{label}}”取消选项“{said.zh}”", f"“{{label}}” lost “{said.get('en')}”"
            gone = _about(new, name, "choice_removed", "mapping", zh, en)
            yield replace(gone, choice=value)
        elif value in now and now[value] != said:
            zh = f"“{{label}}”的选项“{said.zh}”改称“{now[value].zh}”"
            en = f"“{{label}}”: “{said.get('en')}” is now called “{now[value].get('en')}”"
            yield _about(new, name, "choice_label", "compatible", zh, en)
    for value, said in now.items():
        if value not in was and was:
            zh, en = f"“{{label}}”新增选项“{said.zh}”", f"“{{label}}” gained “{said.get('en')}”"
            yield _about(new, name, "choice_added", "compatible", zh, en)
    if set(was) == set(now) and list(was) != list(now):
        zh, en = "“{label}”的选项顺序改了", "the choices of “{label}” have another order"
        yield _about(new, name, "choice_order", "compatible", zh, en)


def _options(field: Data) -> dict[str, Text]:
    return {one["value"]: Text.of(one["label"]) for one in field.get("choices") or ()}


def _arrangement(before: Data, after: Data, common: list[str], new: Data) -> Iterator[Difference]:
    """Compare what stands around the fields: their order, headings, conditions and checks."""
    if common != [name for name in new if name in set(common)]:
        yield _of("", "order", "compatible", "题目的顺序改了", "the order has changed")
    if _headings(before) != _headings(after):
        zh, en = "标题或说明改了", "a heading or an introduction has changed"
        yield _of("", "headings", "compatible", zh, en)
    if (before.get("conditions") or {}) != (after.get("conditions") or {}):
        zh, en = "题目出现的条件改了", "the conditions have changed"
        yield _of("", "conditions", "compatible", zh, en)
    was, now = _checks(before), _checks(after)
    for key in [each for each in now if now[each] != was.get(each)]:
        said = Text.of(now[key]["message"])
        zh, en = f"核对要求：{said.zh}", f"checked now: {said.get('en')}"
        yield _of(now[key].get("field") or "", "check", "compatible", zh, en)
    for key in [each for each in was if each not in now]:
        said = Text.of(was[key]["message"])
        zh, en = f"不再核对：{said.zh}", f"no longer checked: {said.get('en')}"
        yield _of(was[key].get("field") or "", "check", "compatible", zh, en)


def _headings(data: Data) -> list[Any]:
    pages = [[page.get("title"), page.get("intro")] for page in data["pages"]]
    return [data["title"], data.get("intro"), data.get("minutes"), *pages]


def _checks(data: Data) -> dict[str, Data]:
    found = [check for page in data["pages"] for check in page.get("checks") or ()]
    return {f"{check['expr']}|{check['message']}": check for check in found}


def _about(  # noqa: PLR0913, PLR0917 — one difference
    field: Data, name: str, code: str, weight: Weight, zh: str, en: str
) -> Difference:
    label = label_of(field)
    # A label is a county's own text: it may hold braces, so it goes in by replacement.
    said = Text(zh.replace("{label}", label.zh), en.replace("{label}", label.get("en")))
    return Difference(weight, code, name, said)


def _of(field: str, code: str, weight: Weight, zh: str, en: str) -> Difference:
    return Difference(weight, code, field, Text(zh, en))
