"""A card's history: reviews are added, and the oldest of many are folded, without a trace."""

from random import Random

import pytest

from server.core.schedule import (
    LATEST_REVIEWS,
    MOST_REVIEWS,
    History,
    How,
    Review,
    ReviewId,
    add,
    schedule,
)

DAY_MS = 86_400_000


def many(count: int) -> list[Review]:
    """Reviews some days apart, each third a miss, in all forms."""
    forms = list(How)
    return [
        Review(ReviewId(f"r{number}"), number * 3 * DAY_MS, forms[number % 5], number % 3 > 0)
        for number in range(1, count + 1)
    ]


FULL = many(MOST_REVIEWS)
OVER = many(MOST_REVIEWS + 1)


def test_a_history_of_nothing_has_no_schedule() -> None:
    assert add(History(), []).schedule is None


def test_up_to_the_most_every_review_is_kept_word_by_word() -> None:
    assert add(History(), FULL) == History(None, tuple(FULL))


def test_with_one_more_all_but_the_latest_are_folded() -> None:
    history = add(History(), OVER)
    assert history.folded == schedule(OVER[:-LATEST_REVIEWS])
    assert history.reviews == tuple(OVER[-LATEST_REVIEWS:])


@pytest.mark.parametrize("count", [1, MOST_REVIEWS, MOST_REVIEWS + 1, 3 * MOST_REVIEWS])
def test_folding_changes_nothing_of_the_schedule(count: int) -> None:
    reviews = many(count)
    history = History()
    for review in reviews:
        history = add(history, [review])
    assert history.schedule == schedule(reviews)


def test_the_order_of_arrival_makes_no_difference() -> None:
    for seed in range(20):
        mixed = Random(seed).sample(FULL, len(FULL))  # noqa: S311 - any order
        history = History()
        for start in range(0, len(mixed), 7):
            history = add(history, mixed[start : start + 7])
        assert history == add(History(), FULL), seed


def test_repeats_of_what_is_folded_and_of_what_is_not_change_nothing() -> None:
    history = add(History(), OVER)
    assert add(history, OVER) == history


def test_one_that_comes_later_than_its_folding_is_taken_for_one_of_those() -> None:
    history = add(History(), OVER)
    assert history.folded is not None
    at = history.folded.last_at
    assert add(history, [Review(ReviewId("late"), at, How.TYPED, right=False)]) == history
    just_after = Review(ReviewId("late"), at + 1, How.TYPED, right=False)
    assert just_after in add(history, [just_after]).reviews
