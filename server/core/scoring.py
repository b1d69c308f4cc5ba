"""Points for one answer: right beats quick, and quick breaks the tie."""

from typing import Final

FREE_MS: Final = 300
"""Nobody reads a card faster than this, so the first 300 ms cost nothing."""


def points(elapsed_ms: int, limit_ms: int) -> int:
    """Points of a right answer after `elapsed_ms` of a round of `limit_ms`.

    1000·(1 − x/2T) rounded half up, with x = max(0, t − 300), in integers:
    1000 down to 500. A wrong or missing answer is 0 and never comes here.
    (product.md, "A challenge match")
    """
    x = max(0, elapsed_ms - FREE_MS)
    return (2001 * limit_ms - 1000 * x) // (2 * limit_ms)
