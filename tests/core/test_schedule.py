"""Scheduling, by literal histories and by laws.

The due dates, stabilities and difficulties of the rows were computed apart from the
code and from py-fsrs: the formulas of FSRS-6 written out in plain arithmetic, with
its 21 default weights.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import fsrs.card
import fsrs.scheduler
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck.cards import CardId
from server.core.schedule import (
    GRACE_MS,
    Because,
    CardProgress,
    How,
    Mastery,
    Queued,
    Review,
    ReviewId,
    Schedule,
    mastery,
    merge,
    queue,
    schedule,
)

DAY_MS = 86_400_000
NOW = 1_000 * DAY_MS
CARD = CardId("card")


def instant(text: str) -> int:
    """An instant written in UTC."""
    since = datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def reviews(*lines: str) -> list[Review]:
    """A history such as "2026-03-01 20:00 typed missed"; equal lines are one review."""
    found = []
    for line in lines:
        day, time, how, *missed = line.split()
        at = instant(f"{day} {time}")
        found.append(Review(ReviewId(line), at, How(how), right=missed != ["missed"]))
    return found


def scheduled(*lines: str) -> Schedule:
    """What such a history comes to."""
    known = schedule(reviews(*lines))
    assert known is not None
    return known


FIRST_TYPED = ("2026-03-01 20:00 typed",)
FIRST_CHOICE = ("2026-03-01 20:00 choice",)
FIRST_MISSED = ("2026-03-01 20:00 typed missed",)
SAME_DAY = (
    "2026-03-01 20:00 choice missed",
    "2026-03-01 20:02 choice",
    "2026-03-01 20:05 typed",
)
GROWING = (
    "2026-03-01 20:00 typed",
    "2026-03-03 20:00 typed",
    "2026-03-14 20:00 typed",
    "2026-04-29 20:00 typed",
    "2026-10-09 20:00 typed",
)
LAPSED = (*GROWING[:3], "2026-04-29 20:00 typed missed")
LAPSED_AND_MENDED = (*LAPSED, "2026-04-29 20:05 typed")
LATE = ("2026-03-01 20:00 typed", "2026-03-12 08:30 typed")
EARLY = (*GROWING[:2], "2026-03-04 21:00 typed")
LONG_OVERDUE = ("2026-03-01 20:00 typed", "2027-03-01 20:00 choice")
LONG_OVERDUE_MISSED = ("2026-03-01 20:00 typed", "2027-03-01 20:00 typed missed")
MIXED = (
    "2026-03-01 20:00 flashcard",
    "2026-03-03 20:30 true_false",
    "2026-03-07 19:00 matching",
    "2026-03-07 19:30 typed",
    "2026-03-14 19:31 choice",
)
OUT_OF_ORDER = (MIXED[3], MIXED[0], MIXED[4], MIXED[2], MIXED[1])
TWICE = (*MIXED, *MIXED[1:3], MIXED[4])
OVER_MIDNIGHT = ("2026-03-01 23:59:59 choice", "2026-03-02 00:00:00 typed")
A_DAY_LATER = ("2026-03-01 20:00 typed", "2026-03-02 20:00 typed")
SAME_DAY_STILL = ("2026-03-01 20:00 typed", "2026-03-02 13:59:59.999 typed")
A_DAY_AT_LAST = ("2026-03-01 20:00 typed", "2026-03-02 14:00 typed")
ONE_DAY_STILL = ("2026-03-01 20:00 typed", "2026-03-03 13:59:59.999 typed")
TWO_DAYS_AT_LAST = ("2026-03-01 20:00 typed", "2026-03-03 14:00 typed")
EVENINGS = ("2026-03-01 20:00 choice", "2026-03-02 19:30 typed")
AT_ONCE = ("2026-03-01 20:00 typed", "2026-03-01 20:00 choice missed")
FROM_1970 = ("1970-01-01 00:00 typed",)
SINCE_1970 = (*FROM_1970, "2026-03-01 20:00 typed")


@pytest.mark.parametrize(
    ("lines", "due", "stability", "difficulty"),
    [
        pytest.param(FIRST_TYPED, "2026-03-03 14:00", 2.306500000, 2.118103970, id="first typed"),
        pytest.param(FIRST_CHOICE, "2026-03-02 14:00", 1.293100000, 5.112170706, id="first choice"),
        pytest.param(FIRST_MISSED, "2026-03-02 14:00", 0.212000000, 6.413300000, id="first missed"),
        pytest.param(SAME_DAY, "2026-03-02 14:05", 0.246689188, 7.591833929, id="same day"),
        pytest.param(GROWING, "2028-02-18 14:00", 497.447193600, 2.090586343, id="growing"),
        pytest.param(LAPSED, "2026-05-02 14:00", 2.932580454, 7.389975788, id="lapsed"),
        pytest.param(LAPSED_AND_MENDED, "2026-05-02 14:05", 2.932580454, 7.377814182, id="mended"),
        pytest.param(LATE, "2026-04-06 02:30", 25.108720168, 2.111214236, id="late"),
        pytest.param(EARLY, "2026-03-19 15:00", 15.428298340, 2.104331391, id="early"),
        pytest.param(LONG_OVERDUE, "2027-04-10 14:00", 39.826872163, 4.752858489, id="overdue"),
        pytest.param(
            LONG_OVERDUE_MISSED, "2027-03-02 14:00", 1.276812943, 7.394502741, id="overdue, missed"
        ),
        pytest.param(MIXED, "2026-04-05 13:31", 21.963873003, 7.655563452, id="mixed"),
        pytest.param(OUT_OF_ORDER, "2026-04-05 13:31", 21.963873003, 7.655563452, id="any order"),
        pytest.param(TWICE, "2026-04-05 13:31", 21.963873003, 7.655563452, id="duplicates"),
        pytest.param(OVER_MIDNIGHT, "2026-03-02 18:00", 1.335899762, 5.102286904, id="midnight"),
        pytest.param(A_DAY_LATER, "2026-03-09 14:00", 7.315300744, 2.111214236, id="a day later"),
        pytest.param(
            SAME_DAY_STILL, "2026-03-04 07:59:59.999", 2.3065, 2.111214236, id="17:59:59.999"
        ),
        pytest.param(A_DAY_AT_LAST, "2026-03-09 08:00", 7.315300744, 2.111214236, id="18 h"),
        pytest.param(
            ONE_DAY_STILL, "2026-03-10 07:59:59.999", 7.315300744, 2.111214236, id="41:59:59.999"
        ),
        pytest.param(TWO_DAYS_AT_LAST, "2026-03-14 08:00", 10.964332336, 2.111214236, id="42 h"),
        pytest.param(EVENINGS, "2026-03-07 13:30", 4.546029441, 5.102286904, id="two evenings"),
        pytest.param(AT_ONCE, "2026-03-02 14:00", 0.246689188, 6.402115069, id="at once, by id"),
        pytest.param(FROM_1970, "1970-01-02 18:00", 2.306500000, 2.118103970, id="from 1970"),
        pytest.param(SINCE_1970, "2026-06-06 14:00", 97.490652792, 2.111214236, id="since 1970"),
    ],
)
def test_a_history_comes_to_the_due_date_of_its_row(
    lines: Sequence[str], due: str, stability: float, difficulty: float
) -> None:
    known = scheduled(*lines)
    assert known.due_at == instant(due)
    assert known.stability == pytest.approx(stability, abs=1e-8)
    assert known.difficulty == pytest.approx(difficulty, abs=1e-8)


def test_recalling_counts_more_than_recognising_and_that_more_than_a_miss() -> None:
    first = {
        (how, right): scheduled(f"2026-03-01 20:00 {how}{'' if right else ' missed'}").stability
        for how in How
        for right in (True, False)
    }
    assert first == {
        (How.TYPED, True): 2.3065,
        (How.FLASHCARD, True): 2.3065,
        (How.CHOICE, True): 1.2931,
        (How.TRUE_FALSE, True): 1.2931,
        (How.MATCHING, True): 1.2931,
        **{(how, False): 0.212 for how in How},
    }


def test_no_review_is_no_schedule() -> None:
    assert schedule(()) is None


def test_a_schedule_counts_its_reviews_and_tells_of_the_last() -> None:
    missed = scheduled(*LAPSED)
    assert (missed.reviews, missed.right, missed.missed) == (4, 3, True)
    assert missed.last_at == instant("2026-04-29 20:00")
    assert missed.last_right_at == instant("2026-03-14 20:00")
    mended = scheduled(*LAPSED_AND_MENDED)
    assert (mended.reviews, mended.right, mended.missed) == (5, 4, False)
    assert mended.last_at == mended.last_right_at == instant("2026-04-29 20:05")
    assert scheduled(*TWICE).reviews == len(MIXED)


def test_a_card_never_answered_rightly_has_no_right_instant() -> None:
    known = scheduled(*FIRST_MISSED)
    assert (known.reviews, known.right, known.last_right_at) == (1, 0, 0)


def test_the_schedule_asks_no_clock_and_throws_no_dice(monkeypatch: pytest.MonkeyPatch) -> None:
    class Timeless(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Timeless":
            raise AssertionError(tz)

    before = scheduled(*MIXED)
    monkeypatch.setattr(fsrs.card, "datetime", Timeless)
    monkeypatch.setattr(fsrs.scheduler, "datetime", Timeless)
    monkeypatch.delattr(fsrs.scheduler, "random")
    monkeypatch.delattr(fsrs.card, "time")
    assert scheduled(*MIXED) == before


def test_reviews_and_schedules_are_kept_as_lists_in_this_order() -> None:
    review = reviews(*FIRST_TYPED)[0]
    row = ["2026-03-01 20:00 typed", instant("2026-03-01 20:00"), "typed", True]
    assert msgspec.to_builtins(review) == row
    assert msgspec.convert(row, Review) == review
    known = Schedule(2.5, 5.0, 1, 2, reviews=4, right=3, missed=False, last_right_at=1)
    assert msgspec.to_builtins(known) == [2.5, 5.0, 1, 2, 4, 3, False, 1]


# Merging what several devices have seen

_ids = st.sampled_from([ReviewId(f"review-{n}") for n in range(6)])
_gaps = (
    0,
    1,
    1_000,
    DAY_MS - GRACE_MS - 1,
    DAY_MS - GRACE_MS,
    DAY_MS,
    DAY_MS + 1,
    9 * DAY_MS,
    400 * DAY_MS,
)
_instants = st.sampled_from(_gaps) | st.integers(0, NOW)
_copies = st.builds(Review, _ids, _instants, st.sampled_from(How), st.booleans())
"""Reviews of which many share an id, and some of those differ."""
copies = st.lists(_copies, max_size=8)
histories = st.lists(_copies, min_size=1, max_size=12, unique_by=lambda review: review.id)


@given(copies, copies)
def test_merging_is_commutative(one: list[Review], other: list[Review]) -> None:
    assert merge(one, other) == merge(other, one)


@given(copies, copies, copies)
def test_merging_is_associative(
    one: list[Review], another: list[Review], third: list[Review]
) -> None:
    assert (
        merge(merge(one, another), third)
        == merge(one, merge(another, third))
        == merge(one, another, third)
    )


@given(copies)
def test_merging_is_idempotent(some: list[Review]) -> None:
    once = merge(some)
    assert merge(once) == merge(some, some) == merge(once, some) == once


@given(copies)
def test_a_merged_history_has_every_review_once_and_in_order(some: list[Review]) -> None:
    merged = merge(some)
    assert set(merged) <= set(some)
    assert {review.id for review in merged} == {review.id for review in some}
    for one, following in pairwise(merged):
        assert (one.at, one.id) < (following.at, following.id)
        assert one.id != following.id


def test_of_two_copies_the_earlier_counts_and_of_equal_instants_the_missed() -> None:
    one = Review(ReviewId("one"), 1_000, How.TYPED, right=True)
    later = msgspec.structs.replace(one, at=1_001, right=False)
    missed = msgspec.structs.replace(one, right=False)
    assert merge([later, one]) == merge([one, later]) == (one,)
    assert merge([one, missed]) == merge([missed, one]) == (missed,)


@given(histories, st.data())
def test_the_schedule_depends_on_no_device_no_order_and_no_repeat(
    history: list[Review], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(history))
    cut = data.draw(st.integers(0, len(history)))
    again = data.draw(st.lists(st.sampled_from(history), max_size=4))
    expected = schedule(history)
    assert schedule(shuffled + again) == expected
    assert schedule(merge(shuffled[:cut], again, shuffled[cut:])) == expected
    assert schedule(merge(merge(shuffled[cut:]), merge(again, shuffled[:cut]))) == expected


@given(histories)
def test_a_schedule_stays_in_its_bounds(history: list[Review]) -> None:
    known = schedule(history)
    assert known is not None
    wait = known.due_at - known.last_at + GRACE_MS
    assert wait % DAY_MS == 0
    assert wait // DAY_MS == min(36_500, max(1, round(known.stability)))
    assert known.stability > 0
    assert 1 <= known.difficulty <= 10
    assert known.last_at == max(review.at for review in history)
    assert known.right <= known.reviews == len(history)


@given(histories)
def test_whoever_returns_when_a_card_is_due_is_credited_the_whole_interval(
    history: list[Review],
) -> None:
    known = schedule(history)
    assert known is not None

    def after(at: int) -> float:
        reached = schedule([*history, Review(ReviewId("z"), at, How.TYPED, right=True)])
        assert reached is not None
        return reached.stability

    at_that_hour = after(known.due_at + GRACE_MS)
    assert after(known.due_at) == at_that_hour
    assert after(known.due_at - 1) < at_that_hour


@given(histories, st.sampled_from(_gaps))
def test_a_better_answer_is_never_due_earlier(history: list[Review], after: int) -> None:
    at = max(review.at for review in history) + after

    def then(how: How, *, right: bool) -> int:
        known = schedule([*history, Review(ReviewId("z"), at, how, right)])
        assert known is not None
        return known.due_at

    missed = then(How.TYPED, right=False)
    assert missed <= then(How.CHOICE, right=True) <= then(How.TYPED, right=True)


@pytest.mark.parametrize(
    ("then", "due_days"),
    [
        ((How.TYPED,), [1, 6, 23]),
        ((How.CHOICE, How.TYPED), [1, 4, 11, 23]),
    ],
)
def test_a_card_chosen_then_typed_is_mastered_in_so_many_sittings(
    then: Sequence[How], due_days: list[int]
) -> None:
    history: list[Review] = []
    sitting_at = 0
    for due_day in due_days:
        assert mastery(schedule(history)) is not Mastery.MASTERED
        for how in then if history else (How.CHOICE, How.TYPED):
            history.append(Review(ReviewId(f"{len(history):02}"), sitting_at, how, right=True))
        reached = schedule(history)
        assert reached is not None
        assert reached.due_at == due_day * DAY_MS - GRACE_MS
        sitting_at = reached.due_at + GRACE_MS
    assert mastery(schedule(history)) is Mastery.MASTERED


@given(histories, st.integers(0, NOW), st.sampled_from(How))
def test_a_right_review_after_a_loss_takes_the_card_out_of_the_lost(
    history: list[Review], lost_at: int, how: How
) -> None:
    lost_at += max(review.at for review in history) + 1
    lost = CardProgress(CARD, schedule(history), lost=1, lost_at=lost_at)
    assert queue([CARD], {CARD: lost}, lost_at) == [Queued(CARD, Because.LOST)]
    for right in (False, True):
        review = Review(ReviewId("after"), lost_at + 1, how, right)
        after = CardProgress(CARD, schedule([*history, review]), lost=1, lost_at=lost_at)
        assert after.is_lost is not right
        found = queue([CARD], {CARD: after}, lost_at + 1)
        assert found == ([] if right else [Queued(CARD, Because.LOST)])
