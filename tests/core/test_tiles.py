"""Tiles: which tiles lie together, and which games count."""

# ruff: noqa: S311 - a test wants the same numbers again

from collections import Counter
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck.cards import Card, CardId, Deck, DeckId, Side
from deck.library import builtin
from server.core.tiles import (
    LEAST_MS,
    MOST_TURNS,
    Tile,
    TilesDeal,
    TilesReason,
    TilesRefused,
    TilesResult,
    check,
    deal,
)

DECK: Final = builtin()[0]
seeds = st.integers(0, 2**64)

LAID: Final = TilesDeal(
    tuple(Tile(CardId(str(at // 2)), list(Side)[at % 2], f"text {at}") for at in range(12))
)
"""Tiles 0 and 1 are a pair, 2 and 3 are, and so on."""
PERFECT: Final = tuple((at, at + 1) for at in range(0, 12, 2))
LONG: Final = 1_000_000

Turns = tuple[tuple[int, int], ...]


@given(seeds)
def test_a_deal_is_both_sides_of_six_cards_of_which_none_tells_on_another(seed: int) -> None:
    tiles = deal(DECK, Random(seed)).tiles
    cards = {tile.card for tile in tiles}
    assert len(tiles) == 12
    assert {(tile.card, tile.side) for tile in tiles} == {(c, s) for c in cards for s in Side}
    assert not any(DECK.rivals(card) & cards for card in cards)
    for tile in tiles:
        card = DECK.card(tile.card)
        assert tile.text == (card.prompt if tile.side is Side.PROMPT else card.answer)


@given(seeds)
def test_the_same_seed_gives_the_same_deal(seed: int) -> None:
    assert deal(DECK, Random(seed)) == deal(DECK, Random(seed))


def test_every_card_is_drawn_and_nothing_is_told_by_where_a_tile_lies() -> None:
    rng = Random(5)
    dealt = [deal(DECK, rng).tiles for _ in range(1_200)]
    assert {tile.card for tiles in dealt for tile in tiles} == {card.id for card in DECK.cards}
    partners = {
        (one, two)
        for tiles in dealt
        for one in range(12)
        for two in range(12)
        if one != two and tiles[one].card == tiles[two].card
    }
    assert len(partners) == 12 * 11
    places = Counter(
        at for tiles in dealt for at, tile in enumerate(tiles) if tile.side == "prompt"
    )
    expected = 1_200 / 2
    chi_square = sum((places[place] - expected) ** 2 / (expected / 2) for place in range(12))
    assert chi_square < 26.76 * 12 / 11  # 0.5 % of fair deals: a half each, six of them a deal


def _deck(*texts: tuple[str, str]) -> Deck:
    """Cards of these prompts and answers; none has distractors, which tiles do not need."""
    cards = tuple(Card(CardId(str(n)), p, a, "", ()) for n, (p, a) in enumerate(texts))
    return Deck(DeckId("d"), "D", cards)


FIVE: Final = tuple((f"prompt {n}", f"answer {n}") for n in range(5))


@pytest.mark.parametrize(
    ("sixth", "seventh", "together"),
    [
        (("one", "uno"), ("two", "due"), True),
        (("one", "uno"), ("two", "uno"), False),
        (("one", "uno"), ("two", "UNO!"), False),  # rivals by their words
        (("one", "uno"), ("what is uno?", "due"), False),  # the prompt names the answer
        (("sum", "+"), ("what +", "-"), True),
        (("sum", "+"), ("and", "+"), False),  # no words to be rivals by, but one text
        (("one", "uno"), ("ONE ", "due"), False),  # one prompt with two answers
        (("+", "plus"), ("sum", "+"), False),  # the prompt of one is the answer of the other
    ],
)
def test_no_two_tiles_that_could_stand_for_each_other_lie_together(
    sixth: tuple[str, str], seventh: tuple[str, str], *, together: bool
) -> None:
    deck = _deck(*FIVE, sixth, seventh)
    dealt = [{tile.card for tile in deal(deck, Random(seed)).tiles} for seed in range(200)]
    assert all(len(cards) == 6 for cards in dealt)
    assert any({"5", "6"} <= cards for cards in dealt) is together


@pytest.mark.parametrize("deck", [_deck(), _deck(*FIVE), _deck(*FIVE, *FIVE)])
def test_a_deck_without_six_cards_that_may_lie_together_is_not_dealt(deck: Deck) -> None:
    with pytest.raises(TilesRefused) as refused:
        deal(deck, Random(1))
    assert refused.value.reason is TilesReason.TOO_FEW_CARDS


def test_a_deck_of_which_a_draw_often_ends_at_five_is_dealt_all_the_same() -> None:
    # Whoever draws the tell-tale cannot have the six others.
    deck = _deck(*FIVE, ("prompt 5", "answer 5"), ("answer 0 answer 1 answer 2", "tell-tale"))
    for seed in range(200):
        assert "6" not in {tile.card for tile in deal(deck, Random(seed)).tiles}


@pytest.mark.parametrize(
    ("turns", "elapsed_ms", "result"),
    [
        (PERFECT, 9_000, (9_000, 0)),
        (PERFECT[::-1], 9_000, (9_000, 0)),
        (tuple((two, one) for one, two in PERFECT), 9_000, (9_000, 0)),
        (((0, 2), *PERFECT), 9_000, (10_000, 1)),
        (((0, 2), (0, 2), (2, 0), *PERFECT), 9_000, (12_000, 3)),
        ((*PERFECT[:4], (8, 11), *PERFECT[4:]), 9_000, (10_000, 1)),
        (PERFECT, 2_400, (2_400, 0)),
        (((0, 2), *PERFECT), 2_800, (3_800, 1)),
        (((0, 2),) * 294 + PERFECT, 120_000, (414_000, 294)),
    ],
)
def test_a_game_takes_its_time_and_a_second_for_every_miss(
    turns: Turns, elapsed_ms: int, result: tuple[int, int]
) -> None:
    time_ms, misses = result
    assert check(LAID, turns, elapsed_ms) == TilesResult(time_ms, elapsed_ms, misses)


@pytest.mark.parametrize(
    ("turns", "elapsed_ms", "reason"),
    [
        (((0, 12), *PERFECT), LONG, TilesReason.MALFORMED),
        (((-1, 0), *PERFECT), LONG, TilesReason.MALFORMED),
        (((10**30, 0), *PERFECT), LONG, TilesReason.MALFORMED),
        (((0, 0), *PERFECT), LONG, TilesReason.MALFORMED),
        ((*PERFECT, (0, 1)), LONG, TilesReason.MALFORMED),
        (((0, 1), (1, 2), *PERFECT[1:]), LONG, TilesReason.MALFORMED),
        (((0, 1), (2, 0), *PERFECT[1:]), LONG, TilesReason.MALFORMED),
        (((0, 2),) * 295 + PERFECT, LONG, TilesReason.MALFORMED),
        ((), LONG, TilesReason.NOT_FINISHED),
        (PERFECT[:5], LONG, TilesReason.NOT_FINISHED),
        (PERFECT[:5], 0, TilesReason.NOT_FINISHED),
        ((*PERFECT[:5], (0, 0)), 0, TilesReason.MALFORMED),
        (PERFECT, 2_399, TilesReason.IMPOSSIBLE_TIME),
        (PERFECT, 0, TilesReason.IMPOSSIBLE_TIME),
        (PERFECT, -1, TilesReason.IMPOSSIBLE_TIME),
        (((0, 2), *PERFECT), 2_799, TilesReason.IMPOSSIBLE_TIME),
        (((0, 2),) * 294 + PERFECT, 119_999, TilesReason.IMPOSSIBLE_TIME),
    ],
)
def test_turns_that_cannot_have_been_played_are_refused(
    turns: Turns, elapsed_ms: int, reason: TilesReason
) -> None:
    with pytest.raises(TilesRefused) as refused:
        check(LAID, turns, elapsed_ms)
    assert refused.value.reason is reason
    assert refused.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("best_ms", "better"), [(None, True), (9_001, True), (9_000, False), (8_999, False)]
)
def test_an_equal_time_is_no_new_best(best_ms: int | None, *, better: bool) -> None:
    assert check(LAID, PERFECT, 9_000).beats(best_ms) is better


@given(seeds, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=MOST_TURNS))
def test_what_is_tried_before_the_last_pair_costs_a_second_each_and_nothing_else(
    seed: int, tried: list[tuple[int, int]]
) -> None:
    dealt = deal(DECK, Random(seed))
    cards = [tile.card for tile in dealt.tiles]
    misses = [(a, b) for a, b in tried if cards[a] != cards[b]][: MOST_TURNS - 6]
    pairs = [tuple(at for at in range(12) if cards[at] == card) for card in set(cards)]
    turns = [*misses, *((one, two) for one, two in pairs)]
    result = check(dealt, turns, LONG)
    assert (result.misses, result.time_ms) == (len(misses), LONG + 1_000 * len(misses))
    assert result.time_ms >= LEAST_MS
