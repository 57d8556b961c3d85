"""Field types beside plain answers: files, signatures, and notes that ask nothing."""

from typing import Any

from forms.fields import Field, FieldType
from forms.messages import problem
from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.text_types import tidy

MAX_FILES = 10
MAX_NAME = 255
MAX_REF = 200
MAX_SIGNED_NAME = 50
_FILE_KEYS = {"ref", "name", "size", "type"}


def clean_file(raw: Any, _: Field, around: Surroundings) -> Any:
    """Clean a stored file's {ref, name, size (bytes), type}; whoever stored it checked it."""
    if raw in (None, "", {}):
        return None
    if not isinstance(raw, dict) or set(raw) != _FILE_KEYS or not _is_file(raw):
        return problem("file_shape", around.language)
    return {**raw, "name": tidy(raw["name"])}


def _is_file(raw: dict[str, Any]) -> bool:
    size = raw["size"]
    texts = all(isinstance(raw[key], str) for key in ("ref", "name", "type"))
    whole = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    return (
        whole
        and texts
        and 0 < len(raw["ref"]) <= MAX_REF
        and len(raw["type"]) <= MAX_REF
        and len(raw["name"]) <= MAX_NAME
    )


def clean_files(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a list of stored files, each once; at most `max_files` (10 unless the field says)."""
    if raw in (None, "", []):
        return None
    if not isinstance(raw, list):
        return problem("file_shape", around.language)
    kept: list[Any] = []
    for one in raw:
        file = clean_file(one, field, around)
        if isinstance(file, Problem):
            return file
        if file and all(file["ref"] != other["ref"] for other in kept):
            kept.append(file)
    most = field.max_files or MAX_FILES
    return (
        problem("too_many_files", around.language, limit=most) if len(kept) > most else kept or None
    )


def clean_signature(raw: Any, _: Field, around: Surroundings) -> Any:
    """Clean {typed: name} and/or {drawn: reference of the stored picture}; both empty is none."""
    if raw in (None, "", {}):
        return None
    bad = problem("signature_shape", around.language, limit=MAX_SIGNED_NAME)
    if not isinstance(raw, dict) or not set(raw) <= {"typed", "drawn"}:
        return bad
    if not all(one is None or isinstance(one, str) for one in raw.values()):
        return bad
    signed = {key: tidy(one) for key, one in raw.items() if one and tidy(one)}
    if len(signed.get("typed", "")) > MAX_SIGNED_NAME or len(signed.get("drawn", "")) > MAX_REF:
        return bad
    return signed or None


def clean_note(_raw: Any, _: Field, _around: Surroundings) -> None:
    """Take no answer: a note only shows its text."""


TYPES = (
    FieldType("file", "file", clean_file, "file", frozenset({"example"})),
    FieldType("files", "list", clean_files, "files", frozenset({"example", "max_files"})),
    FieldType("signature", "file", clean_signature, "signature", frozenset({"text"})),
    FieldType("note", "null", clean_note, "note", frozenset({"text"}), answerable=False),
)
