"""What cases are called in addresses that everybody sees.

The receipt number lets whoever filed it in, together with four digits that can be guessed: it
stands in no public address. A rule with `<public:case_id>` shows the number enciphered, always
alike, and hands the number itself to the page; an address that was made up leads nowhere.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import Flask
from werkzeug.routing import BaseConverter, Map, ValidationError

from core.privacy import EVERYWHERE, Vault


class PublicNames:
    """Enciphers receipt numbers under a key of the installation, and back."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def of(self, case_id: str) -> str:
        """Return a case's public name: 52 letters and digits."""
        hidden = self._cipher().encrypt(case_id.encode(), [])
        return base64.b32encode(hidden).decode().rstrip("=").lower()

    def opened(self, name: str) -> str:
        """Return the case id behind a public name; raise ValueError for what is none."""
        padded = name.upper() + "=" * (-len(name) % 8)
        try:
            case_id = self._cipher().decrypt(base64.b32decode(padded), []).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise ValueError(name) from error
        if self.of(case_id) != name:  # the last letter has bits to spare
            raise ValueError(name)
        return case_id

    def _cipher(self) -> AESSIV:
        return AESSIV(self._vault.derived(EVERYWHERE, "public names"))


def init_app(app: Flask, vault: Vault) -> None:
    """Let rules say `<public:case_id>`."""
    names = PublicNames(vault)

    class Public(BaseConverter):
        regex = "[a-z2-7]{20,80}"

        def __init__(self, url_map: Map) -> None:
            super().__init__(url_map)

        def to_python(self, value: str) -> str:
            try:
                return names.opened(value)
            except ValueError:
                raise ValidationError from None

        def to_url(self, value: str) -> str:
            return names.of(value)

    app.url_map.converters["public"] = Public
