"""No work after the reply: Lambda freezes the process with it."""

from collections.abc import Callable


class NextTick:
    """The Background port on Lambda: leaves all work to the next tick, a minute away at most."""

    def soon(self, work: Callable[[], object]) -> None:
        """Drop the work; every tick looks for what is left."""
