"""The deal: which cards a match plays, and in which order its choices stand."""

from random import Random
from typing import Final

from msgspec import Struct

from deck.cards import Card, Deck

DISTRACTORS: Final = 3


class DealtCard(Struct, frozen=True, gc=False, array_like=True):
    """A card as one match plays it; `correct` is an index into `choices`.

    Texts are copies, so an edited deck changes no match.
    """

    card: str
    prompt: str
    choices: tuple[str, str, str, str]
    correct: int
    explanation: str


def playable(deck: Deck) -> list[Card]:
    """The cards that can be asked: those with three wrong choices to draw."""
    return [card for card in deck.cards if len(card.distractors) >= DISTRACTORS]


def deal(deck: Deck, rounds: int, rng: Random) -> tuple[DealtCard, ...]:
    """Draw the cards of one match, never two that give each other away.

    The caller brings the randomness. Fewer than `rounds` come back when the deck
    has no more cards that may stand together.
    """
    left = playable(deck)
    dealt: list[DealtCard] = []
    barred: set[str] = set()
    while left and len(dealt) < rounds:
        drawn = rng.randrange(len(left))
        left[drawn], left[-1] = left[-1], left[drawn]
        card = left.pop()
        if card.id not in barred:
            barred |= deck.rivals(card.id)
            dealt.append(_turn_up(card, rng))
    return tuple(dealt)


def _turn_up(card: Card, rng: Random) -> DealtCard:
    choices = rng.sample(card.distractors, DISTRACTORS)
    correct = rng.randrange(DISTRACTORS + 1)
    choices.insert(correct, card.answer)
    first, second, third, fourth = choices
    return DealtCard(
        card.id, card.prompt, (first, second, third, fourth), correct, card.explanation
    )
