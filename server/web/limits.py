"""How much one client may ask for: token buckets."""

from typing import Final

from msgspec import Struct


class Bucket(Struct):
    """Tokens that come back with time; `rate` a second up to `burst`. 0 lifts the limit."""

    rate: float
    burst: float
    tokens: float
    at: float
    """When `tokens` was true, monotonic seconds."""

    def take(self, now: float, cost: int = 1) -> bool:
        """Take tokens at `now` (monotonic seconds); False where there are not so many."""
        if self.rate == 0:
            return True
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < cost:
            return False
        self.tokens -= cost
        return True

    @property
    def full(self) -> bool:
        """Whether nothing is owed, as of the last `take`."""
        return self.tokens >= self.burst - 1


def bucket(rate: float, burst: float, now: float) -> Bucket:
    """A full bucket."""
    return Bucket(rate, burst, burst, now)


class Pace:
    """A bucket for each of many callers; all are forgotten when they are too many."""

    MOST: Final = 10_000

    def __init__(self, rate: float, burst: float) -> None:
        self._rate: Final = rate
        self._burst: Final = burst
        self._buckets: Final[dict[str, Bucket]] = {}

    def take(self, caller: str, now: float, cost: int = 1) -> bool:
        """Take a caller's tokens at `now` (monotonic seconds); False where there are too few."""
        if len(self._buckets) >= self.MOST:
            self._buckets.clear()
        found = self._buckets.setdefault(caller, bucket(self._rate, self._burst, now))
        return found.take(now, cost)
