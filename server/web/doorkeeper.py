"""The doorkeeper: closes the open sockets of whoever has signed out, wherever he did."""

import logging
from typing import Final

from aiohttp import WSCloseCode

from server.core.ids import PlayerId
from server.play.timers import Timers
from server.store.link import Unavailable
from server.store.players import Players
from server.web.socket import Connection

log: Final = logging.getLogger(__name__)

LOOK_EVERY_MS: Final = 1_000


class Doorkeeper:
    """The signed-in connections of this process, each with the token that let it in."""

    def __init__(self, players: Players, timers: Timers) -> None:
        self._players: Final = players
        self._timers: Final = timers
        self._in: Final[dict[PlayerId, dict[Connection, str]]] = {}
        self._since = 0

    def start(self) -> None:
        """Begin to look once a second whose sessions have changed."""
        self._timers.every("doorkeeper", LOOK_EVERY_MS, self._look)

    def let_in(self, connection: Connection, token: str | None) -> None:
        """Remember by which token a connection came in; nobody's needs none."""
        if connection.account is not None and token is not None:
            self._in.setdefault(connection.account.id, {})[connection] = token

    def let_out(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        if connection.account is not None:
            player = connection.account.id
            inside = self._in.get(player, {})
            inside.pop(connection, None)
            if not inside:
                self._in.pop(player, None)

    async def check(self, player: PlayerId) -> None:
        """Close a player's sockets whose session is over; the others learn his name anew.

        Raises:
            Unavailable: Redis does not answer; the next look comes to it.
        """
        for connection, token in tuple(self._in.get(player, {}).items()):
            account = await self._players.signed_in(token)
            if account is None:
                self._show_out(connection)
            else:
                connection.account = account

    def _show_out(self, connection: Connection) -> None:
        """Without waiting for the other side, which may not answer."""
        self._timers.soon(lambda: connection.close(WSCloseCode.GOING_AWAY))

    async def _look(self) -> None:
        try:
            since, changed = await self._players.sessions.changes(self._since)
            for player in changed:
                await self.check(player)
            self._since = since
        except Unavailable as error:
            log.warning("Redis does not answer: %s", error)
