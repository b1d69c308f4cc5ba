"""What a player has studied: the reviews of each card, and the schedule they come to."""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from deck.cards import CardId
from server.core.ids import PlayerId
from server.core.schedule import Review, Schedule, merge, schedule
from server.store import keys
from server.store.link import Link
from server.store.scripts import Script

MOST_REVIEWS: Final = 1_000
"""Of one card by one player: three years of one a day."""


class _Kept(Struct, frozen=True, array_like=True):
    """One card's field; the schedule stands first, as most readers want no more."""

    schedule: Schedule
    reviews: msgspec.Raw


_encode: Final = msgspec.msgpack.Encoder().encode
_kept: Final = msgspec.msgpack.Decoder(_Kept)
_reviews: Final = msgspec.msgpack.Decoder(tuple[Review, ...])


class CardFull(Exception):  # noqa: N818 - told to the player, and nothing is broken
    """A card has `MOST_REVIEWS` already; it is kept as it was."""


class Progress:
    """The reviews of every player of this installation.

    Reviews are only ever added, and a card's value is a function of the set of them: so
    devices merge, in whatever order theirs arrive, and a repeat changes nothing.
    """

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._keep: Final = Script(link, "keep_reviews")

    async def schedules(self, player: PlayerId, deck: str) -> dict[CardId, Schedule]:
        """The schedules of the cards that a player has studied."""
        raw = await self._link.call("HGETALL", keys.reviews(player, deck))
        return {
            CardId(card.decode()): _kept.decode(kept).schedule
            for card, kept in zip(raw[::2], raw[1::2], strict=True)
        }

    async def keep(
        self, player: PlayerId, deck: str, card: CardId, reviews: Sequence[Review]
    ) -> None:
        """Add reviews of one card to those that are known.

        Raises:
            CardFull: the card takes no more; none of these is kept.
            Unavailable: unknown whether they are kept; adding them again is harmless.
        """
        key = keys.reviews(player, deck)
        while True:
            before = await self._link.call("HGET", key, card) or b""
            after = _merged(before, reviews)
            if await self._keep([key], keys.REVIEWS_S, card, before, after):
                return


def _merged(before: bytes, new: Sequence[Review]) -> bytes:
    known = _reviews.decode(_kept.decode(before).reviews) if before else ()
    reviews = merge(known, new)
    if len(reviews) > max(MOST_REVIEWS, len(known)):
        raise CardFull
    folded = schedule(reviews)
    assert folded is not None
    return _encode(_Kept(folded, msgspec.Raw(_encode(reviews))))
