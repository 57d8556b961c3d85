"""How long things took, in buckets that grow by a tenth: what is read of them is within ±5 %.

Bucket 0 is less than a second; bucket k holds 1.1ᵏ⁻¹ seconds up to 1.1ᵏ. Ten years are bucket 206.
"""

import math
from collections.abc import Mapping

GROWTH = 1.1
MOST = 400
"""The last bucket; no case lives that long."""


def bucket_of(seconds: float) -> int:
    """Return the bucket that a span of time falls into; a clock set back counts as no time."""
    return min(1 + math.floor(math.log(seconds, GROWTH)), MOST) if seconds >= 1 else 0


def seconds_in(bucket: int) -> float:
    """Return the seconds that stand for all of a bucket: the geometric mean of its ends."""
    return float(GROWTH ** (bucket - 0.5)) if bucket else 0.0


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """Return the seconds within which `share` of all counted were done; None where none was.

    It is that of the nearest rank: the smallest that at least so many do not exceed.
    """
    rank = math.ceil(share * sum(counts.values()))
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0 < counts[bucket]:
            return seconds_in(bucket)
    return None
