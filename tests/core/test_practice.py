"""Practice opponents: what they know, how long they think, and that they are as strong as said.

The calibration plays whole matches by the real sum of points, with the numbers of rated play.
"""

# ruff: noqa: S311 - a test wants the same numbers again

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.elo import START, expected_score
from server.core.ids import MatchId, PlayerId
from server.core.names import clean_name
from server.core.practice import (
    CHARACTERS,
    EASIEST,
    HARDEST,
    LATEST_MS,
    QUICKEST_MS,
    USUAL_LIMIT_MS,
    CardDifficulty,
    Character,
    Thought,
    difficulty_of,
    median_ms,
    right_rate,
    rng_of,
    think,
)
from server.core.scoring import points

ROUNDS = 10
MATCHES = 2_000
ALLOWED = 0.03
"""How far a score may lie from what the gap predicts: three points in a hundred, of which chance
alone makes a standard error of 0.9 over 2,000 matches."""

any_rating = st.integers(100, 2900)
any_difficulty = st.integers(EASIEST, HARDEST)
any_limit = st.integers(100, 60_000)
any_round = st.integers(1, 50)


def dealt(draw: Callable[[Random], float]) -> list[int]:
    """The difficulties of a deck of a hundred cards."""
    rng = Random(4)
    return [round(draw(rng)) for _ in range(100)]


DECKS = {
    "nobody has answered yet": dealt(lambda _: START),
    "spread evenly": dealt(lambda rng: rng.gauss(1500, 250)),
    "easy": dealt(lambda rng: rng.gauss(1300, 250)),
    "hard": dealt(lambda rng: rng.gauss(1600, 200)),
    "most easy, some very hard": dealt(lambda rng: 1200 + rng.expovariate(1 / 300)),
    "two thirds easy, the others out of reach": [1200] * 67 + [2000] * 33,
}


def total(character: Character, match: MatchId, cards: Sequence[int]) -> int:
    """The points of one side of a match, a card of each difficulty a round."""
    sum_ = 0
    for number, difficulty in enumerate(cards, 1):
        rng = rng_of(match, character.id, number)
        thought = think(character.strength, difficulty, 0, USUAL_LIMIT_MS, rng)
        if thought.choice == 0:
            sum_ += points(thought.after_ms, USUAL_LIMIT_MS)
    return sum_


def score(stronger: Character, weaker: Character, deck: str) -> float:
    """The mean score of the first over all matches; a draw is half."""
    won = 0.0
    for number in range(MATCHES):
        match = MatchId(f"{number} of {deck}")
        cards = Random(match).sample(DECKS[deck], ROUNDS)
        one, two = total(stronger, match, cards), total(weaker, match, cards)
        won += 1 if one > two else 0.5 if one == two else 0
    return won / MATCHES


@pytest.mark.parametrize("deck", DECKS)
@pytest.mark.parametrize(("weaker", "stronger"), list(pairwise(CHARACTERS)), ids=lambda c: c.name)
def test_a_character_scores_against_the_one_before_as_their_gap_predicts(
    weaker: Character, stronger: Character, deck: str
) -> None:
    predicted = expected_score(stronger.strength, weaker.strength)
    assert abs(score(stronger, weaker, deck) - predicted) < ALLOWED


def test_the_characters_stand_at_equal_steps_around_a_new_player() -> None:
    assert [character.strength for character in CHARACTERS] == [1000, 1250, 1500, 1750, 2000]
    assert [character.id for character in CHARACTERS] == [f"practice-{n}" for n in range(1, 6)]


def test_the_names_of_the_characters_are_names_that_a_player_could_have() -> None:
    names = [character.name for character in CHARACTERS]
    assert [clean_name(name) for name in names] == names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("rating", "difficulty", "rate"),
    [
        (1500, 1500, 0.5),
        (2420, 1500, 10 / 11),
        (1500, 2420, 1 / 11),
        (1000, 1500, 1 / (1 + 10 ** (500 / 920))),
        (3340, 1500, 100 / 101),
    ],
)
def test_who_is_as_strong_as_a_card_is_hard_knows_it_every_second_time(
    rating: int, difficulty: int, rate: float
) -> None:
    assert right_rate(rating, difficulty) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("strength", "difficulty", "limit_ms", "wanted"),
    [
        (1500, 1500, 15_000, 3700),
        (1930, 1500, 15_000, 1850),
        (1070, 1500, 15_000, 7400),
        (1500, 2600, 15_000, 7400),
        (1500, 1500, 60_000, 3700),
        (1500, 1500, 7_500, 1850),
    ],
)
def test_the_strong_are_quick_and_a_hard_card_takes_time(
    strength: int, difficulty: int, limit_ms: int, wanted: float
) -> None:
    assert median_ms(strength, difficulty, limit_ms) == pytest.approx(wanted)
    times = [
        think(strength, difficulty, 1, limit_ms, Random(seed)).after_ms for seed in range(2000)
    ]
    assert median(times) == pytest.approx(wanted, rel=0.03)


def test_the_logarithm_of_the_time_spreads_as_a_normal_one() -> None:
    logs = [math.log(think(1500, 1500, 1, 60_000, Random(seed)).after_ms) for seed in range(4000)]
    mean = sum(logs) / len(logs)
    assert math.sqrt(sum((x - mean) ** 2 for x in logs) / len(logs)) == pytest.approx(0.4, rel=0.05)


