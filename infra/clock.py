"""The machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """The clock of the machine we run on."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)
