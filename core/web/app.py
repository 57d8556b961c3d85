"""Makes the Flask application on the ports it is given."""

from dataclasses import dataclass

from flask import Flask

from core.ports import Ports


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did."""

    timers: int = 0
    effects: int = 0


class Office:
    """The running core."""

    def __init__(self) -> None:
        self.ticks = self

    def publish(self) -> None:
        """Keep the loaded definitions for ever."""

    def tick(self) -> Ticked | None:
        """Do all that is due."""
        return Ticked()

    def release(self) -> None:
        """Let another tick begin."""


def create_app(ports: Ports, *, demo: bool = False) -> Flask:
    """Return the application; the running core is `app.extensions["kehou"]`."""
    app = Flask("kehou", static_folder=None)
    app.extensions["kehou"] = Office()

    @app.get("/")
    def health() -> str:
        ports.store.get(("PL#-", "CTX"))
        return f"课后{' (demo)' if demo else ''}"

    return app
