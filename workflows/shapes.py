"""Which keys a workflow's file may have, and of which types."""

import re
from collections.abc import Iterator, Mapping

from forms.problems import Flaw
from forms.shape import (
    Node,
    Shape,
    flag,
    identifier,
    listed,
    mapped,
    one_of,
    pattern,
    record,
    text,
    whole,
    words,
)
from workflows.spans import Span

MOST_VOTES = 20
PLACE_KINDS = ("school", "district", "county", "city", "place")
EXPIRY = re.compile(r"(step\.)?([a-z][a-z0-9_]*)(?:\s*([+-])\s*(\S+))?")


def one_or_many(of: Shape, most: int = 50) -> Shape:
    """Shape one value, or a list of at least one."""
    many = listed(of, least=1, most=most)
    return lambda node: (many if isinstance(node.value, list) else of)(node)


def span() -> Shape:
    """Shape `5wd` or `10d`."""

    def check(node: Node) -> Iterator[Flaw]:
        if Span.of(node.value) is None:
            yield node.flaw("days are expected here: 5wd (working days) or 10d (calendar days)")

    return check


NOTIFY: Mapping[str, Shape] = {"to": identifier(), "template": identifier()}
_NOTIFY = one_or_many(record({**NOTIFY, "into": identifier()}, NOTIFY))
_BRANCH = record({"when": text(most=1000), "to": identifier()}, ["to"])
_TARGET = one_or_many(
    lambda node: (_BRANCH if isinstance(node.value, dict) else identifier())(node)
)

STATE: Mapping[str, Shape] = {
    "kind": one_of("draft", "open", "returned", "standing", "final", "final_bad"),
    "label": words(),
    "words": words(),
    "typical": words(),
    "step": words(),
    "note": words(),
    "assign": record({"role": identifier(), "at": identifier()}, ["role", "at"]),
    "due": span(),
    "expires": pattern(EXPIRY, "a date field plus days, like step.query_date + 365d,"),
    "overdue": one_or_many(
        record({"after": span(), "notify": _NOTIFY, "move": identifier()}, ["after"])
    ),
    "remind": one_or_many(record({"before": span(), "notify": _NOTIFY}, ["before", "notify"])),
    "editable": one_of("all", "marked"),
    "tone": one_of("wait", "ask", "done", "calm", "bad"),
    "public": flag(),
}

CHECK = record(
    {
        "expr": text(most=1000),
        "message": words(most=300),
        "level": one_of("block", "explain"),
        "basis": text(most=200),
    },
    ["expr", "message"],
)
TRANSITION: Mapping[str, Shape] = {
    "from": one_or_many(identifier()),
    "to": _TARGET,
    "by": one_or_many(identifier()),
    "label": words(),
    "done": words(),
    "tone": one_of("primary", "plain", "danger"),
    "form": identifier(),
    "require": listed(one_of("comment", "marks", "change")),
    "marks": one_of("fields"),
    "amend": listed(identifier(), least=1),
    "guard": text(most=1000),
    "message": words(),
    "basis": text(most=200),
    "checks": listed(CHECK, least=1),
    "allow_self": flag(),
    "quorum": whole(1, MOST_VOTES),
    "undo": flag(),
    "notify": _NOTIFY,
    "do": one_or_many(identifier()),
}

_anything: Shape = lambda _: iter(())  # noqa: E731 — states and transitions are read one by one
WORKFLOW: Mapping[str, Shape] = {
    "id": identifier(),
    "title": words(),
    "form": identifier(),
    "about": identifier(),
    "parties": listed(identifier(), least=1),
    "facts": listed(identifier(), least=1),
    "path": listed(identifier(), least=1),
    "undo": flag(),
    "circulate": record(
        {
            "into": identifier(),
            "to": identifier(),
            "within": identifier(),
            "template": identifier(),
            "tells": listed(identifier(), least=1),
            "readable": listed(identifier(), least=1),
            "recall": record(
                {"into": identifier(), "template": identifier()}, ["into", "template"]
            ),
        },
        ["into", "to", "template", "tells"],
    ),
    "states": mapped(_anything),
    "transitions": mapped(_anything),
    "messages": mapped(words(most=500)),
}
