"""Field types written as text: words, phone, email, web address."""

import re
import unicodedata
from typing import Any
from urllib.parse import SplitResult, urlsplit

from forms.fields import Field, FieldType
from forms.messages import problem
from forms.surroundings import Surroundings

LINE = 200
PARAGRAPHS = 4000
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_DEMO_PHONE = re.compile(r"000000[0-9]{5}")
_SPACING = re.compile(r"[\s\-()·]+")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_MAX_URL = 500
_MAX_EMAIL = 254
_MAX_LOCAL = 64


def tidy(raw: str, *, lines: bool = False) -> str:
    """Return text in NFC without outer space, control and direction characters.

    Line breaks stay where `lines` is true and become spaces where not.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = text.replace("\n", " ")
    kept = (one for one in text.replace("\t", " ") if one == "\n" or not _unfit(one))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _unfit(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTION


def narrow(raw: str) -> str:
    """Return text with full-width letters, digits and signs made plain (NFKC), tidied."""
    return tidy(unicodedata.normalize("NFKC", tidy(raw)))


def clean_text(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a text of one line (200 characters unless the field says otherwise)."""
    return _sized(raw, field, around, most=field.max_length or LINE)


def clean_long_text(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a text of several lines (4000 characters unless the field says otherwise)."""
    return _sized(raw, field, around, most=field.max_length or PARAGRAPHS, lines=True)


def _sized(raw: Any, field: Field, around: Surroundings, *, most: int, lines: bool = False) -> Any:
    if raw is None:
        return None
    if not isinstance(raw, str):
        return problem("not_text", around.language)
    text = tidy(raw, lines=lines)
    if len(text) > most:
        return problem("too_long", around.language, limit=most)
    if text and len(text) < field.min_length:
        return problem("too_short", around.language, limit=field.min_length)
    return text or None


def clean_phone(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a mainland mobile number to its 11 digits; +86, spaces and hyphens may be typed."""
    text = _sized(raw, field, around, most=LINE)
    if not isinstance(text, str):
        return text
    digits = _SPACING.sub("", narrow(text))
    if _DEMO_PHONE.fullmatch(digits):
        return digits if around.demo else problem("phone", around.language)
    digits = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", digits)
    return digits if _PHONE.fullmatch(digits) else problem("phone", around.language)


def clean_email(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean an email address; its domain is written small."""
    text = _sized(raw, field, around, most=_MAX_EMAIL)
    if not isinstance(text, str):
        return text
    local, at, domain = narrow(text).rpartition("@")
    dotted = [part for part in domain.split(".") if part]
    good = (
        at and local and "@" not in local and len(local) <= _MAX_LOCAL and " " not in local + domain
    )
    if not good or len(dotted) < 2 or len(dotted) != domain.count(".") + 1:  # noqa: PLR2004
        return problem("email", around.language)
    return f"{local}@{domain.lower()}"


def clean_url(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a web address, http or https; without either it is https. Its host is written small.

    A host is a name with a dot, in letters of any script, which becomes ASCII (IDNA); never an
    address in digits, a user name or a port.
    """
    text = _sized(raw, field, around, most=_MAX_URL)
    if not isinstance(text, str):
        return text
    return web_address(narrow(text)) or problem("url", around.language)


def web_address(written: str) -> str:
    """Return a web address as it is kept, "" for what is none; see `clean_url`."""
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return ""
    if not _is_address(parts, host) or re.search(r"[\s\\]", written):
        return ""
    return parts._replace(netloc=host).geturl()


def _is_address(parts: SplitResult, host: str) -> bool:
    plain = parts.scheme in ("http", "https") and parts.netloc.lower() == parts.hostname
    return plain and bool(_HOST.fullmatch(host))


_LENGTHS = frozenset({"min_length", "max_length", "placeholder", "autocomplete", "example"})
_TYPED = frozenset({"placeholder", "autocomplete", "example"})
TYPES = (
    FieldType("text", "text", clean_text, "text", _LENGTHS),
    FieldType("long_text", "text", clean_long_text, "textarea", _LENGTHS),
    FieldType("phone", "text", clean_phone, "phone", _TYPED),
    FieldType("email", "text", clean_email, "email", _TYPED),
    FieldType("url", "text", clean_url, "url", _TYPED),
)
