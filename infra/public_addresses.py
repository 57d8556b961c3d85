"""Which addresses lie on the public internet, and what a web address leads to."""

import re
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

from core.ports import Unreachable

Address = IPv4Address | IPv6Address
DOORS: Mapping[str, int] = {"http": 80, "https": 443}
"""The port of each scheme that is asked, and no other."""
_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("168.63.129.16/32"),
    IPv6Network("3fff::/20"),
)
"""What `ipaddress` takes for public, in some versions, and a cloud uses for itself."""
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")
"""A host that the system's resolver may take for an address: 2130706433, 0177.1, 0x7f000001."""
_SAFE = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a web address leads: `host` is its own name, `at` what to ask for there."""

    scheme: str
    host: str
    at: str
    netloc: str

    @property
    def literal(self) -> Address | None:
        """The address, where one stands in place of a name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def target_of(url: str, doors: Mapping[str, int] = DOORS) -> Target:
    """Take a web address apart; raise Unreachable (`refused`) for what is never asked."""
    try:
        parts = urlsplit(url)
        host, port = _ascii(parts), parts.port
        query = f"?{quote(parts.query, _SAFE)}" if parts.query else ""
        at = (quote(parts.path, _SAFE) or "/") + query
    except ValueError:  # UnicodeError as well
        raise Unreachable("refused") from None
    wrong_port = port not in (None, doors.get(parts.scheme))
    if parts.scheme not in doors or "@" in parts.netloc or wrong_port or not host:
        raise Unreachable("refused")
    said = f"[{host}]" if ":" in host else host
    return Target(parts.scheme, host, at, said if port is None else f"{said}:{port}")


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, unwrapped from what may hold it."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None or address.is_site_local:
            return within is not None and is_public(within)
    if any(address in each for each in _SPECIAL if each.version == address.version):
        return False
    odd = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not odd


def vetted(
    target: Target,
    resolve: Callable[[str], Sequence[str]],
    allowed: Callable[[Address], bool] = is_public,
) -> list[Address]:
    """Return the addresses of a target, resolved once; raise Unreachable if any is not allowed."""
    found = [target.literal] if target.literal else [ip_address(e) for e in resolve(target.host)]
    if not found:
        raise Unreachable("unknown")
    if not all(map(allowed, found)):
        raise Unreachable("private")
    return found


def addresses_of(host: str, seconds: float = 5.0) -> list[str]:
    """Return what the system's resolver says of a name; nothing where it knows none in time.

    The resolver itself keeps no time, so it is left behind in its thread.
    """
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(_resolved(host)), daemon=True)
    thread.start()
    thread.join(seconds)
    return [*found]


def _resolved(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


def _ascii(parts: SplitResult) -> str:
    """Return the host as it is asked for, "" where it is none; raise ValueError for nonsense."""
    host = parts.hostname or ""
    if ":" in host:
        return "" if "%" in host else str(ip_address(host))
    host = host.encode("idna").decode().lower().removesuffix(".")
    if _NUMBER.fullmatch(host):
        return str(IPv4Address(host))
    return host if _HOST.fullmatch(host) else ""
