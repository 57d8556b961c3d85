"""Encryption and keyed hashes of personal data (DESIGN §7).

A data key serves one county and one month; the Keys port wraps it, the store keeps the wrapping
at `K#county` / month. Ciphertexts name their month and are bound by AES-GCM to where they belong,
so a value copied to another case or field does not open.
"""

import base64
import hmac
import os
from collections import OrderedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.ports import Clock, Keys
from core.store import Absent, Conflict, Put, Store

EVERYWHERE = "-"
"""The scope of keys that serve the whole installation: phones, sign-in codes."""

_EQUALITY = "equality"
_CACHED_KEYS = 64
_NONCE = 12


class Vault:
    """Seals and opens values, and gives keyed hashes by which equal values are found."""

    def __init__(self, store: Store, keys: Keys, clock: Clock) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self._cache: OrderedDict[str, bytes] = OrderedDict()

    def seal(self, scope: str, binding: str, text: str) -> str:
        """Return `text` encrypted under this month's key of `scope` (a county's slug)."""
        return base64.b64encode(self.seal_bytes(scope, binding, text.encode())).decode()

    def open(self, scope: str, binding: str, sealed: str) -> str:
        """Return the text; raise ValueError where it was sealed for another place."""
        return self.open_bytes(scope, binding, base64.b64decode(sealed)).decode()

    def seal_bytes(self, scope: str, binding: str, content: bytes) -> bytes:
        """Return the month, a nonce and the ciphertext in one run of bytes."""
        month, nonce = self._clock.now().strftime("%Y-%m"), os.urandom(_NONCE)
        cipher = AESGCM(self._key(scope, month))
        return month.encode() + nonce + cipher.encrypt(nonce, content, _bound(scope, binding))

    def open_bytes(self, scope: str, binding: str, sealed: bytes) -> bytes:
        """Undo `seal_bytes`; raise ValueError where the binding differs."""
        month, nonce, ciphertext = sealed[:7].decode(), sealed[7:19], sealed[19:]
        try:
            cipher = AESGCM(self._key(scope, month))
            return cipher.decrypt(nonce, ciphertext, _bound(scope, binding))
        except InvalidTag:
            raise ValueError(f"sealed elsewhere: {binding}") from None

    def fingerprint(self, scope: str, text: str) -> str:
        """Return the keyed hash by which equal values in `scope` are known; 32 hex digits."""
        key = self._key(scope, _EQUALITY)
        return hmac.digest(key, text.encode(), "sha256").hex()[:32]

    def derived(self, scope: str, purpose: str) -> bytes:
        """Return a 32-byte secret that is always the same for this scope and purpose."""
        key = self._key(scope, _EQUALITY)
        return hmac.digest(key, f"purpose|{purpose}".encode(), "sha256")

    def _key(self, scope: str, month: str) -> bytes:
        name = f"{scope}|{month}"
        key = self._cache.get(name)
        if key is None:
            key = self._cache[name] = self._fetch(scope, month)
            if len(self._cache) > _CACHED_KEYS:
                self._cache.popitem(last=False)
        return key

    def _fetch(self, scope: str, month: str) -> bytes:
        context = f"{scope}|{month}"
        [kept] = self._store.get((f"K#{scope}", month))
        if kept:
            return self._keys.unwrap(kept["wrapped"], context)
        key, wrapped = self._keys.new(context)
        item = {"pk": f"K#{scope}", "sk": month, "wrapped": wrapped}
        try:
            self._store.commit(Put(item, (Absent(),)))
        except Conflict:
            return self._fetch(scope, month)
        return key


def _bound(scope: str, binding: str) -> bytes:
    return f"{scope}|{binding}".encode()


def mask(text: str, lead: int = 1, tail: int = 2) -> str:
    """Return `text` with its middle hidden: 1•••••••04."""
    if len(text) <= lead + tail:
        return "•" * len(text)
    return text[:lead] + "•" * min(len(text) - lead - tail, 7) + text[-tail:]
