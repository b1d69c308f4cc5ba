"""Practice opponents: who they are, what they know, how long they think; and how hard a card is.

One law says whether somebody of a rating gives the right answer to a card of a difficulty: the
logistic curve of Rasch (Probabilistic Models for Some Intelligence and Attainment Tests, 1960),
which is that of Elo with a card in the place of the opponent. A card says less than a match of
ten, so its curve is flatter: `CARD_SCALE`. How long an answer takes is log-normal, with a median
that follows the speed of who answers and the time that the card asks for (van der Linden, A
Lognormal Model for Response Times on Test Items, 2006).

The numbers were chosen together, so that whole matches of ten rounds of 15 s come out as the gap
of two strengths predicts; tests/core/test_practice.py plays them.
"""

import math
from collections.abc import Iterable
from random import Random
from typing import Final

from msgspec import Struct

from server.core.elo import START
from server.core.ids import MatchId, PlayerId

CARD_SCALE: Final = 920
"""Points for which the odds of a right answer are ten times as good; those of a match: 400."""
MEDIAN_MS: Final = 3_700
"""Thinking time of half of all answers, where strength and difficulty are `START`."""
HALVED_BY: Final = 430
"""Points of strength that halve the time."""
DOUBLED_BY: Final = 1_100
"""Points of difficulty that double it."""
SPREAD: Final = 0.4
"""Standard deviation of the logarithm of the time."""
USUAL_LIMIT_MS: Final = 15_000
"""Whose rounds are shorter thinks faster, in proportion."""
QUICKEST_MS: Final = 900
"""Of a usual round: no hand reads four choices and presses one sooner."""
LATEST_MS: Final = 14_000
"""Of a usual round: whoever has not answered by then lets it pass."""
CHOICES: Final = 4

PRIOR_SPREAD: Final = 300
"""Standard deviation of difficulties before anybody has answered: as much as seven answers."""
EASIEST: Final = 0
HARDEST: Final = 3_000


class Character(Struct, frozen=True):
    """A practice opponent; `strength` is the rating that it plays like."""

    id: PlayerId
    name: str
    strength: int
    about: str


CHARACTERS: Final = tuple(
    Character(PlayerId(f"practice-{number}"), name, 750 + 250 * number, about)
    for number, (name, about) in enumerate(
        (
            ("Little Wren", "Has just opened the deck, and takes its time."),
            ("Busy Finch", "Knows a third of the cards and is still learning the others."),
            ("Bold Magpie", "Knows every second card: an even match for a new player."),
            ("Keen Falcon", "Knows two cards of three, and answers before you have read twice."),
            ("Old Owl", "Has seen nearly everything, and hardly has to think."),
        ),
        1,
    )
)
"""From beginner to expert in equal steps: each scores 81 in a hundred against the one before."""


class Thought(Struct, frozen=True):
    """What comes of a question: the choice, None for letting it pass, and after how long."""

    choice: int | None
    after_ms: int


class CardDifficulty(Struct, frozen=True):
    """The rating at which half would answer a card rightly, and how many answers say so."""

    answers: int = 0
    difficulty: int = START


def right_rate(rating: float, difficulty: float) -> float:
    """How often somebody of a rating answers a card rightly (Rasch, on the Elo scale)."""
    return 1 / (1 + 10 ** ((difficulty - rating) / CARD_SCALE))


def median_ms(strength: int, difficulty: int, limit_ms: int) -> float:
    """In which time half of the answers of this strength to such a card are given."""
    doublings = (difficulty - START) / DOUBLED_BY - (strength - START) / HALVED_BY
    return MEDIAN_MS * 2**doublings * _haste(limit_ms)


def think(
    strength: int, difficulty: int, correct: int | None, limit_ms: int, rng: Random
) -> Thought:
    """What an opponent answers to a question, and when.

    `correct` is the index of the right choice. Who does not know it believes one of the others,
    so that rightly is answered what is known, and no more; None where the card cannot be known.
    The caller brings the randomness, see `rng_of`.
    """
    knows = rng.random() < right_rate(strength, difficulty)
    believed = rng.choice([choice for choice in range(CHOICES) if choice != correct])
    drawn = median_ms(strength, difficulty, limit_ms) * math.exp(rng.gauss(0, SPREAD))
    haste = _haste(limit_ms)
    after_ms = round(max(drawn, QUICKEST_MS * haste))
    if after_ms >= limit_ms - (USUAL_LIMIT_MS - LATEST_MS) * haste:
        return Thought(None, limit_ms)
    return Thought(correct if knows and correct is not None else believed, after_ms)


def rng_of(match: MatchId, player: PlayerId, round_: int) -> Random:
    """The randomness of one answer: the same for whoever asks again, after a restart too."""
    return Random(f"{match} {player} {round_}")  # noqa: S311 - it hides nothing


def difficulty_of(answers: Iterable[tuple[int, bool]]) -> CardDifficulty:
    """How hard a card is, from the ratings of those who answered it and whether they were right.

    The most probable difficulty under `right_rate`, where difficulties are normal around `START`
    before anybody has answered (Swaminathan and Gifford, Bayesian Estimation in the Rasch Model,
    1982): so few answers move it little, and many at one rating r, a share p of them right, to
    r − CARD_SCALE·log10(p / (1 − p)). A whole number between `EASIEST` and `HARDEST`.
    """
    given: dict[int, int] = {}
    right = 0
    for rating, was_right in answers:
        given[rating] = given.get(rating, 0) + 1
        right += was_right
    precision = CARD_SCALE / (math.log(10) * PRIOR_SPREAD**2)

    def too_easy(difficulty: float) -> bool:
        """Whether fewer were right than such a card would have (the slope, which only falls)."""
        wanted = sum(count * right_rate(rating, difficulty) for rating, count in given.items())
        return wanted - right > (difficulty - START) * precision

    low, high = EASIEST, HARDEST
    while low < high:
        middle = (low + high) // 2
        if too_easy(middle + 0.5):
            low = middle + 1
        else:
            high = middle
    return CardDifficulty(sum(given.values()), low)


def _haste(limit_ms: int) -> float:
    return min(1.0, limit_ms / USUAL_LIMIT_MS)
