"""Limits on how often somebody may try: the counting of `limits`, one limiter for every door."""

from datetime import timedelta
from math import ceil

from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from medibook.kernel.errors import TooManyAttempts


class Throttle:
    """Counts attempts in memory, or in Redis where several workers must share the count."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(
            storage_from_string(redis_url or "memory://")
        )

    def hit(self, what: str, whom: str, *, times: int, within: timedelta) -> None:
        """Count one attempt; raises TooManyAttempts past ``times`` of them ``within``."""
        rule = RateLimitItemPerSecond(times, int(within.total_seconds()))
        if not self._limiter.hit(rule, what, whom):
            raise TooManyAttempts(minutes=ceil(within.total_seconds() / 60))

    def forget(self, what: str, whom: str, *, times: int, within: timedelta) -> None:
        """Start counting anew, as after a right password."""
        self._limiter.clear(RateLimitItemPerSecond(times, int(within.total_seconds())), what, whom)
