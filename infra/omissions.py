"""Which plugins an installation starts without, for once: where one of them does harm."""

from collections.abc import Mapping

from core.plugins import ALL


def left_out(settings: Mapping[str, str]) -> frozenset[str]:
    """Return the plugins that `KEHOU_NO_PLUGINS` leaves out."""
    said = settings.get("KEHOU_NO_PLUGINS", "")
    if said == "1":
        return frozenset({ALL})
    return frozenset(each.strip() for each in said.split(",") if each.strip())
