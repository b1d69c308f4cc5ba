"""The deal, on the deck that travels with the program."""

# ruff: noqa: S311 - a test wants the same numbers again

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck.cards import Card, CardId, Deck, DeckId
from deck.library import builtin
from server.core.deal import deal, playable

DECK = builtin()[0]
seeds = st.integers(0, 2**64)


@given(seeds, st.integers(5, 20))
def test_no_card_comes_twice_and_no_two_that_give_each_other_away(seed: int, rounds: int) -> None:
    cards = [CardId(card.card) for card in deal(DECK, rounds, Random(seed))]
    assert len(cards) == len(set(cards)) == rounds
    assert not any(DECK.rivals(card) & set(cards) for card in cards)


@given(seeds)
def test_four_different_choices_hold_the_answer_where_it_is_said_to_be(seed: int) -> None:
    for dealt in deal(DECK, 10, Random(seed)):
        card = DECK.card(CardId(dealt.card))
        assert len(set(dealt.choices)) == 4
        assert dealt.choices[dealt.correct] == card.answer
        assert set(dealt.choices) <= {card.answer, *card.distractors}
        assert (dealt.prompt, dealt.explanation) == (card.prompt, card.explanation)


@given(seeds)
def test_the_same_seed_gives_the_same_deal(seed: int) -> None:
    assert deal(DECK, 10, Random(seed)) == deal(DECK, 10, Random(seed))


def test_the_right_choice_stands_in_every_place_equally_often() -> None:
    rng = Random(5)
    dealt = [card for _ in range(2_000) for card in deal(DECK, 10, rng)]
    places = Counter(card.correct for card in dealt)
    expected = len(dealt) / 4
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(4))
    assert chi_square < 11.34  # 1 % of fair deals, three degrees of freedom


def test_every_distractor_stands_in_every_place_equally_often() -> None:
    card = Card(CardId("1"), "P?", "right", "", ("a", "b", "c", "d", "e"))
    rng = Random(6)
    deck = Deck(DeckId("d"), "D", (card,))
    seen = Counter(
        (place, choice)
        for _ in range(8_000)
        for place, choice in enumerate(deal(deck, 1, rng)[0].choices)
        if choice != "right"
    )
    expected = 8_000 * 3 / 20
    chi_square = sum(
        (seen[place, choice] - expected) ** 2 / expected for place in range(4) for choice in "abcde"
    )
    assert chi_square < 36.19  # 1 % of fair deals, nineteen degrees of freedom


def test_every_card_is_drawn() -> None:
    rng = Random(8)
    drawn = {card.card for _ in range(300) for card in deal(DECK, 10, rng)}
    assert drawn == {card.id for card in DECK.cards}


def _card(number: int, answer: str, distractors: int) -> Card:
    wrong = tuple(f"wrong {number} {n}" for n in range(distractors))
    return Card(CardId(str(number)), f"prompt {number}", answer, "", wrong)


@pytest.mark.parametrize(
    ("distractors", "rounds", "dealt"),
    [
        ((3, 3, 3), 3, 3),
        ((3, 3, 3), 2, 2),
        ((3, 3, 3), 5, 3),  # the deck has no more
        ((2, 3, 4), 3, 2),  # two wrong choices are too few
        ((0, 2, 1), 3, 0),
    ],
)
def test_a_deal_has_as_many_cards_as_are_asked_for_and_can_be_asked(
    distractors: tuple[int, ...], rounds: int, dealt: int
) -> None:
    cards = tuple(_card(n, f"answer {n}", count) for n, count in enumerate(distractors))
    deck = Deck(DeckId("d"), "D", cards)
    assert [card.id for card in playable(deck)] == [
        str(n) for n, count in enumerate(distractors) if count >= 3
    ]
    for seed in range(20):
        assert len(deal(deck, rounds, Random(seed))) == dealt


def test_of_cards_with_one_answer_a_match_gets_one() -> None:
    deck = Deck(DeckId("d"), "D", tuple(_card(n, "Adam", 3) for n in range(4)))
    first = {deal(deck, 4, Random(seed))[0].card for seed in range(60)}
    assert all(len(deal(deck, 4, Random(seed))) == 1 for seed in range(60))
    assert first == {"0", "1", "2", "3"}
