"""Reads parts of a workflow's file: well-shaped values go on, what is wrong is noted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.definition import Form
from forms.expressions import Expression, compile_expression
from forms.functions import Kind
from forms.problems import DefinitionError, Flaw, Path, nearest
from forms.shape import Shape, check_shape, record
from forms.source import Source
from forms.text import Text
from workflows.definition import APPLICANT, SYSTEM, Notify
from workflows.shapes import NOTIFY

Kinds = Mapping[str, Kind]
Rows = Mapping[str, Kinds]


@dataclass
class Reader:
    """A source with what is known around it; `flaws` gathers what is wrong.

    `states` and `templates` are the names that may be used, `actions` and `roles` too (None: any).
    `form` is the case's own. `fields` are the kinds of its fields and `steps` those of all
    officers' forms; None where a form is missing, so that nothing can be said of names. `rows` are
    the kinds in the rows of each group among them, those of an officer's form under `step.group`.
    `facts` are what the service's Python tells for choosing between targets. `undo` is what a move
    has where it says nothing itself.
    """

    source: Source
    states: Collection[str] = ()
    templates: Collection[str] = ()
    actions: Collection[str] | None = ()
    roles: Collection[str] | None = None
    form: Form | None = None
    fields: Kinds | None = None
    steps: Kinds | None = None
    rows: Rows = field(default_factory=dict)
    facts: Collection[str] = ()
    undo: bool = False
    flaws: list[Flaw] = field(default_factory=list)

    def keys(
        self, known: Mapping[str, Shape], *path: str | int, required: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return the values at `path` that have the shape of their key; note what does not."""
        self.flaws += check_shape(self.source, record(known, required), *path)
        value = self.value(*path)
        if not isinstance(value, dict):
            return {}
        return {
            key: each
            for key, each in value.items()
            if key in known
            and each is not None
            and not check_shape(self.source, known[key], *path, key)
        }

    def value(self, *path: str | int) -> Any:
        """Return what stands at `path`."""
        value = self.source.data
        for key in path:
            value = value[key]
        return value

    def flaw(self, message: str, *path: str | int, meant: str = "") -> None:
        """Note a flaw of the node at `path`."""
        self.flaws.append(self.source.flaw(message, *path, meant=meant))

    def known(self, what: str, name: str, among: Collection[str], *path: str | int) -> str:
        """Return `name`, or its likeliest meaning after noting that there is no such thing."""
        if name in among:
            return name
        meant = nearest(name, list(among))
        self.flaw(f"there is no {what} “{name}”", *path, meant=meant)
        return meant

    def role(self, name: str, *path: str | int) -> str:
        """Return a role's name, noted where the service does not declare it."""
        if self.roles is not None:
            self.known("role", name, [*self.roles, APPLICANT, SYSTEM], *path)
        return name

    def notify(self, *path: str | int) -> tuple[Notify, ...]:
        """Read well-shaped messages, one or a list, at `path`."""
        read = []
        for each in paths(self.value(*path), path):
            to, template = (self.value(*each, key) for key in NOTIFY)
            self.role(to, *each, "to")
            self.known("message", template, self.templates, *each, "template")
            into = self.value(*each).get("into", "")
            if into:
                self.known("state", into, self.states, *each, "into")
            read.append(Notify(to, template, into))
        return tuple(read)

    def rule(self, *path: str | int, facts: Collection[str] = ()) -> Expression | None:
        """Read a yes-or-no expression at `path`; None where it is flawed or cannot be judged."""
        if self.fields is None or self.steps is None:
            return None
        known: Kinds = {**self.fields, **dict.fromkeys(facts, "bool")}
        try:
            position = self.source.at(*path)
            rule = compile_expression(
                self.value(*path), known, position, step=self.steps, rows=self.rows
            )
        except DefinitionError as error:
            self.flaws += error.flaws
            return None
        if rule.kind not in ("bool", "any"):
            self.flaw(f"“{rule.text}” is not a question of yes or no", *path)
        return rule

    def words(self, data: Mapping[str, Any], key: str, otherwise: Text) -> Text:
        """Return the text at `key`, or what is said otherwise."""
        return Text.of(data[key]) if key in data else otherwise


def paths(value: Any, path: Path) -> Iterable[Path]:
    """Return the path of the one value there, or of each in a list."""
    return [(*path, index) for index in range(len(value))] if isinstance(value, list) else [path]


def many(value: Any) -> list[Any]:
    """Return one value or a list as a list, nothing as an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]
