"""Elo, by literal rows, by laws and against an independent library."""

# ruff: noqa: S311 - a test wants the same numbers again

from random import Random

import pytest
from elote import EloCompetitor
from hypothesis import assume, given

from server.core.elo import (
    RatingChange,
    Stake,
    Standing,
    advance,
    expected_score,
    k_factor,
    rate,
    rating_change,
    round_half_away,
    stake,
    standard_error,
)
from tests.core.strategies import k_shares, ratings, scores, standings

NEW, USUAL, MASTER = Standing(), Standing(matches=30), Standing(matches=99, peak=2400)
"""Standings of K 40, 20 and 10."""


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [  # computed with 60 digits of `decimal`
        (1500, 1500, 0.5),
        (1500, 1501, 0.49856088829084717854),
        (1510, 1500, 0.51438718416599865646),
        (1600, 1500, 0.64006499980288508076),
        (1500, 1700, 0.24025307335204214800),
        (1900, 1500, 0.90909090909090909091),
        (1500, 1900, 0.09090909090909090909),
        (1400, 2000, 0.03065343003171550883),
        (2000, 1400, 0.96934656996828449117),
        (100, 2900, 9.999999000e-8),
    ],
)
def test_the_expected_score_follows_the_logistic_curve(
    own: int, other: int, expected: float
) -> None:
    assert expected_score(own, other) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("rating", "other", "kind", "k_share", "score", "after"),
    [  # computed with 60 digits of `decimal`; the unrounded change beside it
        (1500, 1500, NEW, 1, 1, 1520),
        (1500, 1500, NEW, 1, 0.5, 1500),
        (1500, 1500, NEW, 1, 0, 1480),
        (1520, 1480, NEW, 1, 1, 1538),  # 17.707535
        (1480, 1520, NEW, 1, 1, 1502),  # 22.292465
        (1480, 1520, NEW, 1, 0.5, 1482),  # 2.292465
        (1500, 1600, USUAL, 1, 1, 1513),  # 12.801300
        (1500, 1600, USUAL, 1, 0, 1493),  # -7.198700
        (1700, 1500, USUAL, 1, 1, 1705),  # 4.805061
        (1700, 1500, USUAL, 1, 0.5, 1695),  # -5.194939
        (1436, 1500, USUAL, 1, 1, 1448),  # 11.821512
        (2400, 2300, MASTER, 1, 1, 2404),  # 3.599350
        (2400, 2300, MASTER, 1, 0, 2394),  # -6.400650
        (1900, 1500, NEW, 1, 0, 1864),  # -36.363636
        (1500, 1900, NEW, 1, 1, 1536),  # 36.363636
        (1400, 2000, USUAL, 1, 1, 1419),  # 19.386931
        (2000, 1400, USUAL, 1, 0, 1981),  # -19.386931
        (1500, 1500, NEW, 0.5, 1, 1510),
        (1500, 1500, MASTER, 0.5, 1, 1503),  # 2.5: away from zero
        (1500, 1500, MASTER, 0.5, 0, 1497),  # -2.5: away from zero
        (1501, 1500, MASTER, 0.5, 1, 1503),  # 2.492804
        (1500, 1501, MASTER, 0.5, 1, 1503),  # 2.507196
        (119, 119, NEW, 1, 0, 100),  # the floor
        (120, 120, NEW, 1, 0, 100),
        (121, 121, NEW, 1, 0, 101),
        (100, 100, NEW, 1, 0, 100),
        (100, 100, NEW, 1, 1, 120),
    ],
)
def test_a_match_changes_the_rating_as_its_row_says(
    rating: int, other: int, kind: Standing, k_share: float, score: float, after: int
) -> None:
    own = Standing(rating, kind.matches, kind.peak)
    change = rating_change(own, other, score, k_share)
    assert (change.before, change.after, change.change) == (rating, after, after - rating)
    assert change.expected == expected_score(rating, other)
    assert change.k == k_factor(own) * k_share


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.0, 0),
        (0.49999999999999994, 0),
        (-0.49999999999999994, 0),
        (0.5, 1),
        (-0.5, -1),
        (1.5, 2),
        (-1.5, -2),
        (2.5, 3),
        (-2.5, -3),
        (2.4999, 2),
        (-2.4999, -2),
        (2.5001, 3),
        (-19.6, -20),
        (7.0, 7),
        (-7.0, -7),
    ],
)
def test_halves_are_rounded_away_from_zero(value: float, rounded: int) -> None:
    assert round_half_away(value) == rounded


