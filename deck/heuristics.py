"""Ways to pick a choice without knowing the subject, and how often each is right."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from deck.deals import Question
from deck.words import words

Scores = Sequence[float]
Heuristic = Callable[[Sequence[str], str, AbstractSet[str]], Scores]
"""(choices, prompt, the deck's answers) → a score for each choice; the highest is picked."""


def longest(choices: Sequence[str], _prompt: str, _answers: AbstractSet[str]) -> Scores:
    return [len(choice) for choice in choices]


def shortest(choices: Sequence[str], _prompt: str, _answers: AbstractSet[str]) -> Scores:
    return [-len(choice) for choice in choices]


def prompt_words(choices: Sequence[str], prompt: str, _answers: AbstractSet[str]) -> Scores:
    """How many of the prompt's words the choice repeats."""
    asked = set(words(prompt))
    return [len(asked & set(words(choice))) for choice in choices]


def common_words(choices: Sequence[str], _prompt: str, _answers: AbstractSet[str]) -> Scores:
    """How many words the choice has in common with each of the others, added up."""
    said = [set(words(choice)) for choice in choices]
    return [sum(len(one & other) for other in said if other is not one) for one in said]


def known_answer(choices: Sequence[str], _prompt: str, answers: AbstractSet[str]) -> Scores:
    """Whether the choice is the answer of some card of the deck."""
    return [float(choice in answers) for choice in choices]


def comma_or_and(choices: Sequence[str], _prompt: str, _answers: AbstractSet[str]) -> Scores:
    """Whether the choice lists several things."""
    return [float("," in choice or "and" in words(choice)) for choice in choices]


HEURISTICS: Mapping[str, Heuristic] = MappingProxyType(
    {
        "longest choice": longest,
        "shortest choice": shortest,
        "most words of the prompt": prompt_words,
        "most words in common with the other choices": common_words,
        "is some card's answer": known_answer,
        'has a comma or "and"': comma_or_and,
    }
)


def hit(scores: Scores, correct: int) -> float:
    """The chance of being right for who picks the highest score; a tie is shared."""
    best = max(scores)
    return (scores[correct] == best) / sum(score == best for score in scores)


def success(
    heuristic: Heuristic, questions: Iterable[Question], answers: AbstractSet[str]
) -> float:
    """The share of questions, 0 to 1, that the heuristic gets right (0 of none)."""
    hits = [hit(heuristic(q.choices, q.prompt, answers), q.correct) for q in questions]
    return sum(hits) / len(hits) if hits else 0.0
