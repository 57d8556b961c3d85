"""Answers as people read them, whole or with what is personal hidden."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.privacy import mask
from core.web.language import language, translate, words
from forms.fields import Field
from forms.surroundings import Surroundings

_MASKED = ("cn_id", "phone")


def answer_words(field: Field, value: Any, around: Surroundings, *, masked: bool = False) -> str:
    """Return one answer in words; `masked` hides the middle of what is personal."""
    if value in (None, "", [], {}):
        return translate("未填")
    if field.rows:
        return _rows_words(field, value, around, masked=masked)
    if field.type.name == "address":
        return _address_words(field, value, around, masked=masked and field.privacy is not None)
    say = _SAID.get(field.type.name)
    text = say(field, value, around) if say else str(value)
    return mask(text) if masked and field.type.name in _MASKED else text


def shown_value(bound: Any, around: Surroundings) -> str:
    """Return a computed value in words, as the page first shows it."""
    return "—" if bound.data in (None, "") else answer_words(bound.spec, bound.data, around)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file within an answer: where it stands (`certificates.1`), and its name."""

    path: str
    name: str
    media_type: str
    ref: str


def stored_files(field: Field, value: Any, path: str = "") -> Iterator[StoredFile]:
    """Yield the files of an answer: its own, of a list, of a signature, of a group's rows."""
    path = path or field.name
    if field.type.name == "files" and isinstance(value, list):
        for at, one in enumerate(value):
            yield _stored(one, f"{path}.{at}")
    elif isinstance(value, Mapping) and "ref" in value:
        yield _stored(value, path)
    elif isinstance(value, Mapping) and value.get("drawn") and field.type.name == "signature":
        name = str(value.get("typed") or translate("已手写签名"))
        yield StoredFile(path, name, "image/png", str(value["drawn"]))
    elif field.rows and isinstance(value, list):
        for at, row in enumerate(value):
            for name, inner in field.rows.fields.items():
                yield from stored_files(inner, row.get(name), f"{path}.{at}.{name}")


def _stored(value: Mapping[str, Any], path: str) -> StoredFile:
    return StoredFile(path, str(value["name"]), str(value["type"]), str(value["ref"]))


def joined(several: list[str]) -> str:
    """Return several words as a list reads in the visitor's language."""
    return ("、" if language() == "zh" else ", ").join(several)


def told_rows(
    field: Field, value: Any, around: Surroundings, *, masked: bool = False
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a group's rows are called and what each says, as label and words."""
    if field.rows is None or not isinstance(value, list):
        return []
    named = field.rows.fields.items()
    return [
        (
            f"{words(field.rows.label)} {at}",
            [
                (words(inner.label), answer_words(inner, row[name], around, masked=masked))
                for name, inner in named
                if name in row
            ],
        )
        for at, row in enumerate(value, 1)
    ]


def _rows_words(field: Field, value: Any, around: Surroundings, *, masked: bool) -> str:
    """Return a line for each row: 成员 1：姓名 梁韵声；年龄 68."""
    colon, semicolon = ("：", "；") if language() == "zh" else (": ", "; ")
    lines = (
        title + colon + semicolon.join(f"{label} {said}" for label, said in told)
        for title, told in told_rows(field, value, around, masked=masked)
    )
    return "\n".join(lines)


def _address_words(field: Field, value: Any, around: Surroundings, *, masked: bool) -> str:
    labels = {each.value: words(each.label) for each in field.options(around)}
    region = "".join(labels.get(each, str(each)) for each in value["region"])
    detail = str(value["detail"])
    return " ".join(filter(None, (region, mask(detail) if masked else detail)))


def _choice_words(field: Field, value: Any, around: Surroundings) -> str:
    labels = {each.value: words(each.label) for each in field.named(around)}
    values = value if isinstance(value, list) else [value]
    return joined([labels.get(each, str(each)) for each in values])


def _lookup_words(field: Field, value: Any, around: Surroundings) -> str:
    """Return the label kept with the answer; in English, today's where there is one."""
    if not isinstance(value, Mapping):
        return str(value)
    now = (each.label for each in field.options(around) if each.value == value["value"])
    label = next(now, None)
    return words(label) if label and label.zh == value["label"] else str(value["label"])


def _yes_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return translate("是") if value else translate("否")


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}年{int(month)}月{int(day)}日" if language() == "zh" else text


def _date_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return _day(str(value))


def _moment_words(_field: Field, value: Any, _around: Surroundings) -> str:
    day, _, clock = str(value).partition("T")
    return f"{_day(day)} {clock[:5]}"


def _range_words(_field: Field, value: Any, _around: Surroundings) -> str:
    between = " 至 " if language() == "zh" else " to "
    return between.join(_day(str(value[side])) for side in ("from", "to"))


def _money_words(_field: Field, value: Any, _around: Surroundings) -> str:
    yuan, _, fen = str(value).partition(".")
    amount = f"{int(yuan):,}.{fen or '00'}"
    amount = f"-{amount}" if yuan == "-0" else amount
    return f"{amount} 元" if language() == "zh" else f"¥{amount}"


def _file_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return joined([str(one["name"]) for one in (value if isinstance(value, list) else [value])])


def _signature_words(_field: Field, value: Any, _around: Surroundings) -> str:
    return str(value.get("typed") or translate("已手写签名"))


_SAID: Mapping[str, Callable[[Field, Any, Surroundings], str]] = {
    "choice": _choice_words,
    "choices": _choice_words,
    "lookup": _lookup_words,
    "yes_no": _yes_words,
    "consent": _yes_words,
    "date": _date_words,
    "datetime": _moment_words,
    "date_range": _range_words,
    "money": _money_words,
    "file": _file_words,
    "files": _file_words,
    "signature": _signature_words,
}
