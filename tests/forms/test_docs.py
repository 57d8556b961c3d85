"""The forms' reference names every key, type and function there is."""

from pathlib import Path

import pytest

from forms.field_types import TYPES
from forms.form_shape import CHECK, FIELD_KEYS, FORM, PAGE, TEST
from forms.functions import FUNCTIONS
from forms.shape import Shape, check_shape
from forms.source import Source

REFERENCE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text("utf-8")


def keys_of(shape: Shape) -> list[str]:
    """Return the keys that a record names when it is given something else."""
    (flaw,) = check_shape(Source("f.yaml", 1), shape)
    return flaw.message.partition("(")[2].partition(")")[0].split(", ")


@pytest.mark.parametrize("shape", [FORM, PAGE, CHECK, TEST])
def test_every_key_has_its_line(shape: Shape) -> None:
    assert [key for key in keys_of(shape) if f"`{key}`" not in REFERENCE] == []


def test_every_field_key_type_and_function_has_its_line() -> None:
    rows = [line.split("|")[1] for line in REFERENCE.splitlines() if line.startswith("| `")]
    cells = " ".join(rows)
    assert [key for key in FIELD_KEYS if f"`{key}`" not in cells] == []
    assert [name for name in TYPES if f"`{name}`" not in cells] == []
    assert [name for name in (*FUNCTIONS, "matches") if f"`{name}(" not in cells] == []
