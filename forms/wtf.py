"""WTForms classes for a form's pages: binding and rendering only.

Validation is `forms.evaluation`'s; core attaches its problems as errors. Each WTForms field
carries our field as `.spec`. Classes are kept by definition hash, page and language.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import wtforms
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget, html_params

from forms.definition import Form
from forms.fields import Field
from forms.surroundings import Choice, Language, Surroundings

MAX_CLASSES = 256
MAX_RADIOS = 8
_YES_NO = {"true": True, "false": False}
_WORDS: Mapping[Language, tuple[str, str, str]] = {
    "zh": ("是", "否", "请选择"),
    "en": ("Yes", "No", "Please choose"),
}
_INPUTS: Mapping[str, Mapping[str, Any]] = {
    "integer": {"inputmode": "numeric"},
    "decimal": {"inputmode": "decimal"},
    "date": {"type": "date"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email"},
    "cn_id": {"autocomplete": "off", "spellcheck": "false"},
}


class Specified:
    """What each of our WTForms fields adds: the definition's field, and its raw answer."""

    spec: Field
    data: Any

    def __init__(self, *args: Any, spec: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec

    def raw_answer(self) -> Any:
        """Return what was answered as the engine takes it, None where nothing was."""
        return self.data or None


class LineField(Specified, wtforms.StringField):  # type: ignore[misc] # WTForms has no types
    """Text as typed: cleaning it is the engine's."""


class ParagraphsField(Specified, wtforms.TextAreaField):  # type: ignore[misc]
    """Text of several lines."""


class RadiosField(Specified, wtforms.RadioField):  # type: ignore[misc]
    """One of a few choices."""


class MenuField(Specified, wtforms.SelectField):  # type: ignore[misc]
    """One of many choices, or of choices known at the request."""


class BoxesField(Specified, wtforms.SelectMultipleField):  # type: ignore[misc]
    """Several choices, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class YesNoField(RadiosField):
    """Yes or no, as two radio buttons."""

    def process_data(self, value: Any) -> None:
        """Take true, false or None."""
        self.data = None if value is None else str(value).lower()

    def raw_answer(self) -> Any:
        """Return true, false or None."""
        return _YES_NO.get(self.data)


class ConsentField(Specified, wtforms.BooleanField):  # type: ignore[misc]
    """A tick, or none."""


class UploadField(Specified, wtforms.FileField):  # type: ignore[misc]
    """A file; core stores it and gives the answer."""


class SignatureField(Specified, wtforms.Field):  # type: ignore[misc]
    """A name typed under the field's name, a picture under its name and `__drawn`."""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read both inputs where they were sent."""
        super().process(formdata, *args, **kwargs)
        names = {"typed": self.name, "drawn": f"{self.name}__drawn"}
        if formdata is not None and any(name in formdata for name in names.values()):
            sent = {key: formdata.get(name) for key, name in names.items()}
            self.data = {key: value for key, value in sent.items() if value}

    def _value(self) -> str:
        return str((self.data or {}).get("typed") or "")


class ShownField(Specified, wtforms.Field):  # type: ignore[misc]
    """A computed value or a note: nothing is read from the page."""

    def process(self, _formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Pass over what the page sends."""
        super().process(None, *args, **kwargs)

    def widget(self, field: Any, **kwargs: Any) -> Markup:
        """Render the value where the browser's rules can renew it."""
        shown = "" if self.data is None else str(self.data)
        attributes = Markup(html_params(id=field.id, **kwargs))  # noqa: S704 — escaped by WTForms
        return Markup("<output data-computed {}>{}</output>").format(attributes, shown)


_CLASSES: Mapping[str, type[Specified]] = {
    "textarea": ParagraphsField,
    "checkboxes": BoxesField,
    "yes_no": YesNoField,
    "consent": ConsentField,
    "file": UploadField,
    "signature": SignatureField,
    "note": ShownField,
}


@lru_cache(maxsize=MAX_CLASSES)
def page_class(form: Form, page_index: int, language: Language = "zh") -> type[wtforms.Form]:
    """Return the WTForms class of page `page_index` (from 0); IndexError beyond the last."""
    fields = {one.name: _unbound(one, language) for one in form.pages[page_index].fields}
    return type(f"{form.id}_{page_index}", (wtforms.Form,), fields)


def bind(
    form: Form,
    page_index: int,
    around: Surroundings,
    formdata: Any = None,
    answers: Mapping[str, Any] | None = None,
) -> wtforms.Form:
    """Return a page filled from what was sent (`formdata`, with getlist) or saved (`answers`).

    Fields with `choices_from` get this request's choices, from `around`.
    """
    bound = page_class(form, page_index, around.language)(formdata, data=answers or {})
    for field in bound:
        if field.spec.choices_from:
            offered = _offered(field.spec.options(around), around.language)
            field.choices = (_blank(around.language) + offered) if _menu(field.spec) else offered
    return bound


def raw_answers(bound: wtforms.Form) -> dict[str, Any]:
    """Return the page's answers for the engine, None where emptied; files are core's to add."""
    return {
        field.spec.name: field.raw_answer()
        for field in bound
        if not isinstance(field, ShownField | UploadField)
    }


def _unbound(spec: Field, language: Language) -> Any:
    words: dict[str, Any] = {
        "label": spec.label.get(language),
        "description": spec.hint.get(language),
        "spec": spec,
    }
    if spec.compute:
        return ShownField(**words)
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
    if spec.required and spec.type.widget not in ("checkboxes", "signature"):
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
    return [SelectChoice(one.value, one.label.get(language)) for one in choices]


def _blank(language: Language) -> list[SelectChoice]:
    return [SelectChoice("", _WORDS[language][2])]
