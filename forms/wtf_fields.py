"""The WTForms fields of our types: each carries the definition's field and gives its raw answer."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from markupsafe import Markup
from wtforms.widgets import CheckboxInput, ListWidget, html_params

from forms.fields import Field

BLANK_ROW = "__row__"
"""Stands for a row's key in the names of a group's blank row, from which the browser adds rows."""
_MOST_KEYS = 500
_KEY = re.compile(r"[0-9]{1,6}")
_YES_NO = {"true": True, "false": False}


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


class PartsField(Specified, wtforms.Field):  # type: ignore[misc]
    """One answer of several inputs, each under the field's name, a dot and its own."""

    parts: tuple[str, ...] = ()

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read every input where one was sent."""
        super().process(formdata, *args, **kwargs)
        names = {part: f"{self.name}.{part}" for part in self.parts}
        if formdata is not None and any(name in formdata for name in names.values()):
            self.data = {part: formdata.get(name, "") for part, name in names.items()}

    def raw_answer(self) -> Any:
        """Return the parts, None where all are empty."""
        given = self.data if isinstance(self.data, Mapping) else {}
        return dict(given) if any(value not in ("", None) for value in given.values()) else None


class RangeField(PartsField):
    """The first and the last day."""

    parts = ("from", "to")


class AddressField(PartsField):
    """A region of the list, and the rest as text."""

    parts = ("region", "detail")


class LookupField(Specified, wtforms.StringField):  # type: ignore[misc]
    """One of what a lookup offers; kept answers bring their label along."""

    def process_data(self, value: Any) -> None:
        """Take a value, or one with its label."""
        self.data = value.get("value") if isinstance(value, Mapping) else value


class UploadsField(UploadField):
    """Several files; core stores them and gives the answer."""


class GroupField(Specified, wtforms.Field):  # type: ignore[misc]
    """Rows of fields; `<name>.row` lists the rows' keys in their order on the page."""

    def __init__(self, *args: Any, row_class: type[wtforms.Form], **kwargs: Any) -> None:
        self._row_class = row_class
        self.rows: list[tuple[str, wtforms.Form]] = []
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the rows that were sent, or take those that are kept."""
        super().process(None, *args, **kwargs)
        if formdata is not None:
            sent = dict.fromkeys(formdata.getlist(f"{self.name}.row"))
            keys = [key for key in sent if _KEY.fullmatch(key)][:_MOST_KEYS]
            self.rows = [(key, self._row(key, formdata, None)) for key in keys]
            return
        kept = self.data if isinstance(self.data, list) else []
        shown = [one if isinstance(one, Mapping) else {} for one in kept]
        shown += [{}] * (self._least() - len(shown))
        self.rows = [(str(at), self._row(str(at), None, row)) for at, row in enumerate(shown)]

    def raw_answer(self) -> Any:
        """Return each row's answers by name; files are core's to add."""
        return [answers_of(row) for _, row in self.rows]

    def blank_row(self) -> wtforms.Form:
        """Return the row from which further ones are made."""
        return self._row(BLANK_ROW, None, {})

    def _least(self) -> int:
        rows = self.spec.rows
        return max(rows.least, int(self.spec.required)) if rows else 0

    def _row(self, key: str, formdata: Any, row: Mapping[str, Any] | None) -> wtforms.Form:
        return self._row_class(formdata, data=row or {}, prefix=f"{self.name}.{key}.")


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


def answers_of(bound: Iterable[Any]) -> dict[str, Any]:
    """Return the answers of a page or row for the engine, None where emptied."""
    return {
        field.spec.name: field.raw_answer()
        for field in bound
        if not isinstance(field, ShownField | UploadField)
    }
