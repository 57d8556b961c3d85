"""What everybody is told of a count: a step of five, so that no small number can be worked out.

Where exact numbers are told and only those below five are not, such a number is the total less the
other parts, or today's total less yesterday's. A step leaves every number told five values. So no
sum of told numbers comes to one that is not told, and a change below five is not known to be one.
What remains: where at least five parts of a whole all stand at the top of their steps and the whole
at the bottom of its own, the steps fit in one way only.
"""

from decimal import Decimal

STEP = 5
"""Below this nothing is told; above it, the multiple that was reached."""
_SHARES = 20
"""Shares are told in twentieths."""


def told_count(n: int) -> int | None:
    """Return the step that a count has reached, None for one below the first."""
    return n // STEP * STEP if n >= STEP else None


def told_share(part: int, whole: int) -> Decimal | None:
    """Return the twentieth that a share has reached, None for one of fewer than STEP."""
    return Decimal(part * _SHARES // whole) / _SHARES if whole >= STEP else None
