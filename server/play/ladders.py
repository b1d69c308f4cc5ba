"""The leaderboards: read for a page, and pushed to those who watch one."""

from collections.abc import Sequence
from typing import Final

from server.core.ids import PlayerId
from server.core.period import Period
from server.play.listener import Listener
from server.play.timers import Timers
from server.play.views import ladder_row
from server.play.watch import Watch
from server.store.ladder import BoardRow, Ladder
from server.store.players import Players
from server.wire.messages import Ladder as LadderMessage
from server.wire.messages import LadderRow

TOP: Final = 10
EACH_WAY: Final = 5
AT_MOST_EVERY_MS: Final = 1_000


class Ladders:
    """The ladders of all decks, and their watchers at this process."""

    def __init__(self, ladders: dict[str, Ladder], players: Players, timers: Timers) -> None:
        self._ladders: Final = ladders
        self._players: Final = players
        self._read: Final[dict[str, tuple[int, LadderMessage]]] = {}
        self._watch: Final = Watch(
            "ladders", self._look, timers, pause_ms=AT_MOST_EVERY_MS, dear=False
        )

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
        return await self._watch.add(deck, listener)

    def unwatch(self, deck: str, listener: Listener) -> None:
        """Stop sending."""
        self._watch.remove(deck, listener)

    async def _look(self, decks: Sequence[str]) -> list[LadderMessage]:
        return [await self._message(deck) for deck in decks]

    async def _message(self, deck: str) -> LadderMessage:
        """The top 10 of a deck, read anew where its board has moved."""
        changes = await self._ladders[deck].changes()
        before, message = self._read.get(deck, (None, None))
        if message is None or changes != before:
            message = LadderMessage(deck=deck, top=tuple(await self.top(deck)))
            self._read[deck] = changes, message
        return message
