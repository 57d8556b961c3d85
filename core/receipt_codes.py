"""The code that guards a receipt where the last four digits of a telephone cannot (ADR 31).

Who leaves no telephone has no digits to tell; and where a telephone is closed to the officers of
a case, its digits would be a question whose answer they can try out: a school knows its parents'.
"""

from collections.abc import Mapping
from typing import Any

from core.privacy import Vault
from core.subjects import phone_in
from forms.definition import Form

_DIGITS = 8


def needs_code(form: Form, data: Mapping[str, Any]) -> bool:
    """Tell whether a submission is followed up by a code, not by digits of its telephone."""
    phones = [each for each in form.fields.values() if each.type.name == "phone"]
    return not phone_in(form, data) or any(each.readers for each in phones)


def code_of(vault: Vault, county: str, case_id: str) -> str:
    """Return a case's code: eight digits worked out from the number by a key of the county's."""
    told = vault.fingerprint(county, f"code|{case_id}")
    return f"{int(told, 16) % 10**_DIGITS:0{_DIGITS}}"
