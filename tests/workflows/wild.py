"""Workflows made by chance: some that make no sense, and some that must load."""

from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(["draft", "a", "b", "c", "d", "end", "submit", "go", "applicant", "boss"])
SPANS = st.sampled_from(["5wd", "10d", "0d", "x"])
NOTIFY = st.fixed_dictionaries({"to": NAMES, "template": st.sampled_from(["hello", "helo"])})
STATES = st.fixed_dictionaries(
    {"kind": st.sampled_from(["open", "open", "returned", "standing", "final", "finl"])},
    optional={
        "due": SPANS,
        "expires": st.sampled_from(["day + 3d", "step.checked_on", "step.fine + 1d", "+"]),
        "assign": st.fixed_dictionaries({"role": NAMES, "at": st.sampled_from(["county", "day"])}),
        "overdue": st.lists(
            st.fixed_dictionaries({"after": SPANS}, optional={"move": NAMES, "notify": NOTIFY})
        ),
        "remind": st.fixed_dictionaries({"before": SPANS, "notify": NOTIFY}),
        "odd": st.integers(),
    },
)
TARGETS = NAMES | st.lists(
    st.fixed_dictionaries({"to": NAMES}, optional={"when": st.sampled_from(["people > 1", "x"])})
)
TRANSITIONS = st.fixed_dictionaries(
    {"from": NAMES | st.lists(NAMES), "to": TARGETS, "by": NAMES},
    optional={
        "form": st.sampled_from(["decision", "request", "none"]),
        "guard": st.sampled_from(["step.fine", "people > 1", "people", "(("]),
        "require": st.lists(st.sampled_from(["comment", "marks", "tea"])),
        "notify": NOTIFY,
        "do": NAMES,
    },
)
DRAFT = {"draft": {"kind": "draft"}}
DEFINITIONS = st.fixed_dictionaries(
    {
        "id": st.just("wild"),
        "form": st.sampled_from(["request", "request", "none"]),
        "states": st.dictionaries(NAMES, STATES).map(
            lambda wild: {"draft": {"kind": "draft"}, **wild}
        ),
        "transitions": st.dictionaries(NAMES, TRANSITIONS | st.lists(TRANSITIONS)),
    },
    optional={
        "messages": st.just({"hello": "{number}"}),
        "path": st.lists(NAMES),
    },
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


KINDS = st.sampled_from(["open", "returned", "standing"])


@st.composite
def sound_definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Make workflows that are meant to load: a chain to the end, with random short cuts."""
    names = [f"s{index}" for index in range(draw(st.integers(1, 5)))]
    states: dict[str, Any] = {name: {"kind": draw(KINDS), "due": draw(SPANS)} for name in names}
    for state in states.values():
        state["due"] = state["due"].replace("x", "3d")
        if state["kind"] == "standing" and draw(st.booleans()):
            del state["due"]
            state["expires"] = "day + 5d"
    chain = [*names, "end"]
    returned = [name for name in names if states[name]["kind"] == "returned"]
    transitions: dict[str, Any] = {
        "submit": {"from": ["draft", *returned], "to": names[0], "by": "applicant"}
    }
    for index, name in enumerate(names):
        step = {"from": name, "to": chain[index + 1], "by": ["boss", "system"]}
        transitions[f"next_{index}"] = step
        if "expires" not in states[name]:
            after = draw(SPANS).replace("x", "1wd")
            states[name]["overdue"] = {"after": after, "move": f"next_{index}"}
    for index in range(draw(st.integers(0, 4))):
        transitions[f"jump_{index}"] = {
            "from": draw(st.sampled_from(names)),
            "to": [
                {"when": draw(st.sampled_from(["people > 1", "step.fine"])), "to": "end"},
                {"to": draw(st.sampled_from(chain))},
            ],
            "by": "boss",
            "form": "decision",
        }
    states = {**DRAFT, **states, "end": {"kind": "final"}}
    return {"id": "made", "form": "request", "states": states, "transitions": transitions}
