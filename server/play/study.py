"""What a player has studied and lost in duels, joined: their progress in a deck."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from deck.cards import CardId, Deck
from server.core.ids import PlayerId
from server.core.schedule import CardProgress, Queued, Review, queue
from server.store.ladder import Ladder
from server.store.progress import Progress


class DeckProgress(Struct, frozen=True):
    """A player's progress in one deck; instants in ms since 1970.

    `cards` has only those with a review or a duel, in deck order. `next_due_at` is the first
    instant at which a card that is not in the queue will be due, None where there is none.
    """

    now: int
    cards: tuple[CardProgress, ...]
    queue: tuple[Queued, ...]
    next_due_at: int | None


class Study:
    """Reviews in, progress out, for every deck."""

    def __init__(
        self, decks: dict[str, Deck], boards: dict[str, Ladder], progress: Progress
    ) -> None:
        self._decks: Final = decks
        self._boards: Final = boards
        self._progress: Final = progress

    async def progress(self, deck: str, player: PlayerId | None) -> DeckProgress:
        """Where a player stands in a deck; for nobody, as for somebody new."""
        known: dict[CardId, CardProgress] = {}
        if player is None:
            now = await self._progress.now()
        else:
            now, known = await asyncio.gather(self._progress.now(), self._known(deck, player))
        ids = [card.id for card in self._decks[deck].cards]
        waiting = queue(ids, known, now)
        queued = {card.card for card in waiting}
        due = [
            card.schedule.due_at
            for card in known.values()
            if card.schedule is not None and card.card not in queued
        ]
        return DeckProgress(
            now=now,
            cards=tuple(known[card] for card in ids if card in known),
            queue=tuple(waiting),
            next_due_at=min(due, default=None),
        )

    async def keep(
        self, deck: str, player: PlayerId, reviews: Mapping[CardId, Sequence[Review]]
    ) -> None:
        """Keep reviews by card; an instant later than now counts as now.

        Raises:
            Unavailable: unknown which are kept; keeping them again is harmless.
        """
        now = await self._progress.now()
        for card, of_card in reviews.items():
            past = [replace(review, at=min(review.at, now)) for review in of_card]
            await self._progress.keep(player, deck, card, past)

    async def _known(self, deck: str, player: PlayerId) -> dict[CardId, CardProgress]:
        schedules, duels = await asyncio.gather(
            self._progress.schedules(player, deck), self._boards[deck].card_duels(player)
        )
        found: dict[CardId, CardProgress] = {
            card: CardProgress(card, known) for card, known in schedules.items()
        }
        for card, rounds in duels.items():
            found[card] = replace(
                found.get(card, CardProgress(card)),
                won=rounds.won,
                lost=rounds.lost,
                lost_at=rounds.lost_at,
            )
        in_deck = {card.id for card in self._decks[deck].cards}
        return {card: known for card, known in found.items() if card in in_deck}
