"""Routes whose way back to an address is compiled when a link first wants it.

Werkzeug compiles two functions for each route as it is added: with our hundred and more that is
half of what opening the application takes, and a page links to a few of them.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A route that is matched at once, and learns to build its address later."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:  # noqa: FBT001, FBT002
        compile_now, compiled = super()._compile_builder, list[Builder]()

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build
