"""What cases are called wherever everybody looks: in addresses, and in the choices of a lookup.

The receipt number lets whoever filed it in, together with four digits that can be guessed: it
stands in no public page. There a case has its number enciphered, always alike; a name that was
made up is nobody's.
"""

import base64
import binascii
from dataclasses import replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from core.numbers import is_number
from core.privacy import EVERYWHERE, Vault
from forms.surroundings import Choice


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

    def number(self, told: str) -> str:
        """Return the case id behind a public name; what is none, as it is."""
        try:
            return told if is_number(told) else self.opened(told)
        except ValueError:
            return told

    def offered(self, choice: Choice) -> Choice:
        """Return a choice as everybody may see it: a case under its public name."""
        value, parent = (
            self.of(each) if is_number(each) else each for each in (choice.value, choice.parent)
        )
        return replace(choice, value=value, parent=parent)

    def _cipher(self) -> AESSIV:
        return AESSIV(self._vault.derived(EVERYWHERE, "public names"))
