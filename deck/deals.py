"""A question as a match asks it: the answer among three of its card's distractors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from deck.cards import Card

DISTRACTORS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A dealt card: the answer is `choices[correct]`."""

    prompt: str
    choices: tuple[str, ...]
    correct: int


def deal(card: Card, rng: Random) -> Question:
    """Draw three distractors uniformly and shuffle the answer among them.

    Raises:
        ValueError: the card has fewer than three distractors.
    """
    choices = [card.answer, *rng.sample(card.distractors, DISTRACTORS)]
    order = rng.sample(range(len(choices)), len(choices))
    return Question(card.prompt, tuple(choices[at] for at in order), order.index(0))


def deals(cards: Sequence[Card], each: int, rng: Random) -> Iterator[Question]:
    """Deal every card that can be dealt, `each` times."""
    for card in cards:
        if len(card.distractors) >= DISTRACTORS:
            for _ in range(each):
                yield deal(card, rng)
