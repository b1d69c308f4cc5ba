"""The Elo rating: expected score, K and the change of one match.

The logistic curve with the FIDE steps of K (FIDE Handbook B.02, 8.3.3);
FIDE's printed table is the normal curve, so only the steps are taken from there.
"""

import math
from typing import Final

from msgspec import Struct

from server.core.ids import BySeat

START: Final = 1500
FLOOR: Final = 100
PROVISIONAL_MATCHES: Final = 10
K_NEW: Final = 40
K_USUAL: Final = 20
K_MASTER: Final = 10
NEW_MATCHES: Final = 30
MASTER_RATING: Final = 2400
MAX_GAP: Final = 600
"""Pairs further apart than this play unrated."""


class Standing(Struct, frozen=True, gc=False):
    """What a player is on one ladder, as far as rating needs it.

    `matches` counts rated ones; `peak` is the highest rating ever held there.
    """

    rating: int = START
    matches: int = 0
    peak: int = START

    @property
    def provisional(self) -> bool:
        """Whether the rating still carries its question mark."""
        return self.matches < PROVISIONAL_MATCHES


class RatingChange(Struct, frozen=True, gc=False):
    """One player's sum: `after` = `before` + k·(score − `expected`), rounded, floored."""

    before: int
    after: int
    change: int
    expected: float
    k: float


class Stake(Struct, frozen=True, gc=False):
    """What a match would change, by its outcome."""

    win: int
    draw: int
    loss: int


def expected_score(own: int, other: int) -> float:
    """The score to expect against `other`: 1 / (1 + 10^((other − own) / 400)).

    The lower side is 1 minus the higher one, which floats hold exactly, so that
    two expected scores always sum to 1 and equal K conserve points.
    """
    higher = 1 / (1 + 10 ** (-abs(own - other) / 400))
    return higher if own >= other else 1 - higher


def k_factor(standing: Standing) -> int:
    """K: 10 for good once 2400 was reached, 40 for the first 30 matches, else 20."""
    if standing.peak >= MASTER_RATING:
        return K_MASTER
    return K_NEW if standing.matches < NEW_MATCHES else K_USUAL


def round_half_away(value: float) -> int:
    """The nearest integer, halves away from zero."""
    size = abs(value)
    whole = math.floor(size)
    if size - whole >= 0.5:  # noqa: PLR2004 - a half; adding it instead would round 0.49…9 up
        whole += 1
    return whole if value >= 0 else -whole


def rating_change(
    own: Standing, other_rating: int, score: float, k_share: float = 1
) -> RatingChange:
    """What a match of `score` (1, 0.5 or 0) against `other_rating` does to `own`.

    `k_share` is the share of K that this pair still plays for (1 or 0.5).
    """
    expected = expected_score(own.rating, other_rating)
    k = k_factor(own) * k_share
    after = max(FLOOR, own.rating + round_half_away(k * (score - expected)))
    return RatingChange(own.rating, after, after - own.rating, expected, k)


def rate(standings: BySeat[Standing], score: float, k_share: float = 1) -> BySeat[RatingChange]:
    """Both changes of a match in which seat 0 scored `score`."""
    first, second = standings
    return (
        rating_change(first, second.rating, score, k_share),
        rating_change(second, first.rating, 1 - score, k_share),
    )


def stake(own: Standing, other_rating: int, k_share: float = 1) -> Stake:
    """What `own` may gain or lose against `other_rating`."""
    win, draw, loss = (
        rating_change(own, other_rating, score, k_share).change for score in (1, 0.5, 0)
    )
    return Stake(win, draw, loss)


def standard_error(matches: int) -> int:
    """By how much a rating after so many results, at least one, is uncertain either way.

    One result between equals tells 1/4 of (ln 10 / 400)² about a rating, and what results
    tell adds up, so one standard error is 400 / ln 10 · 2 / √matches.
    """
    return round_half_away(400 / math.log(10) * 2 / math.sqrt(matches))


def performance(opponent: int, score: float) -> int:
    """The rating that one result of `score` against `opponent` speaks for.

    The rating at which that score would be expected, with a draw against the same
    opponent counted in, since one win alone would speak for a rating without end.
    """
    share = (score + 0.5) / 2
    return opponent + round_half_away(400 * math.log10(share / (1 - share)))


def advance(standing: Standing, change: RatingChange) -> Standing:
    """The standing after a rated match."""
    return Standing(
        rating=change.after,
        matches=standing.matches + 1,
        peak=max(standing.peak, change.after),
    )
