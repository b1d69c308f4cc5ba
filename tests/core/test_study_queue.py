"""What to study now, and which cards count as mastered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck.cards import CardId
from server.core.schedule import (
    Because,
    CardProgress,
    Mastery,
    Queued,
    Schedule,
    mastery,
    queue,
)

DAY_MS = 86_400_000
NOW = 1_000 * DAY_MS

A, B, C, D, E = (CardId(name) for name in "abcde")


def known(
    *,
    stability: float = 2.0,
    last_at: int = NOW - DAY_MS,
    due_at: int = NOW,
    missed: bool = False,
    last_right_at: int = 0,
) -> Schedule:
    """A schedule of which only what a test is about is said."""
    return Schedule(stability, 5.0, last_at, due_at, 2, 1, missed, last_right_at)


@pytest.mark.parametrize(
    ("schedule_", "expected"),
    [
        (None, Mastery.NEW),
        (known(stability=0.212), Mastery.LEARNING),
        (known(stability=6.999), Mastery.LEARNING),
        (known(stability=7.0), Mastery.MASTERED),
        (known(stability=100.0), Mastery.MASTERED),
        (known(stability=100.0, missed=True), Mastery.LEARNING),
    ],
)
def test_a_card_is_mastered_that_was_right_and_will_hold_a_week(
    schedule_: Schedule | None, expected: Mastery
) -> None:
    assert mastery(schedule_) is expected


def progress(*cards: CardProgress) -> dict[CardId, CardProgress]:
    """A player's progress, by card."""
    return {each.card: each for each in cards}


@pytest.mark.parametrize(
    ("lost_at", "schedule_", "lost"),
    [
        (0, None, False),
        (1, None, True),
        (5_000, known(last_right_at=4_999), True),
        (5_000, known(last_right_at=5_000), False),
        (5_000, known(last_right_at=5_001), False),
        (5_000, known(last_at=6_000, missed=True), True),
        (5_000, known(last_at=7_000, missed=True, last_right_at=6_000), False),
    ],
)
def test_a_card_is_lost_until_it_is_reviewed_rightly(
    lost_at: int, schedule_: Schedule | None, *, lost: bool
) -> None:
    card = CardProgress(A, schedule_, lost=1, lost_at=lost_at)
    assert card.is_lost is lost


def test_a_new_player_has_the_deck_before_him_in_its_order() -> None:
    assert queue([B, A, C], {}, NOW) == [Queued(card, Because.NEW) for card in (B, A, C)]


def test_a_card_known_from_won_duels_only_is_new() -> None:
    assert queue([A], progress(CardProgress(A, won=3)), NOW) == [Queued(A, Because.NEW)]


def test_lost_cards_lead_then_the_due_then_the_new() -> None:
    seen = progress(
        CardProgress(B, known(due_at=NOW)),
        CardProgress(C, known(due_at=NOW + 1)),
        CardProgress(D, known(due_at=NOW + DAY_MS), lost=1, lost_at=NOW - 5),
        CardProgress(E, lost=1, lost_at=NOW - 4),
    )
    assert queue([A, B, C, D, E], seen, NOW) == [
        Queued(E, Because.LOST),
        Queued(D, Because.LOST),
        Queued(B, Because.DUE),
        Queued(A, Because.NEW),
    ]


def test_of_due_cards_the_least_likely_to_be_recalled_comes_first() -> None:
    seen = progress(
        CardProgress(A, known(stability=30.0, last_at=NOW - 40 * DAY_MS)),
        CardProgress(B, known(stability=2.0, last_at=NOW - 4 * DAY_MS)),
        CardProgress(C, known(stability=2.0, last_at=NOW - 4 * DAY_MS - 1)),
        CardProgress(D, known(stability=15.0, last_at=NOW - 20 * DAY_MS)),
    )
    assert [each.card for each in queue([A, B, C, D], seen, NOW)] == [C, B, A, D]
    assert [each.card for each in queue([D, C, B, A], seen, NOW)] == [C, B, D, A]


def test_equal_losses_keep_the_order_of_the_deck() -> None:
    seen = progress(*(CardProgress(card, lost=1, lost_at=7) for card in (A, B, C)))
    assert [each.card for each in queue([B, C, A], seen, NOW)] == [B, C, A]


_cards = [CardId(f"card-{n}") for n in range(7)]
_schedules = st.builds(
    known,
    stability=st.floats(0.001, 36_500),
    last_at=st.integers(NOW - 100 * DAY_MS, NOW - 3),
    due_at=st.integers(NOW - 3, NOW + 3),
    last_right_at=st.sampled_from((0, NOW - 3)),
)
_progress = st.dictionaries(
    st.sampled_from(_cards),
    st.tuples(st.none() | _schedules, st.sampled_from((0, 0, 1, NOW - 2, NOW))),
).map(
    lambda found: {
        card: CardProgress(card, schedule, lost=1 if lost_at else 0, lost_at=lost_at)
        for card, (schedule, lost_at) in found.items()
    }
)


@given(
    _progress, st.permutations(_cards).map(lambda cards: cards[:5]), st.integers(NOW - 3, NOW + 3)
)
def test_the_queue_has_every_card_to_study_once_and_for_the_reason_it_says(
    seen: dict[CardId, CardProgress], cards: list[CardId], now: int
) -> None:
    found = queue(cards, seen, now)
    order = list(Because)
    ranks = [order.index(each.because) for each in found]
    assert ranks == sorted(ranks)
    reasons = {each.card: each.because for each in found}
    assert len(reasons) == len(found)
    assert reasons.keys() <= set(cards)
    for card in cards:
        known_ = seen.get(card, CardProgress(card))
        if known_.is_lost:
            assert reasons[card] is Because.LOST
        elif known_.schedule is None:
            assert reasons[card] is Because.NEW
        elif known_.schedule.due_at <= now:
            assert reasons[card] is Because.DUE
        else:
            assert card not in reasons
