"""Which matches are rated, at which K, and who must wait."""

import pytest

from server.core.fairness import Unrated, cooldown_ms, k_share, unrated_because

DAY_MS = 86_400_000
NOW = 10 * DAY_MS
MINUTE = 60_000


@pytest.mark.parametrize(
    ("rated_in_a_day", "share"),
    [(0, 1), (1, 1), (2, 1), (3, 0.5), (4, 0.5), (5, 0), (6, 0), (100, 0)],
)
def test_a_pair_plays_three_matches_at_full_k_two_at_half_then_none(
    rated_in_a_day: int, share: float
) -> None:
    assert k_share(rated_in_a_day) == share


@pytest.mark.parametrize(
    ("rated", "bots", "ratings", "share", "because"),
    [
        (True, False, (1500, 1500), 1, None),
        (True, False, (1500, 1500), 0.5, None),
        (True, False, (1500, 2100), 1, None),
        (True, False, (2100, 1500), 1, None),
        (True, False, (1500, 2101), 1, Unrated.GAP),
        (True, False, (2101, 1500), 1, Unrated.GAP),
        (True, False, (1500, 1500), 0, Unrated.PAIR_LIMIT),
        (True, False, (1500, 2101), 0, Unrated.GAP),
        (False, False, (1500, 1500), 1, Unrated.CASUAL),
        (False, False, (1500, 2101), 0, Unrated.CASUAL),
        (True, True, (1500, 1500), 1, Unrated.BOT),
        (False, True, (1500, 2101), 0, Unrated.BOT),
    ],
)
def test_the_first_reason_for_playing_unrated_is_told(
    rated: bool,  # noqa: FBT001 - a row
    bots: bool,  # noqa: FBT001 - a row
    ratings: tuple[int, int],
    share: float,
    because: Unrated | None,
) -> None:
    assert unrated_because(rated=rated, bots=bots, ratings=ratings, share=share) is because


@pytest.mark.parametrize(
    ("ago", "wait"),
    [
        ([], 0),
        ([0], 0),
        ([10, 0], 1 * MINUTE),
        ([0, 10], 1 * MINUTE),  # in any order
        ([20, 10, 0], 5 * MINUTE),
        ([30, 20, 10, 0], 15 * MINUTE),
        ([40, 30, 20, 10, 0], 15 * MINUTE),
        ([MINUTE + 10, MINUTE - 1], 1),
        ([MINUTE + 10, MINUTE], 0),
        ([MINUTE + 10, MINUTE + 1], 0),
        ([2 * MINUTE, 2 * MINUTE, 2 * MINUTE], 3 * MINUTE),
        ([DAY_MS - 1, 0], 1 * MINUTE),
        ([DAY_MS, 0], 0),
        ([DAY_MS + 1, 0], 0),
        ([DAY_MS, DAY_MS - 1, 0], 1 * MINUTE),
    ],
)
def test_charges_of_the_last_day_make_one_wait_from_the_latest(ago: list[int], wait: int) -> None:
    assert cooldown_ms([NOW - ms for ms in ago], NOW) == wait
