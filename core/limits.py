"""How often something may be tried in an hour: one counter an hour and subject."""

from datetime import datetime

from core.privacy import EVERYWHERE, Vault
from core.store import Below, Change, Conflict, Store


class TooOften(Exception):  # noqa: N818 — an answer, not a fault
    """This was tried more often than the hour allows."""


class Limits:
    """Counts tries by kind and subject (a phone, an address), which are stored as hashes."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store, self._vault = store, vault

    def count(self, kind: str, subject: str, limit: int, now: datetime) -> None:
        """Count one try; raise TooOften beyond `limit` in this hour."""
        key = (f"L#{kind}#{self._vault.fingerprint(EVERYWHERE, subject)}", f"{now:%Y%m%d%H}")
        try:
            self._store.commit(Change(key, add={"n": 1}, when=(Below("n", limit - 1),)))
        except Conflict:
            raise TooOften(kind) from None
