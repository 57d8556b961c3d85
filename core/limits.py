"""How often something may be tried in an hour, or a day: one counter a window and subject."""

from datetime import datetime

from core.moments import local_date
from core.privacy import EVERYWHERE, Vault
from core.store import Below, Change, Conflict, Key, Store


class TooOften(Exception):  # noqa: N818 — an answer, not a fault
    """This was tried more often than the hour allows."""


class Limits:
    """Counts tries by kind and subject (a phone, an address), which are stored as hashes."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store, self._vault = store, vault

    def count(self, kind: str, subject: str, limit: int, now: datetime) -> None:
        """Count one try; raise TooOften beyond `limit` in this hour."""
        key = self._key(kind, subject, f"{now:%Y%m%d%H}")
        try:
            self._store.commit(Change(key, add={"n": 1}, when=(Below("n", limit - 1),)))
        except Conflict:
            raise TooOften(kind) from None

    def counted_today(self, kind: str, subject: str, now: datetime) -> int:
        """Return how often something was counted on this day, in China."""
        [found] = self._store.get(self._key(kind, subject, f"{local_date(now):%Y%m%d}"))
        return int(found["n"]) if found else 0

    def count_today(self, kind: str, subject: str, now: datetime) -> None:
        """Count something that was done on this day, in China."""
        self._store.commit(
            Change(self._key(kind, subject, f"{local_date(now):%Y%m%d}"), add={"n": 1})
        )

    def _key(self, kind: str, subject: str, window: str) -> Key:
        return (f"L#{kind}#{self._vault.fingerprint(EVERYWHERE, subject)}", window)
