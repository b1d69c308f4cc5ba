"""The leaderboards: read for a page, and pushed to those who watch one."""

from typing import Final

from server.core.ids import PlayerId
from server.core.period import Period
from server.play.listener import Listener
from server.play.timers import Timers
from server.play.views import ladder_row
from server.store.ladder import BoardRow, Ladder
from server.store.link import Unavailable
from server.store.players import Players
from server.wire.codec import Frame
from server.wire.messages import Ladder as LadderMessage
from server.wire.messages import LadderRow

TOP: Final = 10
EACH_WAY: Final = 5
AT_MOST_EVERY_MS: Final = 1_000


class Ladders:
    """The ladders of all decks, and their watchers at this process.

    The board is looked at once a second while anyone watches it, whichever process
    moved it, so no watcher gets more than one `ladder` a second.
    """

    def __init__(self, ladders: dict[str, Ladder], players: Players, timers: Timers) -> None:
        self._ladders: Final = ladders
        self._players: Final = players
        self._timers: Final = timers
        self._watchers: Final[dict[str, set[Listener]]] = {}
        self._seen: Final[dict[str, int]] = {}

    async def rows(self, board: list[BoardRow]) -> list[LadderRow]:
        """Rows of a board with their players' names."""
        names = await self._players.names([row.player for row in board])
        return [ladder_row(row, name) for row, name in zip(board, names, strict=True)]

    async def top(
        self, deck: str, limit: int = TOP, offset: int = 0, period: Period = Period.ALL
    ) -> list[LadderRow]:
        """The rows of a deck's board from an offset on."""
        return await self.rows(await self._ladders[deck].top(limit, offset, period))

    async def around(self, deck: str, player: PlayerId) -> list[LadderRow]:
        """A player with the five above and below; empty if not on the board."""
        return await self.rows(await self._ladders[deck].around(player, EACH_WAY))

    async def place(self, deck: str, player: PlayerId, period: Period) -> int | None:
        """How many rows of a deck's board stand above a player's; None if not on it."""
        return await self._ladders[deck].place(player, period)

    async def rated_players(self, deck: str, period: Period = Period.ALL) -> int:
        """How many players stand on a deck's board."""
        return await self._ladders[deck].rated_players(period)

    async def watch(self, deck: str, listener: Listener) -> LadderMessage:
        """Send this listener the top 10 whenever it changes; the one to send now.

        Raises:
            Unavailable: Redis does not answer; nothing is watched.
        """
        seen = await self._ladders[deck].changes()
        message = await self._message(deck)
        watchers = self._watchers.setdefault(deck, set())
        if not watchers:
            self._seen[deck] = seen
            self._timers.after(("ladder", deck), AT_MOST_EVERY_MS, lambda: self._look(deck))
        watchers.add(listener)
        return message

    def unwatch(self, deck: str, listener: Listener) -> None:
        """Stop sending; the board is no longer looked at when nobody watches."""
        watchers = self._watchers.get(deck, set())
        watchers.discard(listener)
        if not watchers:
            self._timers.cancel(("ladder", deck))

    async def _look(self, deck: str) -> None:
        watchers = self._watchers.get(deck, set())
        if watchers:
            self._timers.after(("ladder", deck), AT_MOST_EVERY_MS, lambda: self._look(deck))
        try:
            changes = await self._ladders[deck].changes()
            if watchers and changes != self._seen.get(deck):
                frame = Frame(await self._message(deck))
                self._seen[deck] = changes
                for listener in tuple(watchers):
                    listener.send(frame)
        except Unavailable:
            pass  # seen at the next look

    async def _message(self, deck: str) -> LadderMessage:
        return LadderMessage(deck=deck, top=tuple(await self.top(deck)))
