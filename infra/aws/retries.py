"""Asking AWS again: what is worth it, how often, how long between."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004

_T = TypeVar("_T")
TRIES = 9
"""How often a call is made in all."""
_FIRST, _LONGEST = 0.025, 0.8
"""Seconds: the bound of the first pause, doubled each time, and the highest bound."""
_CROWDED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_FAILED = frozenset({"InternalServerError", "InternalFailure", "ServiceUnavailable"})


def pauses() -> Iterator[None]:
    """Yield once for each try, sleeping between two: full jitter, doubled bound, 1.2 s in mean."""
    for attempt in range(TRIES):
        if attempt:
            bound = min(_LONGEST, _FIRST * 2 ** (attempt - 1))
            time.sleep(random.uniform(0, bound))  # noqa: S311 — spreads callers, guards nothing
        yield


def is_crowded(error: Exception) -> bool:
    """Tell whether AWS refused for contention or throttling alone: then nothing was written."""
    if not isinstance(error, ClientError):
        return False
    if _code(error) != "TransactionCanceledException":
        return _code(error) in _CROWDED
    codes = {reason.get("Code", "None") for reason in cancellation(error)} - {"None"}
    return bool(codes) and codes <= _CROWDED


def is_uncertain(error: Exception) -> bool:
    """Tell whether the call may or may not have been carried out: no answer, or AWS's own fault."""
    return isinstance(error, HTTPClientError | ConnectionError) or (
        isinstance(error, ClientError) and _code(error) in _FAILED
    )


def cancellation(error: ClientError) -> list[Mapping[str, Any]]:
    """Return why each write of a cancelled transaction failed (code `None` where it did not)."""
    reasons: list[Mapping[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return reasons


def persistently(call: Callable[[], _T]) -> _T:
    """Return what `call`, which must be safe to repeat, answers; the last error where none came."""
    for _ in pauses():
        try:
            return call()
        except (ClientError, BotoCoreError) as error:
            if not (is_crowded(error) or is_uncertain(error)):
                raise
            last = error
    raise last


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
