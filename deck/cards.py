"""Cards and decks as facts: what is asked, what is right, which cards never meet in a match."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from deck.words import runs, stems

DeckId = NewType("DeckId", str)
CardId = NewType("CardId", str)


class Side(StrEnum):
    """The two texts of a card that are learnt; the words of the wire contract."""

    PROMPT = "prompt"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Card:
    """One flashcard; three of its distractors stand beside the answer in a round."""

    id: CardId
    prompt: str
    answer: str
    explanation: str
    distractors: tuple[str, ...]
    alternates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards in their order; ids are unique (the reader sees to it)."""

    id: DeckId
    title: str
    cards: tuple[Card, ...]
    _rivals: Mapping[CardId, frozenset[CardId]] = field(init=False, repr=False, compare=False)
    _places: Mapping[CardId, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive, once, what every deal looks up."""
        object.__setattr__(self, "_rivals", _rivals(self.cards))
        object.__setattr__(self, "_places", {card.id: at for at, card in enumerate(self.cards)})

    def card(self, card_id: CardId) -> Card:
        """The card of that id.

        Raises:
            KeyError: the deck has no such card.
        """
        return self.cards[self._places[card_id]]

    def rivals(self, card_id: CardId) -> frozenset[CardId]:
        """The cards that are never dealt in one match with this one."""
        return self._rivals.get(card_id, frozenset())

    @property
    def conflicts(self) -> frozenset[frozenset[CardId]]:
        """The pairs never dealt in one match: one of the two tells the other's answer."""
        return frozenset(
            frozenset((one, other)) for one, others in self._rivals.items() for other in others
        )


def _rivals(cards: Sequence[Card]) -> dict[CardId, frozenset[CardId]]:
    """Equal answers, and answers that another card's prompt names in whole words."""
    by_answer: dict[tuple[str, ...], list[CardId]] = defaultdict(list)
    for card in cards:
        by_answer[stems(card.answer)].append(card.id)
    by_answer.pop((), None)
    lengths = {len(answer) for answer in by_answer}
    rivals: dict[CardId, set[CardId]] = defaultdict(set)
    for card in cards:
        prompt = stems(card.prompt)
        told = [stems(card.answer), *(run for length in lengths for run in runs(prompt, length))]
        for other in (other for run in told for other in by_answer.get(run, ())):
            if other != card.id:
                rivals[card.id].add(other)
                rivals[other].add(card.id)
    return {card_id: frozenset(others) for card_id, others in rivals.items()}
