"""The blind ways of picking, on hand-made questions."""

from collections.abc import Sequence

import pytest

from deck.deals import Question
from deck.heuristics import (
    HEURISTICS,
    Heuristic,
    comma_or_and,
    common_words,
    hit,
    known_answer,
    longest,
    prompt_words,
    shortest,
    success,
)

ANSWERS = frozenset({"Adam", "ReLU"})


@pytest.mark.parametrize(
    ("heuristic", "prompt", "choices", "scores"),
    [
        (longest, "", ["a", "abc", "", "ab"], [1, 3, 0, 2]),
        (shortest, "", ["a", "abc", "", "ab"], [-1, -3, 0, -2]),
        (
            prompt_words,
            "What is the learning rate?",
            ["The rate of learning", "Learning-rate decay", "A rate, a rate", "rates"],
            [3, 2, 1, 0],
        ),
        (
            common_words,
            "",
            ["the red hat", "The red coat", "the blue coat", "none, none"],
            [3, 4, 3, 0],
        ),
        (known_answer, "", ["Adam", "adam", "ReLU", "SGD"], [1, 0, 1, 0]),
        (comma_or_and, "", ["Sand", "a, b", "This AND that", "land-and-sea"], [0, 1, 1, 1]),
    ],
)
def test_a_way_of_picking_scores_each_choice(
    heuristic: Heuristic, prompt: str, choices: list[str], scores: list[float]
) -> None:
    assert list(heuristic(choices, prompt, ANSWERS)) == scores


@pytest.mark.parametrize(
    ("scores", "correct", "chance"),
    [
        ([1, 2, 3, 0], 2, 1.0),
        ([1, 2, 3, 0], 1, 0.0),
        ([3, 3, 1, 0], 0, 0.5),
        ([3, 3, 1, 0], 2, 0.0),
        ([0, 0, 0, 0], 3, 0.25),
        ([-1, -2, -2, -2], 0, 1.0),
    ],
)
def test_a_tie_for_the_highest_score_is_shared(
    scores: Sequence[float], correct: int, chance: float
) -> None:
    assert hit(scores, correct) == chance


def test_success_is_the_mean_over_the_questions() -> None:
    questions = [
        Question("", ("aa", "a", "a", "a"), 0),
        Question("", ("aa", "a", "a", "a"), 1),
        Question("", ("aa", "aa", "a", "a"), 0),
    ]
    assert success(longest, questions, ANSWERS) == pytest.approx(0.5)
    assert success(shortest, questions, ANSWERS) == pytest.approx((0 + 1 / 3 + 0) / 3)
    assert success(longest, [], ANSWERS) == 0


def test_every_way_of_picking_is_measured() -> None:
    assert set(HEURISTICS.values()) == {
        *(longest, shortest, prompt_words, common_words, known_answer, comma_or_and)
    }
