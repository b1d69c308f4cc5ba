"""Which matches count for rating, and how long who left early must wait."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from server.core.elo import MAX_GAP

DAY_MS: Final = 24 * 60 * 60 * 1000
FULL_K_MATCHES: Final = 3
HALF_K_MATCHES: Final = 2
MINUTE_MS: Final = 60_000
WAITS_MS: Final = (0, 1 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS)
"""Wait after the first, second, third and every later charge within 24 hours."""


class Unrated(StrEnum):
    """Why a match does not move ratings; the words of the wire contract."""

    CASUAL = "casual"
    GAP = "gap"
    PAIR_LIMIT = "pair_limit"
    BOT = "bot"


def k_share(rated_in_a_day: int) -> float:
    """The share of K that a pair plays for after so many rated matches in 24 hours.

    Three at full K, two more at half, then none (product.md, "Elo").
    """
    if rated_in_a_day < FULL_K_MATCHES:
        return 1
    return 0.5 if rated_in_a_day < FULL_K_MATCHES + HALF_K_MATCHES else 0


def unrated_because(
    *, rated: bool, bots: bool, ratings: tuple[int, int], share: float
) -> Unrated | None:
    """Why this pair's match is unrated, or None when it counts.

    `bots` is whether either side is one; `share` what `k_share` said of the pair.
    """
    if bots:
        return Unrated.BOT
    if not rated:
        return Unrated.CASUAL
    if abs(ratings[0] - ratings[1]) > MAX_GAP:
        return Unrated.GAP
    return Unrated.PAIR_LIMIT if share == 0 else None


def cooldown_ms(charges_at: Sequence[int], now: int) -> int:
    """How long until the next rated seek, given the instants of a player's charges.

    Only those of the last 24 hours count: the first is free, then 1, 5 and 15
    minutes from the latest one. 0 when the player may seek.
    """
    recent = [at for at in charges_at if now - at < DAY_MS]
    if not recent:
        return 0
    wait = WAITS_MS[min(len(recent), len(WAITS_MS)) - 1]
    return max(0, max(recent) + wait - now)
