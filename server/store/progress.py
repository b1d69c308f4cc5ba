"""What a player has studied: the reviews of each card, and the schedule they come to."""

import asyncio
from collections.abc import Sequence
from typing import Final
from weakref import WeakValueDictionary

import msgspec

from deck.cards import CardId
from server.core.ids import PlayerId
from server.core.schedule import History, Review, Schedule, add
from server.store import keys
from server.store.link import Link, time_ms
from server.store.scripts import Script

_encode: Final = msgspec.msgpack.Encoder().encode
_schedule: Final = msgspec.msgpack.Decoder(Schedule)
_history: Final = msgspec.msgpack.Decoder(History)


class Progress:
    """The reviews of every player of this installation.

    Reviews are only ever added, and a card's value is a function of the set of them: so
    devices merge, in whatever order theirs arrive, and a repeat changes nothing.
    """

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._keep: Final = Script(link, "keep_reviews")
        self._turns: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()

    async def now(self) -> int:
        """The time of Redis, ms since 1970: the clock by which settlements are dated too."""
        return time_ms(await self._link.call("TIME"))

    async def schedules(self, player: PlayerId, deck: str) -> dict[CardId, Schedule]:
        """The schedules of the cards that a player has studied."""
        raw = await self._link.call("HGETALL", keys.schedules(player, deck))
        return {
            CardId(card.decode()): _schedule.decode(known)
            for card, known in zip(raw[::2], raw[1::2], strict=True)
        }

    async def keep(
        self, player: PlayerId, deck: str, card: CardId, reviews: Sequence[Review]
    ) -> None:
        """Add reviews of one card to those that are known.

        Raises:
            Unavailable: unknown whether they are kept; adding them again is harmless.
        """
        places = [keys.reviews(player, deck), keys.schedules(player, deck)]
        # In this process one at a time, or all but one would have folded for nothing.
        async with self._turns.setdefault(places[0], asyncio.Lock()):
            while True:
                before = await self._link.call("HGET", places[0], card) or b""
                known = _history.decode(before) if before else History()
                history = add(known, reviews)
                if history == known:
                    return
                stored = _encode(history), _encode(history.schedule)
                if await self._keep(places, keys.REVIEWS_S, card, before, *stored):
                    return

    async def take_over(self, guest: PlayerId, player: PlayerId, deck: str) -> None:
        """Add what a guest has studied of a deck to what a player has.

        Of a card with more than a hundred reviews only the latest, which stand word by word.
        """
        raw = await self._link.call("HGETALL", keys.reviews(guest, deck))
        for card, stored in zip(raw[::2], raw[1::2], strict=True):
            reviews = _history.decode(stored).reviews
            await self.keep(player, deck, CardId(card.decode()), reviews)

    async def forget(self, player: PlayerId, deck: str) -> None:
        """Forget what a player has studied of a deck."""
        await self._link.call("DEL", keys.reviews(player, deck), keys.schedules(player, deck))
