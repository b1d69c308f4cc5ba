"""How a match went for one player, and what that does to a streak."""

import pytest

from server.core.outcome import Went, streak_after, went_of

WON, DRAWN, LOST = Went.WON, Went.DRAWN, Went.LOST


@pytest.mark.parametrize(("score", "went"), [(1, WON), (0.5, DRAWN), (0, LOST)])
def test_a_score_is_a_win_a_draw_or_a_loss(score: float, went: Went) -> None:
    assert went_of(score) is went


@pytest.mark.parametrize(
    ("before", "went", "after"),
    [
        (0, WON, 1),
        (2, WON, 3),
        (-2, WON, 1),
        (0, LOST, -1),
        (-2, LOST, -3),
        (2, LOST, -1),
        (3, DRAWN, 0),
        (-3, DRAWN, 0),
    ],
)
def test_a_streak_goes_on_or_begins_anew_and_a_draw_ends_it(
    before: int, went: Went, after: int
) -> None:
    assert streak_after(before, went) == after
