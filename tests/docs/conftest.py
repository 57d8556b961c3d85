"""The sample county, for what the docs say of it."""

from tests.core.conftest import built, make_house

__all__ = ["built", "make_house"]
