"""Files that come within JSON answers: kept once the answers are sound, before they are taken in.

Nothing is deleted where they are refused after that: another call with the same file may just be
taken in, and a file is named by what it holds.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.drafts import refs_in
from core.uploads import NotAccepted, drawing
from core.web.attachments import is_stored, refused_file_words
from core.web.visit import office
from forms.fields import Field
from forms.problems import Problem


@dataclass
class InlineFiles:
    """Takes in what comes as `{name, content}` for one case, the content as Base64.

    `refused` gathers why a file is not taken. No answer names a file that was stored before.
    """

    county: str
    case_id: str
    refused: list[Problem] = field(default_factory=list)
    _contents: dict[str, bytes] = field(default_factory=dict)

    def keep(self, data: Mapping[str, Any]) -> None:
        """Keep the files that clean answers name; those of hidden questions are not kept."""
        for ref in refs_in(data):
            if ref in self._contents:
                office().uploads.put(self.county, ref, self._contents[ref])

    def taken(self, fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return raw answers in which every file stands as it will be stored."""
        return {**answers, **dict(self._kept_of(fields, answers, ""))}

    def _kept_of(self, fields: Iterable[Field], answers: Mapping[str, Any], at: str) -> Any:
        for spec in fields:
            value, path = answers.get(spec.name), f"{at}{spec.name}"
            if value is None or spec.compute:
                continue
            if spec.rows and isinstance(value, list):
                inner = spec.rows.fields.values()
                rows = [self._row(inner, row, f"{path}.{n}.") for n, row in enumerate(value)]
                yield spec.name, rows
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
            content = base64.b64decode(str(value["content"]), validate=True)
            return self._judged(str(value["name"]), content)
        except NotAccepted as refused:
            return self._refuse(refused.code, path)
        except ValueError:  # no Base64
            return self._refuse("file_inline", path)

    def _judged(self, name: str, content: bytes) -> dict[str, Any]:
        answer = office().uploads.judged(self.county, self.case_id, name, content)
        self._contents[str(answer["ref"])] = content
        return answer

    def _signature(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict) or not value.get("drawn"):
            return value
        content = drawing(str(value["drawn"]))
        if content is None:
            return self._refuse("file_inline", path)
        return {**value, "drawn": self._judged("signature.png", content)["ref"]}

    def _refuse(self, code: str, path: str) -> None:
        self.refused.append(Problem(code, refused_file_words(code), path))
