"""What a plugin may be asked. The prefix fixes when, and what happens if it raises.

`register_*` at boot: the plugin is quarantined, the rest start. `claim_*` inside the commit: the
move is refused. See `core.plugins` for the dispatch.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import pluggy

from core.api import CaseView, Context, Write

PROJECT = "kehou"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


class Hooks(Protocol):
    """Every hook there is; none without a plugin that uses it."""

    @_hookspec
    def register_blueprints(self) -> Sequence[Any]:
        """Return Flask blueprints, mounted at `/<place>/<plugin>/` and gated by place."""

    @_hookspec
    def claim_transition(self, context: Context, case: CaseView, left: str) -> Iterable[Write]:
        """Return writes to the plugin's own keys that join the commit of a move.

        `left` is the state it comes from ("" for a new case); `case.state` the one entered.
        """
