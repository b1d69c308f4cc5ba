"""When a card is to be studied again: reviews come to a schedule, schedules to a queue.

The memory model is FSRS-6 with its default weights, as py-fsrs implements it
(https://github.com/open-spaced-repetition/py-fsrs; the formulas stand in the wiki
of fsrs4anki, "The Algorithm"). Everything is a function of the reviews: fuzzing is
off, every instant is an argument (ms since 1970, UTC), and elapsed time counts in whole
days of 24 hours, so neither a device's time zone nor its midnight matters. A day counts
as over `GRACE_MS` early: whoever studies each evening may begin earlier than yesterday.

There are no learning and relearning steps, those delays of minutes before a card is
scheduled in days: a study session itself brings a missed card back. Repeats inside
a day still count, by the short-term formula of FSRS-6.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Final, NewType

from fsrs import Card, Rating, Scheduler, State
from msgspec import Struct

from deck.cards import CardId

MASTERED_DAYS: Final = 7
"""The least stability of a mastered card, in days.

Stability is the time after which FSRS expects nine of ten such cards to be
recalled, so a mastered card can be left alone for a week.
"""

GRACE_MS: Final = 6 * 3600 * 1000
"""A day counts as over this early: one after 18 hours, two after 42."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_GRACE: Final = GRACE_MS * _MS
_FSRS: Final = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

MOST_REVIEWS: Final = 100
"""Of one card, word by word: years of it."""
LATEST_REVIEWS: Final = 50
"""So many stay word by word when the ones before are folded, once there were `MOST_REVIEWS`."""

ReviewId = NewType("ReviewId", str)


class How(StrEnum):
    """In which form a card was asked; the words of the wire contract."""

    FLASHCARD = "flashcard"
    CHOICE = "choice"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    TYPED = "typed"


_RECALLED: Final = frozenset({How.FLASHCARD, How.TYPED})
"""The forms in which nothing shows the answer; in the others it is only recognised."""


class Review(Struct, frozen=True, array_like=True, gc=False):
    """One answer to a card while studying; the device that saw it made its id."""

    id: ReviewId
    at: int
    how: How
    right: bool


class Schedule(Struct, frozen=True, array_like=True, gc=False):
    """What the reviews of one card come to.

    `stability` is in days, `difficulty` from 1 to 10. `missed` tells of the last
    review; `last_right_at` is 0 when none was right.
    """

    stability: float
    difficulty: float
    last_at: int
    due_at: int
    reviews: int
    right: int
    missed: bool
    last_right_at: int


class History(Struct, frozen=True, array_like=True, gc=False):
    """The reviews of one card, by instant, then id; the oldest may be `folded`."""

    folded: Schedule | None = None
    reviews: tuple[Review, ...] = ()

    @property
    def schedule(self) -> Schedule | None:
        """What they all come to; None for none."""
        return schedule(self.reviews, self.folded)


class Mastery(StrEnum):
    """How well a card is known; the words of the wire contract."""

    NEW = "new"
    LEARNING = "learning"
    MASTERED = "mastered"


class CardProgress(Struct, frozen=True, gc=False):
    """What one player has done with one card: its schedule, and its rounds in duels.

    `lost_at` is the instant of the last lost one, 0 for never.
    """

    card: CardId
    schedule: Schedule | None = None
    won: int = 0
    lost: int = 0
    lost_at: int = 0

    @property
    def is_lost(self) -> bool:
        """Whether the card was lost in a duel and not reviewed rightly since."""
        return self.lost_at > (self.schedule.last_right_at if self.schedule else 0)


class Because(StrEnum):
    """Why a card stands in the queue, in its order; the words of the wire contract."""

    LOST = "lost"
    DUE = "due"
    NEW = "new"


class Queued(Struct, frozen=True, gc=False):
    """A card to study now."""

    card: CardId
    because: Because


def merge(*histories: Iterable[Review]) -> tuple[Review, ...]:
    """Every review of one card once, by instant, then id.

    Copies under one id may differ (a wrong clock is cut to the server's at each
    sending): the earliest counts, then the missed one, so that the result never
    depends on the order in which they came.
    """
    by_id: dict[ReviewId, Review] = {}
    for history in histories:
        for review in history:
            known = by_id.get(review.id, review)
            by_id[review.id] = min(known, review, key=_order)
    return tuple(sorted(by_id.values(), key=_order))


