"""What is wrong with a workflow as a whole: its graph, its timers, what nobody can do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forms.problems import Flaw, Path
from forms.source import Source
from workflows.definition import APPLICANT, SUBMIT, SYSTEM, State, Transition

Placed = tuple[Path, Transition]
Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Linter:
    """States and transitions with their paths in `source`; `flaws()` tells all that is wrong."""

    source: Source
    states: Mapping[str, State]
    placed: Sequence[Placed]
    forward: Graph = field(init=False)

    def __post_init__(self) -> None:
        """Work out which states each state leads to."""
        graph = {
            name: frozenset(
                branch.to for _, each in self.placed if name in each.sources for branch in each.to
            )
            for name in self.states
        }
        object.__setattr__(self, "forward", graph)

    def flaws(self) -> Iterator[Flaw]:
        """Yield every flaw of the whole."""
        yield from self._start()
        yield from self._reach()
        yield from self._ways_out()
        yield from self._twins()
        yield from self._quorums()
        yield from self._amendments()
        yield from self._timers()
        yield from self._timer_cycles()

    def starts(self) -> list[str]:
        """Return the states of kind draft."""
        return [state.name for state in self.states.values() if state.kind == "draft"]

    def _start(self) -> Iterator[Flaw]:
        starts = self.starts()
        if len(starts) != 1:
            yield self.source.flaw("there must be exactly one state of kind draft", "states")
        if starts and not self._starts(starts[0]):
            yield self.source.flaw(
                f"a transition “{SUBMIT}” by a person must lead from “{starts[0]}”",
                "transitions",
            )
        for path, each in self.placed:
            if each.name != SUBMIT and set(each.sources) & set(starts):
                yield self.source.flaw(f"only “{SUBMIT}” leaves a draft", *path, "from")
            if any(branch.to in starts for branch in each.to):
                yield self.source.flaw("nothing leads back to a draft", *path, "to")

    def _starts(self, state: str) -> bool:
        """Tell whether somebody hands in new cases: the public, or officers."""
        submit = self._leaving(state, SUBMIT)
        return submit is not None and SYSTEM not in submit.by

    def _submits(self, state: str) -> bool:
        return any(
            each.name == SUBMIT and state in each.sources and APPLICANT in each.by
            for _, each in self.placed
        )

    def _reach(self) -> Iterator[Flaw]:
        starts = self.starts()
        reached = _closure(self.forward, starts[:1])
        for name in self.states if starts else ():
            if name not in reached:
                yield self._state_flaw("no transition ever leads to “{}”", name)

    def _ways_out(self) -> Iterator[Flaw]:
        backward = _turned(self.forward)
        finals = [state.name for state in self.states.values() if state.is_final]
        ending = _closure(backward, finals)
        for name, state in self.states.items():
            if state.kind == "returned" and not self._submits(name):
                yield self._state_flaw("the applicant cannot submit again from “{}”", name)
            if not state.is_final and not self.forward[name]:
                yield self._state_flaw("“{}” has no way out: no transition leaves it", name)
            elif not state.is_final and name not in ending:
                yield self._state_flaw("“{}” has no way out: no final state can be reached", name)
        for path, each in self.placed:
            for name in set(each.sources) & set(finals):
                yield self.source.flaw(f"“{name}” is final and is never left", *path, "from")

    def _twins(self) -> Iterator[Flaw]:
        seen: dict[tuple[str, str], Path] = {}
        for path, each in self.placed:
            for state in each.sources:
                if (each.name, state) in seen:
                    message = f"two transitions named “{each.name}” leave “{state}”"
                    yield self.source.flaw(message, *path, "from")
                seen[each.name, state] = path

    def _quorums(self) -> Iterator[Flaw]:
        """Yield the quorums that cannot be met: an applicant is one person, the clock none."""
        for path, each in self.placed:
            if each.quorum > 1 and {APPLICANT, SYSTEM} & set(each.by):
                alone = "the applicant is one" if APPLICANT in each.by else "the clock is none"
                message = f"“{each.name}” needs {each.quorum} different people, and {alone}"
                yield self.source.flaw(message, *path, "quorum")

    def _amendments(self) -> Iterator[Flaw]:
        """Yield where answers cannot be changed with a move: all at once, or by several people."""
        for path, each in self.placed:
            if each.amend and each.name == SUBMIT:
                message = f"“{SUBMIT}” hands in the whole form: it amends nothing besides"
                yield self.source.flaw(message, *path, "amend")
            if each.amend and each.quorum > 1:
                message = f"{each.quorum} people cannot make one change: split “{each.name}” in two"
                yield self.source.flaw(message, *path, "amend")

    def _timers(self) -> Iterator[Flaw]:
        for state in self.states.values():
            for index, timer in enumerate(state.overdue):
                if timer.move:
                    yield from self._timer_move(state.name, index, timer.move)

    def _timer_move(self, state: str, index: int, name: str) -> Iterator[Flaw]:
        raw = self.source.data["states"][state]["overdue"]
        path: Path = ("states", state, "overdue", *([index] if isinstance(raw, list) else []))
        each = self._leaving(state, name)
        if each is None:
            yield self.source.flaw(f"no transition “{name}” leaves “{state}”", *path, "move")
            return
        if SYSTEM not in each.by:
            yield self.source.flaw(f"the clock makes this move: add {SYSTEM} to its “by”", *path)
        if each.asks or each.require:
            yield self.source.flaw(f"the clock cannot fill in what “{name}” asks for", *path)

    def _leaving(self, state: str, name: str) -> Transition | None:
        found = (each for _, each in self.placed if each.name == name and state in each.sources)
        return next(found, None)

    def _timer_cycles(self) -> Iterator[Flaw]:
        clocked = {name: self._clocked(state) for name, state in self.states.items()}
        for name in self.states:
            if name in _closure(clocked, sorted(clocked[name])):
                yield self._state_flaw("timers alone lead from “{}” back to it, without end", name)

    def _clocked(self, state: State) -> frozenset[str]:
        """Return where timers lead; not back to a state entered anew every so many days."""
        moves = [self._leaving(state.name, timer.move) for timer in state.overdue if timer.move]
        again = {state.name} if state.due and state.due.days else set()
        return frozenset(branch.to for each in moves if each for branch in each.to) - again

    def _state_flaw(self, message: str, name: str) -> Flaw:
        return self.source.flaw(message.format(name), "states", name)


def _closure(graph: Graph, start: Sequence[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += graph.get(name, ())
    return reached


def _turned(graph: Graph) -> Graph:
    turned: dict[str, set[str]] = {}
    for source, targets in graph.items():
        for target in targets:
            turned.setdefault(target, set()).add(source)
    return {name: frozenset(sources) for name, sources in turned.items()}
