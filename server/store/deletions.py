"""Which players are being deleted, so that whoever begins it need not live to its end."""

from typing import Final

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link, time_ms
from server.store.scripts import Script

PUSH_MS: Final = 30_000
"""A deletion that is not done in so long is gone on with by whoever looks next."""


class Deletions:
    """The deletions of this installation that are not done."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._take_due: Final = Script(link, "take_due")

    async def begin(self, player: PlayerId) -> None:
        """Note that a player is to be deleted."""
        at = time_ms(await self._link.call("TIME")) + PUSH_MS
        await self._link.call("ZADD", keys.DELETING, at, player)

    async def due(self, limit: int) -> list[PlayerId]:
        """Deletions that nobody has gone on with for a while; now the caller does."""
        _, found = await self._take_due([keys.DELETING], limit, PUSH_MS)
        return [PlayerId(raw.decode()) for raw in found]

    async def forget_challenges(self, player: PlayerId) -> None:
        """Forget which challenges were open by and to a player, and how many he has offered."""
        await self._link.call("DEL", keys.challenges(player), keys.offered(player))

    async def done(self, player: PlayerId) -> None:
        """Strike a player off."""
        await self._link.call("ZREM", keys.DELETING, player)
