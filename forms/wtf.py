"""WTForms classes for a form's pages: binding and rendering only.

Validation is `forms.evaluation`'s; core attaches its problems as errors. Each WTForms field
carries our field as `.spec`. Classes are kept by definition hash, page and language.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice

from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Choice, Language, Surroundings
from forms.wtf_fields import (
    AddressField,
    BoxesField,
    ConsentField,
    GroupField,
    LineField,
    LookupField,
    MenuField,
    ParagraphsField,
    RadiosField,
    RangeField,
    ShownField,
    SignatureField,
    Specified,
    UploadField,
    UploadsField,
    YesNoField,
    answers_of,
)

MAX_CLASSES = 256
_SEVERAL_INPUTS = ("checkboxes", "signature", "date_range", "address")
MAX_RADIOS = 8
_WORDS: Mapping[Language, tuple[str, str, str]] = {
    "zh": ("是", "否", "请选择"),
    "en": ("Yes", "No", "Please choose"),
}
_INPUTS: Mapping[str, Mapping[str, Any]] = {
    "integer": {"inputmode": "numeric"},
    "decimal": {"inputmode": "decimal"},
    "money": {"inputmode": "decimal"},
    "date": {"type": "date"},
    "time": {"type": "time"},
    "datetime": {"type": "datetime-local"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email"},
    "url": {"inputmode": "url", "autocomplete": "url", "spellcheck": "false"},
    "cn_id": {"autocomplete": "off", "spellcheck": "false"},
    "uscc": {"autocomplete": "off", "spellcheck": "false"},
}


_CLASSES: Mapping[str, type[Specified]] = {
    "textarea": ParagraphsField,
    "checkboxes": BoxesField,
    "yes_no": YesNoField,
    "consent": ConsentField,
    "file": UploadField,
    "files": UploadsField,
    "date_range": RangeField,
    "address": AddressField,
    "lookup": LookupField,
    "signature": SignatureField,
    "note": ShownField,
}


@lru_cache(maxsize=MAX_CLASSES)
def page_class(form: Form, page_index: int, language: Language = "zh") -> type[wtforms.Form]:
    """Return the WTForms class of page `page_index` (from 0); IndexError beyond the last."""
    return _class_of(f"{form.id}_{page_index}", form.pages[page_index].fields, language)


def _class_of(name: str, fields: Iterable[Field], language: Language) -> type[wtforms.Form]:
    return type(name, (wtforms.Form,), {one.name: _unbound(one, language) for one in fields})


def bind(
    form: Form,
    page_index: int,
    around: Surroundings,
    formdata: Any = None,
    answers: Mapping[str, Any] | None = None,
) -> wtforms.Form:
    """Return a page filled from what was sent (`formdata`, with getlist) or saved (`answers`).

    Fields with `choices_from` get this request's choices, from `around`; those with
    `choices_where` get none, for what fits is known to whoever evaluates the answers.
    """
    bound = page_class(form, page_index, around.language)(formdata, data=answers or {})
    for field in bound:
        if field.spec.choices_from and hasattr(field, "choices"):
            known = () if field.spec.choices_where else field.spec.options(around)
            offered = _offered(known, around.language)
            field.choices = (_blank(around.language) + offered) if _menu(field.spec) else offered
    return bound


def raw_answers(bound: wtforms.Form) -> dict[str, Any]:
    """Return the page's answers for the engine, None where emptied; files are core's to add."""
    return answers_of(bound)


def _unbound(spec: Field, language: Language) -> Any:
    words: dict[str, Any] = {
        "label": spec.label.get(language),
        "description": spec.hint.get(language),
        "spec": spec,
    }
    if spec.compute:
        return ShownField(**words)
    if spec.rows:
        row_class = _class_of(spec.name, spec.rows.fields.values(), language)
        return GroupField(**words, row_class=row_class)
    words["render_kw"] = _attributes(spec, language)
    if spec.type.widget in ("radio", "checkboxes", "yes_no"):
        words |= {"choices": _choices(spec, language), "validate_choice": False}
    if spec.type.widget == "radio":
        return (MenuField if _menu(spec) else RadiosField)(**words)
    return _CLASSES.get(spec.type.widget, LineField)(**words)


def _attributes(spec: Field, language: Language) -> dict[str, Any]:
    """Return the input's attributes; `required` only where the field always shows."""
    attributes = dict(_INPUTS.get(spec.type.widget, {}))
    if spec.placeholder:
        attributes["placeholder"] = spec.placeholder.get(language)
    if spec.autocomplete:
        attributes["autocomplete"] = spec.autocomplete
    if spec.required and spec.type.widget not in _SEVERAL_INPUTS:
        attributes["data-required" if spec.show_if else "required"] = True
    return attributes


def _menu(spec: Field) -> bool:
    many = bool(spec.choices_from) or len(spec.choices) > MAX_RADIOS
    return spec.type.widget == "radio" and many


def _choices(spec: Field, language: Language) -> list[SelectChoice]:
    yes, no, _ = _WORDS[language]
    if spec.type.widget == "yes_no":
        return [SelectChoice("true", yes), SelectChoice("false", no)]
    return (_blank(language) if _menu(spec) else []) + _offered(spec.choices, language)


def _offered(choices: Sequence[Choice], language: Language) -> list[SelectChoice]:
    return [SelectChoice(one.value, one.said.get(language)) for one in choices]


def _blank(language: Language) -> list[SelectChoice]:
    return [SelectChoice("", _WORDS[language][2])]
