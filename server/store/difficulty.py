"""How hard the cards of a deck are, measured by what people answered in its last matches."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import msgspec

from deck.cards import CardId, Deck
from server.core.practice import CardDifficulty, difficulty_of
from server.store.keys import LadderKeys
from server.store.ladder import PersonAnswers
from server.store.link import Link

_decoder: Final = msgspec.msgpack.Decoder(tuple[PersonAnswers, ...])
FOLD_EVERY_S: Final = 600.0
AT_A_TIME: Final = 50
"""Matches read in one turn of the event loop, which belongs to live matches."""


class Difficulties:
    """The difficulties of every deck, as last folded by this process."""

    def __init__(self, link: Link, decks: Mapping[str, Deck]) -> None:
        self._link: Final = link
        self._decks: Final = decks
        self._folded: Final[dict[str, Mapping[CardId, CardDifficulty]]] = {}
        self._folded_at: Final[dict[str, float]] = {}
        self._folding: Final[dict[str, asyncio.Lock]] = defaultdict(asyncio.Lock)

    async def of(self, deck: str, now: float) -> Mapping[CardId, CardDifficulty]:
        """Every card of a deck, in its order; `now` in monotonic seconds.

        Folded anew where that was longer ago than `FOLD_EVERY_S`, by one caller at a time;
        nobody who plays waits for it.

        Raises:
            Unavailable: Redis does not answer.
        """
        async with self._folding[deck]:
            if deck not in self._folded or now - self._folded_at[deck] >= FOLD_EVERY_S:
                self._folded[deck] = await self._fold(deck)
                self._folded_at[deck] = now
            return self._folded[deck]

    async def _fold(self, deck: str) -> Mapping[CardId, CardDifficulty]:
        """The difficulties from all that is kept, a little at a time."""
        by_card: defaultdict[CardId, list[tuple[int, bool]]] = defaultdict(list)
        stored = await self._link.call("LRANGE", LadderKeys(deck).answers, 0, -1)
        for read, match in enumerate(stored):
            for rating, cards in _decoder.decode(match):
                for card, right in cards:
                    by_card[card].append((rating, right))
            if read % AT_A_TIME == 0:
                await asyncio.sleep(0)
        found = {}
        for asked in self._decks[deck].cards:
            found[asked.id] = difficulty_of(by_card[asked.id])
            await asyncio.sleep(0)
        return found
