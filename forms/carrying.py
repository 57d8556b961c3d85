"""Reading answers given under one version of a form in the next; nothing goes unsaid."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.definition import Form
from forms.differences import AGREED, Difference, fields_by_name, form_differences, label_of
from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.text import Text


@dataclass(frozen=True, slots=True)
class AnswerMap:
    """Where answers go, as the author of a change declares.

    `fields`: an old name to a new one, or to None (no longer needed). `values`: for an old
    choice field, each removed choice to one that there is, or to None.
    """

    fields: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def covers(self, difference: Difference) -> bool:
        """Tell whether a difference that needs a mapping has one here."""
        declared = self.values.get(difference.field, {})
        return difference.field in self.fields or difference.choice in declared


NOTHING = AnswerMap()


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that found no place: the question it answered, what was said, and why."""

    name: str
    label: Text
    value: Any
    why: Text


@dataclass(frozen=True, slots=True)
class Carried:
    """Answers as the newer form reads them, what was left behind, and all that changed."""

    answers: Mapping[str, Any]
    left: tuple[Left, ...]
    changes: tuple[Difference, ...]


_GONE = Text("这一项已经取消", "this question is no longer asked")
_OTHER_TEXT = Text("文字改了，请您重新看过再同意", "the text has changed; please read it again")
_OTHER_TYPE = Text("填写方式改了，请您重新填", "this is answered differently now")
_NO_CHOICE = Text("您选的这一项已经取消，请重新选", "what you chose is no longer offered")


def uncovered(before: Form, after: Form, mapping: AnswerMap = NOTHING) -> list[Difference]:
    """Return the differences that need a mapping and have none in `mapping`."""
    return [
        each
        for each in form_differences(before.data, after.data)
        if each.weight == "mapping" and not mapping.covers(each)
    ]


def carry(
    before: Form,
    after: Form,
    answers: Mapping[str, Any],
    around: Surroundings,
    mapping: AnswerMap = NOTHING,
) -> Carried:
    """Read `answers` to `before` under `after`: each keeps its meaning, or is left and named."""
    changes = form_differences(before.data, after.data)
    if not changes:
        return Carried(dict(answers), (), ())
    journey = _Journey(fields_by_name(before.data), fields_by_name(after.data), mapping)
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        if name in journey.old:
            kept |= journey.taken(name, value, after, around)
    return Carried(kept, tuple(journey.left), changes)


@dataclass
class _Journey:
    old: Mapping[str, Mapping[str, Any]]
    new: Mapping[str, Mapping[str, Any]]
    mapping: AnswerMap
    left: list[Left] = field(default_factory=list)

    def taken(
        self, name: str, value: Any, after: Form, around: Surroundings
    ) -> Iterable[tuple[str, Any]]:
        target = self.mapping.fields.get(name, name)
        was, now = self.old[name], self.new.get(target or "")
        if target is None or now is None:
            return self._leave(name, value, _GONE)
        if was["type"] in AGREED and was.get("text") != now.get("text"):
            return self._leave(name, value, _OTHER_TEXT)
        value = self._chosen(name, value, was, now)
        if was["type"] != now["type"]:
            value = self._retyped(name, value, after.fields[target], around)
        if was["type"] == now["type"] == "group" and isinstance(value, list):
            value = [dict(self._row(name, target, row)) for row in value]
        return () if value is None else ((target, value),)

    def _row(self, name: str, target: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Carry one row of a repeated group; a column of another type is left behind."""
        for column, value in row.items():
            inside = f"{name}.{column}"
            own = self.mapping.fields.get(inside, f"{target}.{column}")
            was, now = self.old.get(inside), self.new.get(own or "")
            if was is None:
                continue
            if own is None or now is None:
                self._leave(inside, value, _GONE)
            elif was["type"] != now["type"]:
                self._leave(inside, value, _OTHER_TYPE)
            else:
                kept = self._chosen(inside, value, was, now)
                if kept is not None:
                    yield own.rpartition(".")[2], kept

    def _chosen(self, name: str, value: Any, was: Mapping[str, Any], now: Mapping[str, Any]) -> Any:
        """Return a choice as it is called now; one that is no longer offered is left behind."""
        if not was.get("choices") or not now.get("choices"):
            return value
        offered = {one["value"] for one in now["choices"]}
        declared = self.mapping.values.get(name, {})
        chosen = [declared.get(each, each) for each in _many(value)]
        kept = [each for each in dict.fromkeys(chosen) if each in offered]
        if len(kept) < len(set(chosen)):
            gone = [each for each in _many(value) if declared.get(each, each) not in offered]
            self._leave(name, gone if isinstance(value, list) else gone[0], _NO_CHOICE)
        return (kept or None) if isinstance(value, list) else next(iter(kept), None)

    def _retyped(self, name: str, value: Any, spec: Any, around: Surroundings) -> Any:
        wrapped = [value] if spec.type.name == "choices" and isinstance(value, str) else value
        cleaned = spec.type.clean(wrapped, spec, around)
        if cleaned is None or isinstance(cleaned, Problem):
            self._leave(name, value, _OTHER_TYPE)
            return None
        return spec.type.to_json(cleaned)

    def _leave(self, name: str, value: Any, why: Text) -> tuple[()]:
        if value not in (None, "", []):
            self.left.append(Left(name, label_of(self.old[name]), value, why))
        return ()


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
