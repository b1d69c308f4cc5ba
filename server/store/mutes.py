"""Whose challenges a player takes: a switch for all of them, and those who are muted."""

from typing import Final

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link

MOST_MUTED: Final = 500


class TooManyMuted(Exception):  # noqa: N818 - told to the player
    """The list is full; switching all challenges off needs no list."""


class Mutes:
    """What every player of this installation wants to be asked."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link

    async def takes(self, of: PlayerId, from_: PlayerId) -> bool:
        """Whether `of` may be challenged by `from_`."""
        off = self._link.call("HGET", keys.account(of), "unchallenged")
        muted = self._link.call("ZSCORE", keys.muted(of), from_)
        return (await off) is None and (await muted) is None

    async def switch(self, player: PlayerId, *, on: bool) -> None:
        """Take challenges, or take none."""
        if on:
            await self._link.call("HDEL", keys.account(player), "unchallenged")
        else:
            await self._link.call("HSET", keys.account(player), "unchallenged", 1)

    async def is_on(self, player: PlayerId) -> bool:
        """Whether a player takes challenges at all."""
        return await self._link.call("HGET", keys.account(player), "unchallenged") is None

    async def mute(self, player: PlayerId, other: PlayerId, now_ms: int) -> None:
        """Take no challenges from `other`; the second time changes nothing.

        Raises:
            TooManyMuted: there are `MOST_MUTED` already.
        """
        if await self._link.call("ZCARD", keys.muted(player)) >= MOST_MUTED:
            raise TooManyMuted(player)
        await self._link.call("ZADD", keys.muted(player), "NX", now_ms, other)

    async def unmute(self, player: PlayerId, other: PlayerId) -> None:
        """Take them again."""
        await self._link.call("ZREM", keys.muted(player), other)

    async def muted(self, player: PlayerId) -> list[PlayerId]:
        """Who is muted, the latest first."""
        raw = await self._link.call("ZREVRANGE", keys.muted(player), 0, -1)
        return [PlayerId(other.decode()) for other in raw]

    async def forget(self, player: PlayerId) -> None:
        """Have nobody muted."""
        await self._link.call("DEL", keys.muted(player))
