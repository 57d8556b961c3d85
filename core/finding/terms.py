"""What of a case is found, and by which terms: the one place where that is decided (ADR 34).

Found by an exact value are telephones, mail addresses, identity and credit codes, whatever must be
`unique`, and texts of the privacy classes identity, contact and child: names above all. Found by
any part are the answers to fields that are `searchable`. What has `readers` is not found at all.
Rows of groups count like fields, officers' steps like answers.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.privacy import Vault
from forms.definition import Form
from forms.fields import Field
from workflows.definition import Workflow

MOST_CHARACTERS = 300
"""How much of one answer is found by its parts, from its beginning."""
MOST_TERMS = 600
"""How many terms lead to one case."""
LEAST = 2
"""How many characters a word must have to be found as a part."""
_NUMBERS = frozenset({"phone", "email", "cn_id", "uscc"})
_NAMED = frozenset({"identity", "contact", "child"})
_SET_APART = re.compile(r"[\s\-\u00b7\u2022\u2027\u30fb\uff65]+")
_HOME = re.compile(r"(?:\+|00)?86(?=1[0-9]{10}$)")
_DIGITS = 24


@dataclass(frozen=True, slots=True)
class Said:
    """Something a case says by which it is found: of the whole value, or of its parts too."""

    field: Field
    """The field that holds it; of a row's, the group."""
    asked: Field
    value: str
    exact: bool
    parts: bool


def plain(text: str) -> str:
    """Return text as it is compared: however wide, large or spaced it was typed."""
    return _SET_APART.sub("", unicodedata.normalize("NFKC", text).casefold())


def asked_for(text: str) -> str:
    """Return what somebody looks for as it is compared; a number without its +86."""
    return _HOME.sub("", plain(text))


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbours in a plain text, each once, in order."""
    return list(dict.fromkeys(text[at : at + 2] for at in range(len(text) - 1)))


def found_in(workflow: Workflow) -> Mapping[str, Field]:
    """Return the fields by whose answers a case is found: its form's first, then its officers'.

    One that some form closes to others than its readers is left out wherever it stands.
    """
    forms = [workflow.forms[workflow.form], *workflow.forms.values()]
    closed = {name for form in forms for name, each in form.fields.items() if each.readers}
    found: dict[str, Field] = {}
    for form in forms:
        for name, each in _findable(form).items():
            found.setdefault(name, each)
    return {name: each for name, each in found.items() if name not in closed}


def said_by(
    workflow: Workflow, steps: Mapping[str, Any], answers: Mapping[str, Any]
) -> Iterator[Said]:
    """Yield what a case says, of opened steps and answers, by which it is found."""
    for name, field in found_in(workflow).items():
        value = answers.get(name) if name in answers else steps.get(name)
        yield from _said(field, value)


def terms_of(vault: Vault, county: str, said: Iterator[Said]) -> list[str]:
    """Return the keyed hashes under which a case stands, at most MOST_TERMS.

    Whole values come first, so that a long text never keeps a name from being found.
    """
    every = list(said)
    whole = (whole_term(vault, county, each.value) for each in every if each.exact)
    parts = (
        part_term(vault, county, pair)
        for each in every
        if each.parts
        for pair in pairs(plain(each.value)[:MOST_CHARACTERS])
    )
    return list(dict.fromkeys([*whole, *parts]))[:MOST_TERMS]


def whole_term(vault: Vault, county: str, text: str) -> str:
    """Return the term of a whole value."""
    return vault.fingerprint(county, f"find|whole|{plain(text)}")[:_DIGITS]


def part_term(vault: Vault, county: str, pair: str) -> str:
    """Return the term of two neighbouring characters."""
    return vault.fingerprint(county, f"find|part|{pair}")[:_DIGITS]


def matching(said: Iterator[Said], text: str) -> list[Said]:
    """Return what of a case is meant by `text`: the whole of it, or all its words as parts."""
    whole = asked_for(text)
    words = [each for each in map(plain, text.split()) if len(each) >= LEAST]
    return [
        each
        for each in said
        if (each.exact and plain(each.value) == whole)
        or (each.parts and words and all(word in _start(each) for word in words))
    ]


def is_touched(workflow: Workflow, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether a change of a case's item may change how it is found, or by whom.

    Read of sealed answers, which differ whenever they are written anew.
    """
    fields = found_in(workflow)
    if before.get("workflow", after["workflow"]) != after["workflow"]:
        return True
    if not fields:
        return False
    return before.get("reach") != after["reach"] or any(
        (before.get(kind) or {}).get(name) != after[kind].get(name)
        for kind in ("answers", "steps")
        for name in fields
    )


def roles_named(workflow: Workflow) -> list[str]:
    """Return the roles that a workflow gives something to do: whoever holds one may open a case."""
    return sorted({role for each in workflow.transitions for role in each.by})


def _start(said: Said) -> str:
    return plain(said.value)[:MOST_CHARACTERS]


@lru_cache(maxsize=512)
def _findable(form: Form) -> Mapping[str, Field]:
    return {name: each for name, each in form.fields.items() if any(map(_is_found, _all(each)))}


def _all(field: Field) -> Collection[Field]:
    return field.rows.fields.values() if field.rows else (field,)


def _is_found(field: Field) -> bool:
    return not field.readers and (field.searchable or _is_exact(field))


def _is_exact(field: Field) -> bool:
    if field.searchable or field.unique or field.type.name in _NUMBERS:
        return True
    named = field.privacy is not None and field.privacy.kind in _NAMED
    return named and field.type.name in ("text", "lookup")


def _said(field: Field, value: Any) -> Iterator[Said]:
    rows = value if field.rows and isinstance(value, list) else [{field.name: value}]
    for row in rows:
        for asked in filter(_is_found, _all(field)):
            text = _text(row.get(asked.name))
            if text:
                yield Said(field, asked, text, _is_exact(asked), asked.searchable)


def _text(value: Any) -> str:
    """Return an answer as somebody would look for it; "" for what cannot be looked for."""
    if isinstance(value, Mapping):  # looked up: found by what it was called
        value = value.get("label")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