@pytest.mark.parametrize(
    ("matches", "peak", "k"),
    [
        (0, 1500, 40),
        (29, 1500, 40),
        (30, 1500, 20),
        (500, 2399, 20),
        (500, 2400, 10),
        (29, 2399, 40),
        (29, 2400, 10),
        (0, 2400, 10),
    ],
)
def test_k_steps_down_with_matches_and_at_2400(matches: int, peak: int, k: int) -> None:
    assert k_factor(Standing(1500, matches, peak)) == k


def test_k_stays_10_for_good_after_falling_below_2400() -> None:
    standing = Standing(2399, 40, 2399)
    ks = []
    for score in (1, 0, 0, 0):
        change = rating_change(standing, 2399, score)
        ks.append(change.k)
        standing = advance(standing, change)
    assert ks == [20, 10, 10, 10]
    assert standing.rating < 2400
    assert standing.peak == 2409


def test_a_match_is_counted_and_the_peak_only_rises() -> None:
    won = advance(Standing(1500, 4, 1510), RatingChange(1500, 1520, 20, 0.5, 40))
    assert won == Standing(1520, 5, 1520)
    lost = advance(won, RatingChange(1520, 1499, -21, 0.5, 40))
    assert lost == Standing(1499, 6, 1520)


@pytest.mark.parametrize(("matches", "provisional"), [(0, True), (9, True), (10, False)])
def test_a_rating_is_provisional_for_ten_matches(matches: int, *, provisional: bool) -> None:
    assert Standing(matches=matches).provisional is provisional


def test_everybody_starts_at_1500() -> None:
    assert Standing() == Standing(rating=1500, matches=0, peak=1500)


@given(ratings, ratings)
def test_two_expected_scores_sum_to_one_exactly(one: int, two: int) -> None:
    assert expected_score(one, two) + expected_score(two, one) == 1


@given(standings, standings, scores, k_shares)
def test_equal_k_away_from_the_floor_conserves_the_sum(
    one: Standing, two: Standing, score: float, k_share: float
) -> None:
    assume(k_factor(one) == k_factor(two))
    assume(min(one.rating, two.rating) >= 140)
    first, second = rate((one, two), score, k_share)
    assert first.change + second.change == 0
    assert first.after + second.after == one.rating + two.rating


@given(standings, standings, scores, k_shares)
def test_the_stake_is_what_the_match_gives(
    one: Standing, two: Standing, score: float, k_share: float
) -> None:
    change = rate((one, two), score, k_share)[0].change
    staked = stake(one, two.rating, k_share)
    assert {1: staked.win, 0.5: staked.draw, 0: staked.loss}[score] == change
    assert staked.win >= staked.draw >= staked.loss


def test_the_stake_names_win_draw_and_loss() -> None:
    assert stake(Standing(1480), 1520) == Stake(win=22, draw=2, loss=-18)


@given(standings, standings, scores, k_shares)
def test_no_rating_falls_below_the_floor(
    one: Standing, two: Standing, score: float, k_share: float
) -> None:
    assert all(change.after >= 100 for change in rate((one, two), score, k_share))


@given(standings, standings, scores, k_shares)
def test_swapping_the_seats_swaps_the_changes(
    one: Standing, two: Standing, score: float, k_share: float
) -> None:
    first, second = rate((one, two), score, k_share)
    assert rate((two, one), 1 - score, k_share) == (second, first)


def test_ten_thousand_pairs_agree_with_an_independent_library() -> None:
    rng = Random(20_000)
    for _ in range(10_000):
        own = Standing(rng.randint(150, 3000), rng.randint(0, 60), rng.randint(1500, 2600))
        other = rng.randint(150, 3000)
        score = rng.choice((1, 0.5, 0))
        k_share = rng.choice((1, 0.5))
        k = (10 if own.peak >= 2400 else 40 if own.matches < 30 else 20) * k_share
        theirs, rival = EloCompetitor(own.rating, k), EloCompetitor(other, k)
        change = rating_change(own, other, score, k_share)
        assert change.expected == pytest.approx(theirs.expected_score(rival), abs=1e-12)
        if score == 0.5:
            theirs.tied(rival)
        else:
            winner, loser = (theirs, rival) if score else (rival, theirs)
            winner.beat(loser)
        unrounded = theirs.rating - own.rating
        half = abs(abs(unrounded) % 1 - 0.5) < 1e-9
        assert abs(change.change - unrounded) <= 0.5 + 1e-9
        assert half or change.change == round(unrounded)


@pytest.mark.parametrize(("matches", "either_way"), [(1, 347), (4, 174), (9, 116)])
def test_a_rating_is_less_uncertain_with_every_match(matches: int, either_way: int) -> None:
    assert standard_error(matches) == either_way
