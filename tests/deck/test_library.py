"""The first deck: word for word the page it was taken from, and closed to who knows nothing."""

# ruff: noqa: S311 - a test wants the same numbers again

from pathlib import Path
from random import Random

import pytest

from deck.cards import Deck
from deck.check import check
from deck.classifier import held_out
from deck.deals import deals
from deck.heuristics import HEURISTICS, success
from deck.library import builtin

SEED = Path(__file__).with_name("seed.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def deck() -> Deck:
    (first,) = builtin()
    return first


def test_the_deck_is_word_for_word_the_page_it_was_taken_from(deck: Deck) -> None:
    terms = SEED[SEED.index("1") :]
    page = list(zip(terms[0::3], terms[1::3], terms[2::3], strict=True))
    assert len(page) == 100
    assert [(card.id, card.prompt, card.answer) for card in deck.cards] == page
    assert (deck.id, deck.title) == ("deep-learning-interview", SEED[0])


def test_every_card_has_five_distractors_and_teaches_why(deck: Deck) -> None:
    for card in deck.cards:
        assert len(card.distractors) >= 5, card.id
        assert len(card.explanation.split()) >= 12, card.id


def test_the_check_finds_nothing_to_mend(deck: Deck) -> None:
    report = check(deck)
    assert report.findings == ()
    assert [measure for measure in report.measures if measure.leaks] == []
    assert report.clean


@pytest.mark.parametrize("name", HEURISTICS)
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_no_blind_way_of_picking_beats_guessing(deck: Deck, name: str, seed: int) -> None:
    answers = {card.answer for card in deck.cards}
    questions = deals(deck.cards, 200, Random(seed))
    assert 0.17 <= success(HEURISTICS[name], questions, answers) <= 0.33


@pytest.mark.parametrize("seed", range(20, 28))
def test_a_classifier_fitted_on_half_the_cards_fails_on_the_other(deck: Deck, seed: int) -> None:
    assert held_out(deck, seed) < 0.33
