"""The small classifier: it learns a leak where there is one, and nothing where there is none."""

# ruff: noqa: S311 - a test wants the same numbers again

from collections.abc import Callable
from random import Random

import pytest

from deck.cards import Card, CardId, Deck, DeckId
from deck.classifier import features, fit, held_out
from deck.deals import Question


def deck_where(answer: Callable[[str], str], wrong: Callable[[str], str], cards: int = 60) -> Deck:
    """Cards of five random words a choice, each kind of choice then disguised."""
    rng = Random(3)

    def text() -> str:
        return " ".join("".join(rng.choices("bcdfghklm", k=rng.randint(3, 8))) for _ in range(5))

    made = tuple(
        Card(CardId(str(n)), text(), answer(text()), "", tuple(wrong(text()) for _ in range(6)))
        for n in range(cards)
    )
    return Deck(DeckId("d"), "D", made)


@pytest.mark.parametrize(
    "mark",
    [
        lambda text: text + " and more of it than the others have",
        lambda text: text[:12],
        lambda text: text.replace(" ", ", ", 1),
        lambda text: "To " + text,
        lambda text: text + " (7)",
    ],
)
def test_what_sets_the_answers_apart_is_learned(mark: Callable[[str], str]) -> None:
    leaky = deck_where(mark, lambda text: text)
    assert held_out(leaky, 1) > 0.8
    inverse = deck_where(lambda text: text, mark)
    assert held_out(inverse, 1) > 0.8


def test_nothing_is_learned_where_all_choices_are_alike() -> None:
    fair = deck_where(lambda text: text, lambda text: text)
    shares = [held_out(fair, seed) for seed in range(6)]
    assert 0.18 < sum(shares) / len(shares) < 0.32


def test_what_was_learned_is_tried_on_other_cards() -> None:
    few = deck_where(lambda text: text, lambda text: text, cards=6)
    shares = [held_out(few, seed) for seed in range(10)]
    assert sum(shares) / len(shares) < 0.4


def test_the_same_seed_learns_the_same() -> None:
    deck = deck_where(lambda text: text, lambda text: text)
    assert held_out(deck, 5) == held_out(deck, 5)
    assert held_out(deck, 5) != held_out(deck, 6)


def test_the_features_of_a_question_are_relative_to_its_choices() -> None:
    question = Question("P?", ("To go, far", "A (b)", "x/1-y", "Running"), 0)
    for column in zip(*features(question), strict=True):
        assert sum(column) == pytest.approx(0)


def test_the_learned_weights_prefer_what_was_right() -> None:
    shown = [Question("", ("aaaa", "b", "c", "d"), 0), Question("", ("e", "f", "gggg", "h"), 2)]
    scores = fit(shown).scores(Question("", ("i", "j", "k", "llll"), 3))
    assert max(scores) == scores[3]


def test_an_empty_deck_gives_nothing_away() -> None:
    assert held_out(Deck(DeckId("d"), "D", ()), 1) == 0
