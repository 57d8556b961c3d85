"""The outbox: messages that are kept and shown instead of sent."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.ports import Clock, Message
from core.store import Busy
from infra.clock import SystemClock
from infra.local.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, "to" TEXT NOT NULL,
    template TEXT NOT NULL, text TEXT NOT NULL, parameters TEXT NOT NULL
);
"""
_KEEP = "INSERT INTO outbox VALUES (NULL, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
_RECENT = 'SELECT at, id, "to", template, text, parameters FROM outbox ORDER BY n DESC LIMIT ?'


@dataclass(frozen=True, slots=True)
class Sent:
    """A message in the outbox and when it came there (aware, UTC)."""

    at: datetime
    message: Message


class Outbox:
    """The Messages port for the demo and for tests: a table beside the items of the same file."""

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        """Keep messages in the SQLite file at `path`, dated by `clock`."""
        self._database = Database(path, _SCHEMA)
        self._clock = clock or SystemClock()

    def send(self, message: Message) -> None:
        """Keep the message; one whose id is there already changes nothing. Raises OSError."""
        at = self._clock.now().isoformat()
        parameters = json.dumps(dict(message.parameters), ensure_ascii=False)
        row = (message.id, at, message.to, message.template, message.text, parameters)
        try:
            with self._database.writing() as connection:
                connection.execute(_KEEP, row)
        except Busy as busy:
            raise OSError("the outbox is busy") from busy

    def recent(self, limit: int) -> list[Sent]:
        """Return at most `limit` messages, the latest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_RECENT, (limit,)).fetchall()
        return [
            Sent(
                datetime.fromisoformat(at),
                Message(name, to, template, text, json.loads(parameters)),
            )
            for at, name, to, template, text, parameters in rows
        ]

    def close(self) -> None:
        """Close the file."""
        self._database.close()
