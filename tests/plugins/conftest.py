"""The installations that the core's tests use, for the tests of plugins."""

from tests.core.conftest import built, house, make_house

__all__ = ["built", "house", "make_house"]
