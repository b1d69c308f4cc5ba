"""A small guesser that learns from one half of a deck what right choices look like.

Plain logistic regression on surface features. Every feature of a choice is taken relative to the
other choices of its question, because only what differs between them can tell one from another.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from operator import mul
from random import Random

from deck.cards import Deck
from deck.deals import DISTRACTORS, Question, deals
from deck.heuristics import HEURISTICS, Scores, hit, known_answer
from deck.words import words

FIT_DEALS = 5
TEST_DEALS = 15
STEPS = 60
STEP_SIZE = 0.5
DECAY = 0.01

_LOOKS: tuple[Callable[[str], float], ...] = (
    lambda text: len(words(text)),
    lambda text: len(text) / max(1, len(words(text))),
    lambda text: len(re.findall(r"[,;:]", text)),
    lambda text: "(" in text,
    lambda text: "/" in text,
    lambda text: "-" in text,
    lambda text: any(character.isdigit() for character in text),
    lambda text: sum(character.isupper() for character in text),
    lambda text: text.startswith("To "),
    lambda text: text.startswith(("A ", "An ", "The ")),
    lambda text: words(text)[:1] != () and words(text)[0].endswith("ing"),
    lambda text: words(text)[:1] != () and words(text)[0].endswith("s"),
    lambda text: text.endswith("s"),
)

_HEURISTICS = tuple(way for way in HEURISTICS.values() if way is not known_answer)
"""Knowing the list of answers is no matter of looks, and measured by itself."""

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Classifier:
    """What was learned: a weight for each feature, and how far each feature spreads."""

    weights: Row
    spreads: Row

    def scores(self, question: Question) -> Scores:
        """How right each choice looks."""
        scale = [w / s for w, s in zip(self.weights, self.spreads, strict=True)]
        return [sum(map(mul, scale, row)) for row in features(question)]


def features(question: Question) -> list[Row]:
    """A row for each choice: each of its looks, less the mean of the four."""
    columns: list[list[float]] = [
        [float(score) for score in heuristic(question.choices, question.prompt, frozenset())]
        for heuristic in HEURISTICS.values()
    ]
    columns += [[float(look(choice)) for choice in question.choices] for look in _LOOKS]
    lengths = [len(choice) for choice in question.choices]
    mean = sum(lengths) / len(lengths)
    columns += [
        [float(length == max(lengths)) for length in lengths],
        [float(length == min(lengths)) for length in lengths],
        [length / mean for length in lengths],
        [abs(length / mean - 1) for length in lengths],
    ]
    centred = [[value - sum(column) / len(column) for value in column] for column in columns]
    return list(zip(*centred, strict=True))


def fit(questions: Sequence[Question]) -> Classifier:
    """Learn from questions whose answers are known, by gradient descent from zero."""
    rows: list[Row] = []
    targets: list[float] = []
    for question in questions:
        rows += features(question)
        targets += [float(at == question.correct) for at in range(len(question.choices))]
    columns = list(zip(*rows, strict=True))
    spreads = [sqrt(sum(map(mul, column, column)) / len(column)) or 1.0 for column in columns]
    columns = [
        tuple(value / spread for value in column)
        for column, spread in zip(columns, spreads, strict=True)
    ]
    rows = list(zip(*columns, strict=True))
    prior = sum(targets) / len(targets)
    weights = [0.0] * len(columns)
    for _ in range(STEPS):
        errors = [
            target - 1 / (1 + (1 / prior - 1) * exp(-sum(map(mul, weights, row))))
            for target, row in zip(targets, rows, strict=True)
        ]
        weights = [
            weight + STEP_SIZE * (4 * sum(map(mul, errors, column)) / len(errors) - DECAY * weight)
            for weight, column in zip(weights, columns, strict=True)
        ]
    return Classifier(tuple(weights), tuple(spreads))


def held_out(deck: Deck, seed: int) -> float:
    """Fit on a random half of the cards; the share, 0 to 1, it gets right on the other half."""
    rng = Random(seed)  # noqa: S311 - a measure, no secret
    cards = [card for card in deck.cards if len(card.distractors) >= DISTRACTORS]
    rng.shuffle(cards)
    known, unknown = cards[: len(cards) // 2], cards[len(cards) // 2 :]
    if not known:
        return 0.0
    classifier = fit(list(deals(known, FIT_DEALS, rng)))
    hits = [
        hit(classifier.scores(question), question.correct)
        for question in deals(unknown, TEST_DEALS, rng)
    ]
    return sum(hits) / len(hits)
