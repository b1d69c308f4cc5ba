"""How much one client may ask for: token buckets."""

from msgspec import Struct


class Bucket(Struct):
    """Tokens that come back with time; `rate` a second up to `burst`. 0 lifts the limit."""

    rate: float
    burst: float
    tokens: float
    at: float
    """When `tokens` was true, monotonic seconds."""

    def take(self, now: float) -> bool:
        """Take one token at `now` (monotonic seconds); False where there is none."""
        if self.rate == 0:
            return True
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    @property
    def full(self) -> bool:
        """Whether nothing is owed, as of the last `take`."""
        return self.tokens >= self.burst - 1


def bucket(rate: float, burst: float, now: float) -> Bucket:
    """A full bucket."""
    return Bucket(rate, burst, burst, now)
