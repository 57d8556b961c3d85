"""Numbers that identify: of residents (GB 11643) and of organisations (GB 32100).

Both have 18 characters, the last one a check. The region digits are not looked up: people and
organisations keep the numbers of regions long renamed.
"""

import re
from typing import Any

from forms.fields import Field, FieldType
from forms.functions import birth_date
from forms.messages import problem
from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.text_types import LINE, narrow

LENGTH = 18
_OLD_LENGTH = 15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


def check_character(first: str) -> str:
    """Return the check character (ISO 7064 MOD 11-2) for the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True))
    return _CHECKS[total % 11]


def clean_cn_id(raw: Any, _: Field, around: Surroundings) -> Any:
    """Clean an identity number to 18 characters with a capital X."""
    if raw is None:
        return None
    if not isinstance(raw, str) or len(raw) > LINE:
        return problem("cn_id_other_document", around.language)
    number = re.sub(r"[\s\-]", "", narrow(raw)).upper()
    return _flawed(number, around) or number if number else None


def _flawed(number: str, around: Surroundings) -> Problem | None:
    code = ""
    if not _SHAPE.fullmatch(number):
        return _misshapen(number, around)
    born = birth_date(number)
    if born is None or born > around.today:
        code = "cn_id_birth_date"
    elif check_character(number[:-1]) != number[-1]:
        code = "cn_id_check_digit"
    return problem(code, around.language) if code else None


def _misshapen(number: str, around: Surroundings) -> Problem:
    digits = number.removesuffix("X")
    if not (digits.isascii() and digits.isdigit()) or len(number) == LENGTH:
        return problem("cn_id_other_document", around.language)
    if len(number) == _OLD_LENGTH:
        return problem("cn_id_old", around.language)
    return problem("cn_id_length", around.language, count=len(number))


_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_SHAPE = re.compile(rf"[{_CREDIT}]{{2}}[0-9]{{6}}[{_CREDIT}]{{10}}")


def credit_check(first: str) -> str:
    """Return the check character of a unified social credit code's first 17."""
    pairs = zip(_CREDIT_WEIGHTS, first, strict=True)
    total = sum(weight * _CREDIT.index(one) for weight, one in pairs)
    return _CREDIT[-total % 31]


def clean_uscc(raw: Any, _: Field, around: Surroundings) -> Any:
    """Clean a unified social credit code to 18 capitals and digits; I O S V Z never occur."""
    if raw is None:
        return None
    if not isinstance(raw, str) or len(raw) > LINE:
        return problem("uscc_shape", around.language)
    code = re.sub(r"[\s\-]", "", narrow(raw)).upper()
    if not code:
        return None
    if len(code) != LENGTH:
        return problem("uscc_length", around.language, count=len(code))
    if not _CREDIT_SHAPE.fullmatch(code):
        return problem("uscc_shape", around.language)
    return code if credit_check(code[:-1]) == code[-1] else problem("uscc_check", around.language)


_TYPED = frozenset({"placeholder", "autocomplete", "example"})
TYPES = (
    FieldType("cn_id", "text", clean_cn_id, "cn_id", _TYPED),
    FieldType("uscc", "text", clean_uscc, "uscc", _TYPED),
)
