"""Case ids, which are also the receipt numbers: 15 random digits and a check digit.

The check digit is ISO/IEC 7064 MOD 11,10: it catches every wrong digit and nearly every swap.
"""

import secrets

LENGTH = 16


def fresh_number() -> str:
    """Return a new receipt number."""
    digits = "".join(str(secrets.randbelow(10)) for _ in range(LENGTH - 1))
    return digits + _check_digit(digits)


def keyed_number(fingerprint: str) -> str:
    """Return the number that a keyed hash, in hex digits, stands for."""
    digits = f"{int(fingerprint, 16) % 10 ** (LENGTH - 1):0{LENGTH - 1}}"
    return digits + _check_digit(digits)


def is_number(text: str) -> bool:
    """Tell whether `text` is 16 ASCII digits with the right check digit."""
    return (
        len(text) == LENGTH
        and text.isascii()
        and text.isdigit()
        and _check_digit(text[:-1]) == text[-1]
    )


def spoken(number: str) -> str:
    """Return the number in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _check_digit(digits: str) -> str:
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
