"""Which names a file may have, the same in a folder and in a bucket."""

import re

_NAME = re.compile(r"[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*")


def sound_name(name: str) -> str:
    """Return the name; raise ValueError unless it is letters, digits and `-`, parted by `/`."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"a file's name is letters, digits, / and -, not {name!r}")
    return name
