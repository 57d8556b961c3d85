"""Files that come within JSON answers: kept at once, as those of a page are."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.uploads import NotAccepted
from core.web.attachments import is_stored, refused_file_words
from core.web.visit import office
from forms.fields import Field
from forms.problems import Problem


@dataclass
class InlineFiles:
    """Keeps what comes as `{name, content}` for one case, the content as Base64.

    `refused` gathers why a file was not kept, `stored` the names of those that were. No answer
    names a file that was stored before: a stored file is known by what it holds.
    """

    county: str
    case_id: str
    refused: list[Problem] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)

    def taken(self, fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return raw answers in which every file stands as stored."""
        return {**answers, **dict(self._kept_of(fields, answers, ""))}

    def _kept_of(self, fields: Iterable[Field], answers: Mapping[str, Any], at: str) -> Any:
        for spec in fields:
            value, path = answers.get(spec.name), f"{at}{spec.name}"
            if value is None or spec.compute:
                continue
            if spec.rows and isinstance(value, list):
                inner = spec.rows.fields.values()
                yield (
                    spec.name,
                    [self._row(inner, row, f"{path}.{n}.") for n, row in enumerate(value)],
                )
            elif is_stored(spec):
                yield spec.name, self._kept(spec, value, path)

    def _row(self, fields: Iterable[Field], row: Any, at: str) -> Any:
        return {**row, **dict(self._kept_of(fields, row, at))} if isinstance(row, dict) else row

    def _kept(self, spec: Field, value: Any, path: str) -> Any:
        if spec.type.name == "signature":
            return self._signature(value, path)
        if spec.type.name == "files":
            return [self._file(each, path) for each in value] if isinstance(value, list) else value
        return self._file(value, path)

    def _file(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict) or set(value) != {"name", "content"}:
            return self._refuse("file_inline", path)
        try:
            name, content = (
                str(value["name"]),
                base64.b64decode(str(value["content"]), validate=True),
            )
            kept = office().uploads.keep(self.county, self.case_id, name, content)
        except (binascii.Error, ValueError) as error:
            return self._refuse(
                error.code if isinstance(error, NotAccepted) else "file_inline", path
            )
        self.stored.append(str(kept["ref"]))
        return kept

    def _signature(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict) or not value.get("drawn"):
            return value
        kept = office().uploads.keep_drawing(self.county, self.case_id, str(value["drawn"]))
        if kept is None:
            return self._refuse("file_inline", path)
        self.stored.append(str(kept["ref"]))
        return {**value, "drawn": str(kept["ref"])}

    def _refuse(self, code: str, path: str) -> None:
        self.refused.append(Problem(code, refused_file_words(code), path))
