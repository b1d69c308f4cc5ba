"""What a deck says about its cards: finding them, and which of them never meet."""

import pytest

from deck.cards import Card, CardId, Deck, DeckId
from deck.library import builtin


def deck_of(*cards: tuple[str, str]) -> Deck:
    """A deck of (prompt, answer), numbered from 1."""
    return Deck(
        DeckId("d"),
        "D",
        tuple(
            Card(CardId(str(number)), prompt, answer, "Because.", ("x", "y", "z"))
            for number, (prompt, answer) in enumerate(cards, start=1)
        ),
    )


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (("Which activation?", "ReLU"), ("Which helps?", "ReLU"), False),
        (("Which activation?", "ReLU"), ("Which helps?", "relu."), False),
        (("Which activation?", "ReLU"), ("What does ReLU stand for?", "Rectified"), False),
        (("What does ReLU stand for?", "Rectified"), ("Which activation?", "ReLU"), False),
        (("Which activation?", "ReLU"), ("Name PReLU's inventor", "He"), True),
        (("Which method helps?", "Gradient clipping"), ("What is gradient-clipping?", "A"), False),
        (("Which method helps?", "Gradient clipping"), ("Is clipping a gradient new?", "A"), True),
        (("A hyperparameter?", "Learning rate"), ("With adaptive learning rates?", "Adam"), False),
        (("What is a loss?", "A number"), ("What is a los?", "A typo"), True),
        (("Which sign?", "+"), ("Which other sign?", "-"), True),
    ],
)
def test_cards_meet_unless_one_tells_the_others_answer(
    one: tuple[str, str], other: tuple[str, str], *, meet: bool
) -> None:
    deck = deck_of(one, other)
    pair = frozenset((CardId("1"), CardId("2")))
    assert deck.conflicts == (frozenset() if meet else {pair})
    assert deck.rivals(CardId("1")) == (frozenset() if meet else {"2"})
    assert deck.rivals(CardId("2")) == (frozenset() if meet else {"1"})


def test_a_card_is_no_rival_of_itself() -> None:
    deck = deck_of(("Is accuracy the accuracy?", "Accuracy"), ("What else?", "Nothing"))
    assert deck.conflicts == frozenset()


def test_a_card_is_found_by_its_id() -> None:
    deck = deck_of(("First?", "One"), ("Second?", "Two"))
    assert deck.card(CardId("2")).answer == "Two"
    with pytest.raises(KeyError):
        deck.card(CardId("3"))


def test_the_conflicts_of_the_first_deck_are_these() -> None:
    (deck,) = builtin()
    assert {tuple(sorted(map(int, pair))) for pair in deck.conflicts} == {
        *((4, 5), (4, 16), (4, 18), (5, 18), (16, 18)),  # ReLU
        *((10, 59), (58, 77), (34, 35), (89, 90)),  # Adam, clipping, ResNet, accuracy
        *((10, 86), (60, 86), (61, 86), (62, 86), (78, 86), (79, 86)),  # learning rate
    }
