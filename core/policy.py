"""The policy library (R02): documents, their clauses in their own words, what they set.

A `basis` such as `changzhi-2021/三(四)2` names a clause. A document may lie `over` another: where
both say something, its word counts while it is in force.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forms.problems import DefinitionError
from forms.shape import anything, check_shape, day, identifier, listed, record, text, words
from forms.source import Source, read_yaml
from forms.text import Text

_CITED = {"title": text(most=200), "issuer": text(most=200), "number": text(most=60)}
_SHAPE = record(
    {
        "id": text(most=40),
        "over": text(most=40),
        **_CITED,
        "from": day(),
        "to": day(),
        "note": words(300),
        "source": words(300),
        "cites": listed(record(_CITED, ["title", "issuer"])),
        "clauses": listed(
            record(
                {"no": text(most=20), "name": text(most=60), "quote": text(), "text": text()},
                ["no", "name", "quote"],
            )
        ),
        "parameters": listed(
            record(
                {"name": identifier(), "value": anything(), "basis": text(most=20)},
                ["name", "value", "basis"],
            )
        ),
    },
    ["id", "title", "issuer", "clauses"],
)
_FOLDER = Path(__file__).parent / "policies"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: `quote` is the passage a rule rests on, `text` all of it."""

    document: str
    no: str
    name: str
    quote: str
    text: str
    title: str
    issuer: str

    @property
    def basis(self) -> str:
        """The name a definition cites it by."""
        return f"{self.document}/{self.no}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that another rests on: known by its title and number only."""

    title: str
    issuer: str
    number: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a document sets a parameter to, and the clause that does."""

    value: Any
    basis: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the library; in force on the days `since` to `until`, where they are known.

    `number` is its issuer's reference, "" where it is not known to us.
    """

    id: str
    title: str
    issuer: str
    number: str
    over: str
    since: date | None
    until: date | None
    note: Text
    source: Text
    cites: tuple[Cited, ...]
    clauses: tuple[Clause, ...]
    parameters: Mapping[str, Given]

    def in_force(self, on: date) -> bool:
        """Tell whether the document counts on a day; an unknown beginning is before any."""
        began = self.since is None or self.since <= on
        return began and (self.until is None or on <= self.until)


class Policy:
    """Every document that comes with the program."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: Mapping[str, Document] = {each.id: each for each in documents}
        self._clauses: Mapping[str, Clause] = {
            clause.basis: clause for each in self.documents.values() for clause in each.clauses
        }

    @classmethod
    def bundled(cls) -> "Policy":
        """Return the library that comes with the program; raise DefinitionError."""
        return cls(
            read_document(read_yaml(path.read_bytes(), f"core/policies/{path.name}"))
            for path in sorted(_FOLDER.glob("*.yaml"))
        )

    def clause(self, basis: str | None) -> Clause | None:
        """Return the clause a basis names, None where there is none."""
        return self._clauses.get(basis or "")

    def given(self, name: str, adopted: Iterable[str], on: date) -> tuple[Document, Given] | None:
        """Return what the adopted documents set a parameter to on a day.

        One that lies over another counts before it.
        """
        known = [self.documents[one] for one in adopted if one in self.documents]
        for each in sorted(known, key=lambda one: not one.over):
            if name in each.parameters and each.in_force(on):
                return each, each.parameters[name]
        return None

    def __contains__(self, basis: str) -> bool:
        return basis in self._clauses


def read_document(source: Source) -> Document:
    """Read one document; raise DefinitionError with every flaw."""
    flaws = check_shape(source, _SHAPE)
    data = source.data
    if not flaws:
        known = {each["no"] for each in data["clauses"]}
        flaws = [
            source.flaw(f"there is no clause “{each['basis']}”", "parameters", at, "basis")
            for at, each in enumerate(data.get("parameters") or ())
            if each["basis"] not in known
        ]
    if flaws:
        raise DefinitionError(flaws)
    return Document(
        id=data["id"],
        title=data["title"],
        issuer=data["issuer"],
        number=data.get("number") or "",
        over=data.get("over") or "",
        since=_day(data.get("from")),
        until=_day(data.get("to")),
        note=Text.of(data.get("note")),
        source=Text.of(data.get("source")),
        cites=tuple(
            Cited(each["title"], each["issuer"], each.get("number") or "")
            for each in data.get("cites") or ()
        ),
        clauses=tuple(_clause(data, each) for each in data["clauses"]),
        parameters={
            each["name"]: Given(each["value"], f"{data['id']}/{each['basis']}")
            for each in data.get("parameters") or ()
        },
    )


def _clause(document: Mapping[str, Any], each: Mapping[str, Any]) -> Clause:
    return Clause(
        document=document["id"],
        no=each["no"],
        name=each["name"],
        quote=each["quote"],
        text=each.get("text") or each["quote"],
        title=document["title"],
        issuer=document["issuer"],
    )


def _day(text_: str | None) -> date | None:
    return date.fromisoformat(text_) if text_ else None
