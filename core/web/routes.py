"""Routes whose way back to an address is compiled when a link first wants it.

Werkzeug compiles two functions for each route as it is added: with our hundred and more that is
half of what opening the application takes, and a page links to a few of them.
"""

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class LateRule(Rule):
    """A route that is matched at once, and learns to build its address later."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002
        compiled = cache(super()._compile_builder)
        return lambda rule, /, **values: compiled(append_unknown)(rule, **values)
