"""The live matches of practice opponents, which nothing holds: found again after a restart."""

import asyncio
from collections.abc import Iterable
from typing import Final

from server.core.events import Player
from server.core.ids import MatchId, PlayerId
from server.store import keys
from server.store.link import Link


class Practised:
    """Which matches each practice opponent is in."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link

    async def add(self, players: Iterable[Player], match: MatchId) -> None:
        """A match begins; those of the players who are no practice opponents are left out."""
        await self._each("SADD", players, match)

    async def remove(self, players: Iterable[Player], match: MatchId) -> None:
        """A match is settled."""
        await self._each("SREM", players, match)

    async def strike(self, player: PlayerId, match: MatchId) -> None:
        """A match is none of a practice opponent's any more."""
        await self._link.call("SREM", keys.matches(player), match)

    async def of(self, player: PlayerId) -> list[MatchId]:
        """The matches that a practice opponent is in."""
        found = await self._link.call("SMEMBERS", keys.matches(player))
        return [MatchId(match.decode()) for match in sorted(found)]

    async def _each(self, verb: str, players: Iterable[Player], match: MatchId) -> None:
        await asyncio.gather(
            *(
                self._link.call(verb, keys.matches(player.id), match)
                for player in players
                if player.practice
            )
        )
