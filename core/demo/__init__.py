"""The sample county: what it consists of, as data."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from forms.source import read_yaml


@cache
def demo_county() -> Mapping[str, Any]:
    """Return the sample county's places, people and switches."""
    path = Path(__file__).parent / "county.yaml"
    data: Mapping[str, Any] = read_yaml(path.read_bytes(), path.name).data
    return data