def _order(review: Review) -> tuple[int, ReviewId, bool, How]:
    return review.at, review.id, review.right, review.how


def add(history: History, reviews: Iterable[Review]) -> History:
    """A history with more reviews, in whatever order they come; repeats change nothing.

    Of more than `MOST_REVIEWS` the oldest are folded into a schedule. One that comes later
    still and is no later than those is taken for one of them.
    """
    folded = history.folded
    begins = -1 if folded is None else folded.last_at
    merged = merge(history.reviews, (review for review in reviews if review.at > begins))
    if len(merged) <= MOST_REVIEWS:
        return History(folded, merged)
    old, latest = merged[:-LATEST_REVIEWS], merged[-LATEST_REVIEWS:]
    return History(schedule(old, folded), latest)


def schedule(reviews: Iterable[Review], folded: Schedule | None = None) -> Schedule | None:
    """The schedule of one card after these reviews, in any order; None for none.

    `folded` is what earlier ones came to. Elapsed days are
    floor((at - last_at + GRACE) / 24 h), and a card is due GRACE before the days of its
    interval are over, the first instant at which all of them count.

    The caller sees to it that no instant is negative or later than now.
    """
    history = merge(reviews)
    if not history:
        return folded
    card = Card(card_id=0, due=_EPOCH)  # without these two it would read the clock
    if folded is not None:
        card.state, card.step = State.Review, None
        card.stability, card.difficulty = folded.stability, folded.difficulty
        card.last_review = _EPOCH + folded.last_at * _MS - _GRACE
    for review in history:
        at = _EPOCH + review.at * _MS
        card, _ = _FSRS.review_card(card, _rating(review), at)
        card.last_review = at - _GRACE  # what the next review counts its days from
    assert card.stability is not None
    assert card.difficulty is not None
    last = history[-1]
    right_at = [review.at for review in history if review.right]
    before = (folded.reviews, folded.right, folded.last_right_at) if folded else (0, 0, 0)
    return Schedule(
        stability=card.stability,
        difficulty=card.difficulty,
        last_at=last.at,
        due_at=(card.due - _GRACE - _EPOCH) // _MS,
        reviews=before[0] + len(history),
        right=before[1] + len(right_at),
        missed=not last.right,
        last_right_at=right_at[-1] if right_at else before[2],
    )


def _rating(review: Review) -> Rating:
    """A miss is Again; recalling is Good; recognising, which is less, is Hard."""
    if not review.right:
        return Rating.Again
    return Rating.Good if review.how in _RECALLED else Rating.Hard


def mastery(known: Schedule | None) -> Mastery:
    """How well a card of that schedule is known: see `MASTERED_DAYS`."""
    if known is None:
        return Mastery.NEW
    if known.missed or known.stability < MASTERED_DAYS:
        return Mastery.LEARNING
    return Mastery.MASTERED


def queue(
    cards: Sequence[CardId], progress: Mapping[CardId, CardProgress], now: int
) -> list[Queued]:
    """What to study now, of a deck's `cards` in their order.

    Lost ones first, the latest loss before the others; then what is due, the least
    likely to be recalled first; then the new ones. Equals keep the deck's order, and
    a card that is not due yet is left out, unless it is lost.
    """
    found: dict[Because, list[tuple[float, CardId]]] = {because: [] for because in Because}
    for card in cards:
        known = progress.get(card, CardProgress(card))
        if known.is_lost:
            found[Because.LOST].append((-known.lost_at, card))
        elif known.schedule is None:
            found[Because.NEW].append((0, card))
        elif known.schedule.due_at <= now:
            found[Because.DUE].append((-_faded(known.schedule, now), card))
    return [
        Queued(card, because)
        for because, ranked in found.items()
        for _, card in sorted(ranked, key=itemgetter(0))
    ]


def _faded(known: Schedule, now: int) -> float:
    """Time since the last review over stability: FSRS-6 recall falls with it alone.

    R = (1 + F·t/S)^-w20 with the same F and w20 for every card, so ordering needs
    no power, and no rounding of t to whole days.
    """
    return (now - known.last_at) / known.stability
