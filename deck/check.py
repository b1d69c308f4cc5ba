"""Finding the cards that are broken or give their answer away, and what a blind player can use."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import sqrt
from random import Random
from types import MappingProxyType

from rapidfuzz.distance import Levenshtein

from deck.cards import Card, CardId, Deck
from deck.classifier import held_out
from deck.deals import DISTRACTORS, deals
from deck.heuristics import HEURISTICS, success
from deck.words import runs, stems, words

CHANCE = 1 / (DISTRACTORS + 1)
DEALS_EACH = 100
"""Deals of each card that a heuristic is tried on."""
SPLITS = 6
"""Random halves of the deck that the classifier learns from."""
LEEWAY = 0.08
"""How far from chance a heuristic may come on 100 cards; luck allows fewer cards more."""
CLASSIFIER = "a classifier fitted on half of the cards"
FAR = 1.5
"""An answer so many times as long as every distractor, or they as it, stands out …"""
FAR_CHARACTERS = 8
"""… if that makes at least so many characters."""
TYPO_FROM = 5
"""In words from this length one letter more, less or other is taken for a typo."""

_ARTICLES = frozenset({"a", "an", "the"})
_FILLERS = _ARTICLES.union(
    ("and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "in", "into"),
    ("is", "it", "of", "on", "or", "that", "their", "they", "this", "to", "what", "when", "which"),
    ("why", "with", "following", "mean", "used"),
)
_MARKS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "a comma": re.compile(","),
        'the word "and"': re.compile(r"\band\b", re.IGNORECASE),
        "brackets": re.compile(r"[(\[]"),
        "a slash": re.compile("/"),
        "a digit": re.compile(r"\d"),
        "a full stop at its end": re.compile(r"\.$"),
        "a small letter at its start": re.compile(r"^[a-z]"),
    }
)


class Kind(StrEnum):
    """What can be wrong with a card."""

    DUPLICATE = "duplicate"
    ALIKE = "alike"
    FEW = "few"
    UNEXPLAINED = "unexplained"
    GIVEAWAY = "giveaway"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend on one card."""

    card: CardId
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """How often one blind way of picking is right (0 to 1), and what it may reach."""

    name: str
    share: float
    low: float
    high: float

    @property
    def leaks(self) -> bool:
        """Whether picking so, or avoiding what it picks, beats guessing."""
        return not self.low <= self.share <= self.high


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check found."""

    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...]

    @property
    def clean(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.findings and not any(measure.leaks for measure in self.measures)


def check(deck: Deck, *, seed: int = 1) -> Report:
    """Look at every card, then play the deck blindly; the same seed gives the same report."""
    findings = [*_duplicates(deck)]
    for card in deck.cards:
        findings += _alike(card)
        findings += _bare(card)
        findings += _giveaways(card)
    order = {card.id: at for at, card in enumerate(deck.cards)}
    findings.sort(key=lambda finding: order[finding.card])
    return Report(tuple(findings), tuple(_measures(deck, seed)))


def _duplicates(deck: Deck) -> Iterator[Finding]:
    """Cards that ask the same."""
    by_prompt: dict[tuple[str, ...], list[Card]] = defaultdict(list)
    for card in deck.cards:
        by_prompt[words(card.prompt)].append(card)
    for same in by_prompt.values():
        for card in same[1:]:
            yield Finding(card.id, Kind.DUPLICATE, f"asks the same as card {same[0].id}")


def _bare(card: Card) -> Iterator[Finding]:
    """What every card needs to be dealt and to teach."""
    if len(card.distractors) < DISTRACTORS:
        said = f"has {len(card.distractors)} distractors; a round needs {DISTRACTORS}"
        yield Finding(card.id, Kind.FEW, said)
    if not card.explanation.strip():
        yield Finding(card.id, Kind.UNEXPLAINED, "has no explanation")


def _alike(card: Card) -> Iterator[Finding]:
    """Choices that cannot be told apart, and distractors that say the answer."""
    for one, other in combinations((card.answer, *card.distractors), 2):
        if nearly_equal(one, other):
            yield Finding(card.id, Kind.ALIKE, f"has nearly equal choices: {one!r}, {other!r}")
    answer = stems(card.answer)
    for wrong in card.distractors:
        if stems(wrong) != answer and answer in runs(stems(wrong), len(answer)):
            said = f"has a distractor that says the answer and more: {wrong!r}"
            yield Finding(card.id, Kind.ALIKE, said)
        for right in card.alternates:
            if nearly_equal(right, wrong):
                said = f"counts {wrong!r} as wrong and accepts {right!r}"
                yield Finding(card.id, Kind.ALIKE, said)


def nearly_equal(one: str, other: str) -> bool:
    """Whether two choices differ by case, points, articles, plurals or a typo a word at most."""
    first, second = (
        [word for word in stems(text) if word not in _ARTICLES] for text in (one, other)
    )
    return len(first) == len(second) and all(map(_same_word, first, second))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    long_enough = min(len(one), len(other)) >= TYPO_FROM
    return long_enough and Levenshtein.distance(one, other, score_cutoff=1) == 1


def _giveaways(card: Card) -> Iterator[Finding]:
    """Answers that stand out of all their distractors by looks alone."""
    if not card.distractors:
        return
    answer, wrong = card.answer, card.distractors
    lengths = [len(text) for text in wrong]
    if len(answer) >= max(max(lengths) * FAR, max(lengths) + FAR_CHARACTERS):
        yield Finding(card.id, Kind.GIVEAWAY, "has an answer far longer than every distractor")
    if max(len(answer) * FAR, len(answer) + FAR_CHARACTERS) <= min(lengths):
        yield Finding(card.id, Kind.GIVEAWAY, "has an answer far shorter than every distractor")
    if echoes := _echoes(card):
        said = f"has an answer that alone repeats its prompt: {', '.join(echoes)}"
        yield Finding(card.id, Kind.GIVEAWAY, said)
    for name, mark in _MARKS.items():
        has = bool(mark.search(answer))
        if all(bool(mark.search(text)) != has for text in wrong):
            said = f"has an answer that alone has {name if has else f'not {name}'}"
            yield Finding(card.id, Kind.GIVEAWAY, said)


def _echoes(card: Card) -> Sequence[str]:
    """The prompt's words in the answer, if no distractor comes near to as many."""
    asked = set(stems(card.prompt)) - _FILLERS
    right = set(stems(card.answer)) - _FILLERS
    echoes = asked & right
    rest = max(len(asked & set(stems(text))) for text in card.distractors)
    whole = bool(echoes) and echoes == right and rest == 0
    return sorted(echoes) if whole or len(echoes) >= rest + 2 else ()


def _measures(deck: Deck, seed: int) -> Iterator[Measure]:
    """Every blind way of picking, tried on many deals of the whole deck."""
    cards = sum(len(card.distractors) >= DISTRACTORS for card in deck.cards)
    if not cards:
        return
    leeway = max(LEEWAY, LEEWAY * 10 / sqrt(cards))
    low, high = CHANCE - leeway, CHANCE + leeway
    questions = list(deals(deck.cards, DEALS_EACH, Random(seed)))  # noqa: S311 - a measure
    answers = {card.answer for card in deck.cards}
    for name, heuristic in HEURISTICS.items():
        yield Measure(name, success(heuristic, questions, answers), low, high)
    mean = sum(held_out(deck, seed + split) for split in range(SPLITS)) / SPLITS
    yield Measure(CLASSIFIER, mean, 0.0, high)
