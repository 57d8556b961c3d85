"""From Python's syntax tree to ours: only what the grammar names, typed on the way."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.functions import FUNCTIONS, ROW_FUNCTIONS, Function
from forms.kinds import (
    KIND_NAMES,
    WRITTEN,
    GrammarError,
    Kind,
    Tree,
    Typed,
    dated,
    joined,
    literal_kind,
    plain_text,
    reference,
)
from forms.patterns import PatternError, compile_pattern
from forms.problems import nearest

MAX_DEPTH = 30
MAX_NODES = 200

_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_OPERATORS: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",  # codespell:ignore notin
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Is: "==",
    ast.IsNot: "!=",
}
_FUNCTION_NAMES = (*FUNCTIONS, "matches")
_WHOLE: frozenset[Kind] = frozenset({"list", "file", "range", "address", "rows", "null"})
_PYTHON_WORDS = {"true": "True", "false": "False", "null": "None", "none": "None"}


@dataclass
class Reader:
    """Reads one expression; `used` gathers the bare names it mentions.

    `groups` holds the names behind a dot: {"step": {...}, "row": {...}}; `rows` those of each
    group's rows, which stand behind `row.` where a function goes through it. A group behind a dot
    is named whole: "step.members".
    """

    text: str
    names: Mapping[str, Kind]
    groups: Mapping[str, Mapping[str, Kind]]
    rows: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    used_of_row: set[str] = field(default_factory=set)
    _depth: int = 0
    _nodes: int = 0

    def read(self, node: ast.expr) -> Typed:
        """Return the tree and the kind of `node`; raise GrammarError."""
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise GrammarError(f"nested deeper than {MAX_DEPTH} or of more than {MAX_NODES} parts")
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is None:
            raise GrammarError(f"{self._quoted(node)} is not part of the expression language")
        typed: Typed = reader(node)
        self._depth -= 1
        return typed

    def _quoted(self, node: ast.AST) -> str:
        source = ast.get_source_segment(self.text, node) or self.text
        return f"“{source if len(source) <= 60 else source[:60] + '…'}”"  # noqa: PLR2004

    def _constant(self, node: ast.Constant) -> Typed:
        value = node.value
        if value is None:
            return ["const", None], "null"
        if isinstance(value, bool):
            return ["const", value], "bool"
        if isinstance(value, str) and not node.kind:
            return ["const", plain_text(value)], "text"
        source = ast.get_source_segment(self.text, node) or ""
        if not _NUMBER.fullmatch(source) or len(source) > 29:  # noqa: PLR2004 — 28 digits and a point
            raise GrammarError(f"{self._quoted(node)} is not a plain number of at most 28 digits")
        return ["num", source], "number"

    def _name(self, node: ast.Name) -> Typed:
        name = node.id
        if name == "today":
            return ["today"], "date"
        if name not in self.names:
            meant = _PYTHON_WORDS.get(name) or nearest(name, [*self.names, "today"])
            raise GrammarError(f"the name “{name}” is not known here", meant)
        self.used.add(name)
        return reference("name", name, self.names[name])

    def _attribute(self, node: ast.Attribute) -> Typed:
        group = node.value.id if isinstance(node.value, ast.Name) else ""
        if group not in self.groups:
            allowed = " and ".join(f"{one}." for one in self.groups) or "no"
            raise GrammarError(f"{self._quoted(node)}: {allowed} names with a dot stand here")
        known = self.groups[group]
        if node.attr not in known:
            meant = nearest(node.attr, list(known))
            raise GrammarError(f"{group} has no “{node.attr}”", meant and f"{group}.{meant}")
        if group == "row":
            self.used_of_row.add(node.attr)
        return reference(group, node.attr, known[node.attr])

    def _list(self, node: ast.List) -> Typed:
        if not all(isinstance(one, ast.Constant | ast.UnaryOp) for one in node.elts):
            raise GrammarError(f"{self._quoted(node)}: a list holds plain values only")
        items = [self.read(one) for one in node.elts]
        kinds = {kind for _, kind in items}
        if len(kinds) > 1 or "null" in kinds:
            raise GrammarError(f"{self._quoted(node)}: all values of a list are of one kind")
        return ["list", *(tree for tree, _ in items)], "list"

    def _boolop(self, node: ast.BoolOp) -> Typed:
        parts = [self._expect(one, "bool") for one in node.values]
        return ["and" if isinstance(node.op, ast.And) else "or", *parts], "bool"

    def _unaryop(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            return ["not", self._expect(node.operand, "bool")], "bool"
        if isinstance(node.op, ast.USub):
            return ["-", self._expect(node.operand, "number")], "number"
        raise GrammarError(f"{self._quoted(node)} is not part of the expression language")

    def _binop(self, node: ast.BinOp) -> Typed:
        operator = _OPERATORS.get(type(node.op))
        if operator is None:
            raise GrammarError(f"{self._quoted(node)}: only + - * / are known")
        left = self._expect(node.left, "number")
        return [operator, left, self._expect(node.right, "number")], "number"

    def _ifexp(self, node: ast.IfExp) -> Typed:
        test = self._expect(node.test, "bool")
        (yes, yes_kind), (no, no_kind) = self.read(node.body), self.read(node.orelse)
        kind = joined(yes_kind, no_kind)
        if kind is None:
            both = f"{KIND_NAMES[yes_kind]} and {KIND_NAMES[no_kind]}"
            raise GrammarError(f"{self._quoted(node)} gives {both} by turns")
        return ["if", test, yes, no], kind

    def _compare(self, node: ast.Compare) -> Typed:
        operands = [node.left, *node.comparators]
        typed = [self.read(one) for one in operands]
        signs = [_OPERATORS[type(one)] for one in node.ops]
        if len(signs) == 1 and "null" in (typed[0][1], typed[1][1]):
            return self._null_test(node, signs[0], typed)
        tree: Tree = [typed[0][0]]
        for at, sign in enumerate(signs):
            if isinstance(node.ops[at], ast.Is | ast.IsNot):
                raise GrammarError(f"{self._quoted(node)}: “is” goes with None; write == or !=")
            left, right = self._pair(node, sign, typed[at], typed[at + 1])
            tree[-1] = left
            tree += [sign, right]
            typed[at + 1] = (right, right[0] if right[0] in WRITTEN else typed[at + 1][1])
        return ([tree[1], tree[0], tree[2]] if len(signs) == 1 else ["chain", *tree]), "bool"

    def _null_test(self, node: ast.Compare, sign: str, typed: list[Typed]) -> Typed:
        if sign not in ("==", "!="):
            raise GrammarError(f"{self._quoted(node)}: None is compared with == and != only")
        value = typed[1] if typed[0][1] == "null" else typed[0]
        test = ["null?", value[0]]
        return (test if sign == "==" else ["not", test]), "bool"

    def _pair(self, node: ast.Compare, sign: str, left: Typed, right: Typed) -> tuple[Tree, Tree]:
        """Check one comparison's kinds; ISO text beside a date becomes a date."""
        if sign in ("in", "not in"):
            return self._membership(node, left, right)
        one, other = dated(left, right[1]), dated(right, left[1])
        kinds = {one[1], other[1]} - {"any"}
        if len(kinds) > 1:
            both = f"{KIND_NAMES[one[1]]} is compared with {KIND_NAMES[other[1]]}"
            raise GrammarError(f"{self._quoted(node)}: {both}")
        if kinds & _WHOLE or (kinds & {"text", "bool"} and sign[0] in "<>"):
            what = KIND_NAMES[kinds.pop()]
            raise GrammarError(f"{self._quoted(node)}: {what} cannot be compared with {sign}")
        if ["const", ""] in (one[0], other[0]):
            raise GrammarError(f"{self._quoted(node)}: the unanswered is None", "is_empty(…)")
        return one[0], other[0]

    def _membership(self, node: ast.Compare, left: Typed, right: Typed) -> tuple[Tree, Tree]:
        if right[1] not in ("list", "any") or left[1] in _WHOLE:
            raise GrammarError(
                f"{self._quoted(node)}: “in” asks whether one value stands in a [list]"
            )
        items = right[0]
        if items[0] != "list":
            return left[0], items
        typed = [dated((one, literal_kind(one)), left[1]) for one in items[1:]]
        if any(joined(left[1], kind) is None for _, kind in typed):
            raise GrammarError(f"{self._quoted(node)}: the list holds no {KIND_NAMES[left[1]]}")
        return left[0], ["list", *(tree for tree, _ in typed)]

    def _call(self, node: ast.Call) -> Typed:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _FUNCTION_NAMES:
            meant = nearest(name, _FUNCTION_NAMES)
            raise GrammarError(f"there is no function {self._quoted(node.func)}", meant)
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            raise GrammarError(f"{self._quoted(node)}: arguments are plain values, by position")
        if name in ROW_FUNCTIONS and node.args and self._is_group(node.args[0]):
            return self._through_rows(node, name)
        return self._pattern(node) if name == "matches" else self._function(node, name)

    def _is_group(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self.groups.get(node.value.id, {}).get(node.attr) == "rows"
        return isinstance(node, ast.Name) and self.names.get(node.id) == "rows"

    def _group(self, node: ast.expr) -> str:
        """Return the name that a group of rows would stand under in `rows`."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return f"{node.value.id}.{node.attr}"
        return node.id if isinstance(node, ast.Name) else ""

    def _through_rows(self, node: ast.Call, name: str) -> Typed:
        """Read `sum(members, row.age)`: what follows the group is worked out in each row."""
        group, *rest = node.args
        tree: Tree = ["rows", name, self.read(group)[0]]
        if not rest and name == "count":
            return tree, "number"
        if len(rest) != 1:
            said = self._quoted(node)
            raise GrammarError(f"{said}: write {name}(group, expression with row.…)")
        inner, kind = self._in_row(group, rest[0])
        takes = ROW_FUNCTIONS[name]
        if kind not in (*takes, "any"):
            names = " or ".join(sorted(KIND_NAMES[one] for one in takes))
            raise GrammarError(f"{self._quoted(node)}: what is asked of each row must be {names}")
        gives = FUNCTIONS[name].gives
        return [*tree, inner], gives or kind

    def _in_row(self, group: ast.expr, node: ast.expr) -> Typed:
        outer, used = self.groups, set(self.used_of_row)
        self.groups = {**outer, "row": self.rows.get(self._group(group), {})}
        typed = self.read(node)
        self.groups, self.used_of_row = outer, used
        return typed

    def _function(self, node: ast.Call, name: str) -> Typed:
        function = FUNCTIONS[name]
        wanted = len(function.takes)
        if len(node.args) != wanted and not (function.many and len(node.args) > wanted):
            raise GrammarError(f"{self._quoted(node)}: {name} takes {wanted} argument(s)")
        typed = [self._argument(node, one, function, at) for at, one in enumerate(node.args)]
        gives = function.gives or self._common(node, [kind for _, kind in typed])
        return ["call", name, *(tree for tree, _ in typed)], gives

    def _argument(self, node: ast.Call, argument: ast.expr, function: Function, at: int) -> Typed:
        takes = function.takes[min(at, len(function.takes) - 1)]
        typed = self.read(argument)
        if "text" not in takes:
            typed = self._as_taken(typed, takes)
        if typed[1] not in (*takes, "any"):
            names = " or ".join(sorted(KIND_NAMES[one] for one in takes))
            raise GrammarError(f"{self._quoted(node)}: argument {at + 1} must be {names}")
        return typed

    def _as_taken(self, typed: Typed, takes: frozenset[Kind]) -> Typed:
        """Return text as the date or time that the function takes."""
        wanted = [kind for kind in WRITTEN if kind in takes]
        if typed[0][0] == "const" and typed[1] == "text" and wanted:
            readable = (kind for kind in wanted if WRITTEN[kind][0](typed[0][1]))
            return dated(typed, next(readable, wanted[0]))
        return typed

    def _common(self, node: ast.Call, kinds: list[Kind]) -> Kind:
        single = {"number" if kind == "list" else kind for kind in kinds} - {"any"}
        if len(single) > 1:
            raise GrammarError(f"{self._quoted(node)}: numbers, dates and times do not mix")
        return next(iter(single), "number")

    def _pattern(self, node: ast.Call) -> Typed:
        texts = 2
        pattern = node.args[1] if len(node.args) == texts else None
        if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
            raise GrammarError(f"{self._quoted(node)}: write matches(field, 'pattern')")
        text = self._expect(node.args[0], "text")
        try:
            return ["matches", text, compile_pattern(plain_text(pattern.value))], "bool"
        except PatternError as error:
            raise GrammarError(f"the pattern “{pattern.value[:60]}”: {error}") from None

    def _expect(self, node: ast.expr, kind: Kind) -> Tree:
        tree, found = self.read(node)
        if found not in (kind, "any"):
            what = f"{KIND_NAMES[found]} where {KIND_NAMES[kind]} is needed"
            raise GrammarError(f"{self._quoted(node)} is {what}")
        return tree
