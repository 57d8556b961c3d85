"""Text a person reads, in Chinese and, where translated, in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A label, hint or message; `en` is empty where nobody translated it."""

    zh: str
    en: str = ""

    def get(self, language: str = "zh") -> str:
        """Return the text in `language` ("zh" or "en"), falling back to Chinese."""
        return (self.en or self.zh) if language == "en" else self.zh

    def __bool__(self) -> bool:
        """Tell whether there is anything to read."""
        return bool(self.zh)

    @classmethod
    def of(cls, data: str | Mapping[str, Any] | None) -> "Text":
        """Make a text from a definition's string or {zh, en} mapping."""
        if data is None:
            return cls("")
        if isinstance(data, str):
            return cls(data)
        return cls(str(data["zh"]), str(data.get("en", "")))
