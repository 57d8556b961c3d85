"""Documents and clauses: what a `basis` such as `changzhi-2021/三(四)2` resolves to (R02)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from forms.problems import DefinitionError
from forms.shape import check_shape, listed, record, text
from forms.source import read_yaml

_SHAPE = record(
    {
        "id": text(most=40),
        "title": text(most=200),
        "issuer": text(most=100),
        "clauses": listed(
            record(
                {"no": text(most=20), "name": text(most=60), "quote": text()},
                ["no", "name", "quote"],
            )
        ),
    },
    ["id", "title", "issuer", "clauses"],
)
_FOLDER = Path(__file__).parent / "policies"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a document, in the document's own words."""

    document: str
    no: str
    name: str
    quote: str
    title: str
    issuer: str

    @property
    def basis(self) -> str:
        """The name a definition cites it by."""
        return f"{self.document}/{self.no}"


class Policy:
    """The policy library as far as definitions cite it."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._clauses: Mapping[str, Clause] = {clause.basis: clause for clause in clauses}

    @classmethod
    def bundled(cls) -> "Policy":
        """Return the library that comes with the program."""
        return cls(clause for path in sorted(_FOLDER.glob("*.yaml")) for clause in _read(path))

    def clause(self, basis: str | None) -> Clause | None:
        """Return the clause a basis names, None where there is none."""
        return self._clauses.get(basis or "")

    def __contains__(self, basis: str) -> bool:
        return basis in self._clauses


def _read(path: Path) -> list[Clause]:
    source = read_yaml(path.read_bytes(), path.name)
    flaws = check_shape(source, _SHAPE)
    if flaws:
        raise DefinitionError(flaws)
    data = source.data
    return [
        Clause(data["id"], each["no"], each["name"], each["quote"], data["title"], data["issuer"])
        for each in data["clauses"]
    ]
