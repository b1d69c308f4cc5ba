"""A deal: the answer among three distractors, nothing else and in no fixed place."""

# ruff: noqa: S311 - a test wants the same numbers again

from collections import Counter
from random import Random

import pytest

from deck.cards import Card, CardId
from deck.deals import deal, deals

CARD = Card(CardId("1"), "P?", "right", "", ("a", "b", "c", "d", "e"))


def test_a_question_holds_the_answer_once_and_three_different_distractors() -> None:
    for seed in range(200):
        question = deal(CARD, Random(seed))
        assert question.prompt == "P?"
        assert question.choices[question.correct] == "right"
        assert len(set(question.choices)) == 4
        assert set(question.choices) - {"right"} <= set(CARD.distractors)


def test_every_distractor_and_every_place_comes_up_equally_often() -> None:
    rng = Random(7)
    questions = [deal(CARD, rng) for _ in range(4000)]
    places = Counter(question.correct for question in questions)
    drawn = Counter(choice for question in questions for choice in question.choices)
    assert all(900 < places[place] < 1100 for place in range(4))
    assert all(2250 < drawn[choice] < 2550 for choice in CARD.distractors)


def test_a_card_with_two_distractors_cannot_be_dealt() -> None:
    poor = Card(CardId("2"), "P?", "right", "", ("a", "b"))
    with pytest.raises(ValueError, match="larger than population"):
        deal(poor, Random(1))
    assert [question.choices for question in deals([poor], 5, Random(1))] == []
    assert len(list(deals([poor, CARD], 5, Random(1)))) == 5
