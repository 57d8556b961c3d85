"""A workflow as read: states, transitions, and the words people see at each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from forms.definition import Form
from forms.expressions import Expression
from forms.text import Text
from workflows.spans import Span

StateKind = Literal["draft", "open", "returned", "standing", "final", "final_bad"]
Tone = Literal["primary", "plain", "danger"]
Badge = Literal["", "wait", "ask", "done", "calm", "bad"]

APPLICANT = "applicant"
SYSTEM = "system"
SUBMIT = "submit"
FINAL = frozenset({"final", "final_bad"})
NO_TEXT = Text("")
NO_DAYS = Span(0)


@dataclass(frozen=True, slots=True)
class Notify:
    """A message to be sent: `to` is a role or `applicant`, `template` a key of `messages`.

    With `into`, only where the move leads to that state.
    """

    to: str
    template: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """An action of the plugin's Python to be run, by its registered name."""

    action: str


@dataclass(frozen=True, slots=True)
class Recall:
    """A second message, to those who were sent the first, when a case comes `into` a state."""

    into: str
    template: str


@dataclass(frozen=True, slots=True)
class Circulation:
    """A message to everybody of a group, sent when a case comes `into` a state.

    `to` is a field of the form that names an audience, `within` one that names the place whose
    people of it are meant ("" for where the case is). Each is sent the message `template` with an
    address of their own, under which they read the fields `tells` while the case is in one of the
    states `readable`. `recall` says how they are told that it no longer holds.
    """

    into: str
    to: str
    within: str
    template: str
    tells: tuple[str, ...]
    readable: tuple[str, ...]
    recall: Recall | None = None


Effect = Notify | Do | Circulation


@dataclass(frozen=True, slots=True)
class Assign:
    """Whose desk a case lies on: a role, at a field that holds a place or at a kind of place."""

    role: str
    at: str
    is_field: bool


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a standing state ends: the end of the day in `name`, plus (or minus) `span`."""

    name: str
    of_step: bool
    span: Span = NO_DAYS
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Overdue:
    """What happens `after` the due date: messages, and a move by the system where one is named."""

    after: Span
    notify: tuple[Notify, ...] = ()
    move: str | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """Messages sent at nine in the morning, `before` the due date or the expiry."""

    before: Span
    notify: tuple[Notify, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand.

    `label` is what officers read (待核验), `words` what the applicant reads ("县教育局核查中，
    无需您操作"), `typical` how long it usually takes, `step` and `note` its line in the list of
    steps a citizen sees. `editable` tells, in a returned state, whether all or only the marked
    fields may be changed. `tone` is how its badge looks where its kind would say it wrongly. While
    a case stands in a `public` state, everybody may read the answers that its form makes public.
    """

    name: str
    kind: StateKind
    label: Text
    words: Text
    typical: Text = NO_TEXT
    step: Text = NO_TEXT
    note: Text = NO_TEXT
    assign: Assign | None = None
    due: Span | None = None
    expires: Expiry | None = None
    overdue: tuple[Overdue, ...] = ()
    remind: tuple[Reminder, ...] = ()
    editable: Literal["all", "marked"] = "all"
    tone: Badge = ""
    public: bool = False

    @property
    def is_final(self) -> bool:
        """Tell whether a case stays here for ever."""
        return self.kind in FINAL


@dataclass(frozen=True, slots=True)
class Branch:
    """A target of a transition; `when` is None on the last, which always matches."""

    to: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class MoveCheck:
    """What must hold for a move; its `message` may name answers and what is filled in in braces.

    One of level `explain` lets a move through that comes with a comment.
    """

    expr: Expression
    message: Text
    level: Literal["block", "explain"] = "block"
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A move somebody may make from one of `sources`.

    `label` stands on the button, `done` on the timeline. `form` is what the officer fills in;
    `require` lists `comment`, `marks` and `change` (something that it amends becomes otherwise);
    `marks` allows fields of the form to be marked. `amend` names the fields of the case's own form
    whose answers whoever makes it may change.
    `message` and `basis` tell why a false `guard` refuses; `awaits_step` says that the guard
    rests on `own_fields`, those of its own form, or on what `amend` changes. `quorum` is how many
    different people must make it; with `undo` its messages wait until it can no longer be taken
    back.
    """

    name: str
    sources: tuple[str, ...]
    to: tuple[Branch, ...]
    by: tuple[str, ...]
    label: Text
    done: Text
    tone: Tone = "plain"
    form: str | None = None
    own_fields: frozenset[str] = frozenset()
    amend: tuple[str, ...] = ()
    awaits_step: bool = False
    require: frozenset[str] = frozenset()
    marks: bool = False
    guard: Expression | None = None
    checks: tuple[MoveCheck, ...] = ()
    message: Text = NO_TEXT
    basis: str | None = None
    allow_self: bool = False
    quorum: int = 1
    undo: bool = False
    notify: tuple[Notify, ...] = ()
    do: tuple[Do, ...] = ()

    @property
    def is_one_tap(self) -> bool:
        """Tell whether a tap does it: nothing is asked for, and a slip can be taken back."""
        return self.undo and not self.asks and not self.require and self.quorum == 1

    @property
    def asks(self) -> bool:
        """Tell whether there is something to fill in or to change, beside a comment and marks."""
        return bool(self.form or self.amend)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow ready to run.

    `path` are the steps citizens see; `forms` the form a case is filed with and those that
    officers fill in, by id; `fields` the names that may be marked. `about` is the field whose
    looked-up value is the case that a new one is about, "" for none. `parties` are the fields that
    name the places it concerns from the start, `facts` what the service's Python is asked before a
    target is chosen, each a yes or no. `hash` names `data` together
    with those forms: the same steps over another form are another workflow.
    """

    id: str
    form: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    start: str
    path: tuple[str, ...] = ()
    messages: Mapping[str, Text] = field(default_factory=dict)
    title: Text = NO_TEXT
    about: str = ""
    parties: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    circulation: Circulation | None = None
    fields: frozenset[str] = frozenset()
    forms: Mapping[str, Form] = field(default_factory=dict, repr=False)
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    hash: str = ""

    def find(self, name: str, state: str) -> Transition | None:
        """Return the transition `name` as it stands in `state`; None where there is none."""
        return next((each for each in self.leaving(state) if each.name == name), None)

    @property
    def starters(self) -> tuple[str, ...]:
        """The roles that hand in a new case; `applicant` among them where the public may."""
        submit = self.find(SUBMIT, self.start)
        return submit.by if submit else ()

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions out of `state`, in the order of the file."""
        return tuple(each for each in self.transitions if state in each.sources)