@given(any_rating, any_difficulty, any_limit, st.integers(0, 3), any_round)
def test_nobody_answers_faster_than_a_hand_or_when_it_is_too_late(
    strength: int, difficulty: int, limit_ms: int, correct: int, round_: int
) -> None:
    thought = think(strength, difficulty, correct, limit_ms, Random(round_))
    if thought.choice is None:
        assert thought.after_ms == limit_ms
    else:
        assert 0 <= thought.choice <= 3
        haste = min(1, limit_ms / USUAL_LIMIT_MS)
        assert thought.after_ms >= round(QUICKEST_MS * haste)
        assert thought.after_ms < limit_ms - (USUAL_LIMIT_MS - LATEST_MS) * haste


def test_a_beginner_lets_a_hard_card_pass_now_and_then_and_an_expert_never_an_easy_one() -> None:
    slow = [think(1000, 2000, 0, 15_000, Random(seed)).choice for seed in range(1000)]
    assert 200 < slow.count(None) < 500
    quick = [think(2000, 1200, 0, 15_000, Random(seed)).choice for seed in range(1000)]
    assert None not in quick


def test_who_does_not_know_believes_any_of_the_others_and_never_the_right_one_by_luck() -> None:
    believed = [think(1500, 9000, 2, 9_000_000, Random(seed)).choice for seed in range(3000)]
    assert {choice: believed.count(choice) for choice in (0, 1, 3)} == {
        choice: pytest.approx(1000, rel=0.1) for choice in (0, 1, 3)
    }
    assert set(believed) == {0, 1, 3}


def test_a_card_that_cannot_be_known_is_guessed() -> None:
    guessed = [think(3000, 1500, None, 15_000, Random(seed)).choice for seed in range(400)]
    assert set(guessed) == {0, 1, 2, 3}


@given(st.text(max_size=12), st.sampled_from(CHARACTERS), any_round, any_difficulty)
def test_the_same_seed_and_question_have_the_same_answer_in_the_same_time(
    match: str, character: Character, round_: int, difficulty: int
) -> None:
    def again() -> Thought:
        rng = rng_of(MatchId(match), character.id, round_)
        return think(character.strength, difficulty, 1, USUAL_LIMIT_MS, rng)

    assert again() == again()


def test_another_match_player_or_round_is_another_seed() -> None:
    one, two = MatchId("one"), MatchId("two")
    seeds = [(one, "p", 1), (two, "p", 1), (one, "q", 1), (one, "p", 2)]
    drawn = {rng_of(match, PlayerId(player), round_).random() for match, player, round_ in seeds}
    assert len(drawn) == len(seeds)


@pytest.mark.parametrize(
    ("answers", "difficulty"),
    [  # the root of the slope of the posterior, computed with 40 digits of `decimal`
        ([], 1500),
        ([(1500, True)], 1401),
        ([(1500, False)], 1599),
        ([(1500, True), (1500, False)], 1500),
        ([(1500, True)] * 100 + [(1500, False)] * 100, 1500),
        ([(1800, True)] * 100 + [(1800, False)] * 100, 1790),
        ([(1500, True)] * 900 + [(1500, False)] * 100, 639),
        ([(1500, False)] * 900 + [(1500, True)] * 100, 2361),
        ([(2000, False), (1000, True)], 1500),
        ([(1200, True)] * 20 + [(1900, False)] * 5, 953),
    ],
)
def test_the_difficulty_of_a_card_is_the_most_probable_one(
    answers: list[tuple[int, bool]], difficulty: int
) -> None:
    assert difficulty_of(answers) == CardDifficulty(len(answers), difficulty)


def test_a_card_that_all_or_none_know_is_as_easy_or_as_hard_as_can_be() -> None:
    assert difficulty_of([(100, True)] * 100_000).difficulty == EASIEST
    assert difficulty_of([(2900, False)] * 100_000).difficulty == HARDEST


@given(
    st.lists(st.tuples(any_rating, st.booleans()), max_size=30),
    st.tuples(any_rating, st.booleans()),
)
def test_a_right_answer_makes_no_card_harder_and_a_wrong_one_none_easier(
    answers: list[tuple[int, bool]], more: tuple[int, bool]
) -> None:
    before, after = difficulty_of(answers), difficulty_of([*answers, more])
    if more[1]:
        assert after.difficulty <= before.difficulty
    else:
        assert after.difficulty >= before.difficulty


@given(st.lists(st.tuples(any_rating, st.booleans()), max_size=30), st.randoms())
def test_the_order_of_the_answers_does_not_matter(
    answers: list[tuple[int, bool]], rng: Random
) -> None:
    shuffled = rng.sample(answers, len(answers))
    assert difficulty_of(shuffled) == difficulty_of(answers)


@pytest.mark.parametrize("true", [900, 1300, 1700, 2100])
def test_the_difficulty_of_a_card_is_found_again_from_the_answers_of_many(true: int) -> None:
    rng = Random(true)
    ratings = [round(rng.gauss(1500, 200)) for _ in range(2000)]
    answers = [(rating, rng.random() < right_rate(rating, true)) for rating in ratings]
    assert difficulty_of(answers).difficulty == pytest.approx(true, abs=60)
