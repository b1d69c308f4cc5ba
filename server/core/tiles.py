"""Tiles: six cards as twelve tiles, paired against the clock, and what a game of it took."""

from collections.abc import Sequence
from enum import StrEnum
from random import Random
from typing import Final

from msgspec import Struct

from deck.cards import Card, CardId, Deck, Side

PAIRS: Final = 6
PENALTY_MS: Final = 1_000
"""What a miss adds to the time."""
PRESS_MS: Final = 200
"""Nobody finds and presses one tile after another faster than this, all through a game."""
LEAST_TURN_MS: Final = 2 * PRESS_MS
LEAST_MS: Final = PAIRS * LEAST_TURN_MS
MOST_TURNS: Final = 300
DRAWS: Final = 20
"""How often six cards are drawn from a deck of which hardly six may lie together."""


class Tile(Struct, frozen=True, gc=False, array_like=True):
    """One tile; the text is a copy, so an edited deck changes no game."""

    card: CardId
    side: Side
    text: str


class TilesDeal(Struct, frozen=True, array_like=True):
    """The tiles of one game; a tile's number is its place here."""

    tiles: tuple[Tile, ...]


class TilesResult(Struct, frozen=True):
    """What a game took: `time_ms` is `elapsed_ms` and a penalty for every miss."""

    time_ms: int
    elapsed_ms: int
    misses: int

    def beats(self, best_ms: int | None) -> bool:
        """Whether it is a new best: any time beats none, and an equal one keeps its instant."""
        return best_ms is None or self.time_ms < best_ms


class TilesReason(StrEnum):
    """Why a game is not dealt, or its turns are not taken; the words of the wire contract."""

    TOO_FEW_CARDS = "too_few_cards"
    MALFORMED = "malformed"
    NOT_FINISHED = "not_finished"
    IMPOSSIBLE_TIME = "impossible_time"


class TilesRefused(Exception):  # noqa: N818 - a refusal is the rules' answer, not an error
    """The rules say no; `detail` is one sentence that a person can act on."""

    def __init__(self, reason: TilesReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def deal(deck: Deck, rng: Random) -> TilesDeal:
    """Lay out the two sides of six cards, of which each tile has one partner and no other.

    The caller brings the randomness.

    Raises:
        TilesRefused: no six cards of the deck were found that may lie together.
    """
    for _ in range(DRAWS):
        cards = _draw(deck, rng)
        if len(cards) == PAIRS:
            prompts = [Tile(card.id, Side.PROMPT, card.prompt) for card in cards]
            answers = [Tile(card.id, Side.ANSWER, card.answer) for card in cards]
            return TilesDeal(tuple(rng.sample([*prompts, *answers], 2 * PAIRS)))
    detail = f"This deck needs {PAIRS} cards that do not give each other away: add some first."
    raise TilesRefused(TilesReason.TOO_FEW_CARDS, detail)


def _draw(deck: Deck, rng: Random) -> list[Card]:
    """Six cards; fewer where those drawn first leave no other that may lie with them."""
    drawn: list[Card] = []
    barred: set[CardId] = set()
    shown: set[str] = set()
    for card in rng.sample(deck.cards, len(deck.cards)):
        texts = {_seen(card.prompt), _seen(card.answer)}
        if card.id not in barred and shown.isdisjoint(texts):
            drawn.append(card)
            barred |= deck.rivals(card.id)
            shown |= texts
            if len(drawn) == PAIRS:
                break
    return drawn


def _seen(text: str) -> str:
    """A text as it reads at a glance; rivals are told apart by their words alone."""
    return " ".join(text.casefold().split())


def check(deal: TilesDeal, turns: Sequence[tuple[int, int]], elapsed_ms: int) -> TilesResult:
    """What a finished game took; a turn is the two tiles that were tried together.

    `elapsed_ms` is the server's own measure from the deal to the arrival of the turns. It is
    impossible where it leaves a turn, hit or miss, less than `LEAST_TURN_MS` on average: so no
    game takes less than `LEAST_MS`, and misses do not hide that nobody was pressing.

    Raises:
        TilesRefused: these turns cannot have been played, leave a pair, or came too soon.
    """
    if len(turns) > MOST_TURNS:
        detail = f"A game has at most {MOST_TURNS} turns: deal again."
        raise TilesRefused(TilesReason.MALFORMED, detail)
    left = set(range(len(deal.tiles)))
    misses = 0
    for number, (one, two) in enumerate(turns, 1):
        if one == two or one not in left or two not in left:
            detail = f"Turn {number} wants two different tiles that still lie there."
            raise TilesRefused(TilesReason.MALFORMED, detail)
        if deal.tiles[one].card == deal.tiles[two].card:
            left -= {one, two}
        else:
            misses += 1
    if left:
        detail = f"{len(left) // 2} of {PAIRS} pairs are left: send the turns when all are found."
        raise TilesRefused(TilesReason.NOT_FINISHED, detail)
    if elapsed_ms < len(turns) * LEAST_TURN_MS:
        detail = f"Nobody finds {PAIRS} pairs in {elapsed_ms} ms and {len(turns)} turns: play on."
        raise TilesRefused(TilesReason.IMPOSSIBLE_TIME, detail)
    return TilesResult(elapsed_ms + misses * PENALTY_MS, elapsed_ms, misses)
